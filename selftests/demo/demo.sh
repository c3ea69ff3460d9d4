#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Show it: several L2TP/IPsec clients behind one NAT, real daemons, a stock
# Debian kernel; once without and once with esp_nat, side by side.
#
#	demo.sh [CLIENTS=2..20] [IKE=strongswan|libreswan] [KERNEL=name in vm/kernels]
#
# Succeeds only if with esp_nat every client is up at the same time and nothing
# went in the clear.
set -eu -o pipefail

here=$(realpath "$(dirname "$0")")
top=$(realpath "$here/../..")

CLIENTS=${CLIENTS:-2} IKE=${IKE:-strongswan} KERNEL=${KERNEL:-6.12}
for arg; do
	case $arg in
	CLIENTS=* | IKE=* | KERNEL=*) declare "$arg" ;;
	*) echo "usage: demo.sh [CLIENTS=2..20] [IKE=strongswan|libreswan] [KERNEL=6.1|6.12|7.3...]" >&2; exit 2 ;;
	esac
done

die() {
	echo "demo: $*" >&2
	exit 2
}

case $CLIENTS in
[2-9] | 1[0-9] | 20) ;;
*) die "CLIENTS=$CLIENTS: from 2 to 20" ;;
esac
case $IKE in
strongswan | libreswan) ;;
*) die "IKE=$IKE: strongswan or libreswan" ;;
esac
"$top/selftests/vm/kernel" --names | grep -qxF "$KERNEL" ||
	die "KERNEL=$KERNEL: one of $("$top/selftests/vm/kernel" --names | tr '\n' ' ')"
[ "$(id -u)" -eq 0 ] || die "must be root"

step() {
	printf '\n[%3d s] %s\n' "$SECONDS" "$*"
}

step "installing what is missing"
"$top/selftests/deps.sh" vm build tools daemons
make -s -C "$top/tools"
"$top/selftests/vm/daemons" "$("$top/selftests/vm/kernel" --root "$KERNEL")" >/dev/null

results=$(mktemp -d /tmp/esp_nat-demo.XXXXXX)
trap 'rm -rf "$results"' EXIT

step "building the module for Linux $KERNEL, booting a virtual machine"
status=0
"$top/selftests/vm/run" --kernel "$KERNEL" --module \
	--time $((600 + 90 * CLIENTS)) --results "$results" -- \
	"$here/compare.sh" "$CLIENTS" "$IKE" || status=$?

step "$CLIENTS clients behind one NAT, $IKE and xl2tpd, Linux $(cat "$results/kernel" 2>/dev/null || echo "$KERNEL")"
if [ ! -s "$results/without/result" ] || [ ! -s "$results/with/result" ]; then
	die "the virtual machine did not get through both runs (status $status)"
fi
echo
"$here/table.py" "$results/without/result" "$results/with/result" || exit 1
step "what espnat shows of the server"
cat "$results/with/result.espnat"
[ "$status" -eq 0 ] || die "the virtual machine reports status $status"
