#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Asynchronous crypto: the tests of the data path once more, with every SA on
# cryptd or on pcrypt: of each two clients one on either.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

# Each of the scripts loads and unloads the module itself.
NO_MODULE=1 NO_AUDIT=1
# shellcheck disable=SC2119
begin
need /usr/bin/python3

# crypto is there for this kernel?
instance()
{
	modprobe -qa "$1" crypto_user authenc gcm seqiv
	"$SELFTESTS/tools/crypto.py" add "$1" "$2" &&
	"$SELFTESTS/tools/crypto.py" del "$1" "$2"
}

# The script says itself whether its SAs were on both.
script()
{
	CRYPTO=1 CROWD=4 ONLY='' "$SELFTESTS/$1"
}

check "cryptd comes and goes" instance cryptd 'rfc4106(gcm(aes))'
check "pcrypt comes and goes" instance pcrypt 'rfc4543(gcm(aes))'
for name in life/believe data/clients data/gro data/nats data/pmtu ike/stray; do
	check "$name.sh" script $name.sh
done
finish
