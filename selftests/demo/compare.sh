#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The same scene without and with the module, in one virtual machine.
#
#	compare.sh CLIENTS strongswan|libreswan
set -u

here=$(dirname "$0")
uname -r >"$RESULTS/kernel"

run() {
	local dir=$RESULTS/$1

	shift
	mkdir -p "$dir"
	RESULTS=$dir "$here/scene.sh" "$@" "$dir/result"
}

echo
echo "--- without esp_nat"
run without "$@" || exit 1
echo
echo "--- with esp_nat"
insmod "$ESP_NAT_KO" || exit 1
run with "$@" || exit 1
