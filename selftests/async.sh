#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Asynchronous crypto: the tests of the data path once more, with every SA on
# cryptd, then on pcrypt.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# Each of the scripts loads and unloads the module itself.
NO_MODULE=1 NO_AUDIT=1
# shellcheck disable=SC2119
begin
need /usr/bin/python3
here=$(dirname "$(realpath "$0")")

# crypto is there for this kernel?
instance()
{
	modprobe -qa "$1" crypto_user authenc gcm seqiv
	"$here/tools/crypto.py" add "$1" 'rfc4106(gcm(aes))' &&
	"$here/tools/crypto.py" del "$1" 'rfc4106(gcm(aes))'
}

# The script says itself whether its SAs were on it.
script()
{
	CRYPTO=$1 ONLY='' "$here/$2"
}

for template in cryptd pcrypt; do
	check "$template comes and goes" instance $template
	for name in believe clients gro nats pmtu stray; do
		check "$template: $name.sh" script $template $name.sh
	done
done
finish
