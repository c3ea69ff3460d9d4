# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The daemons that vm/daemons unpacked, laid over /usr of the virtual machine,
# which is thrown away when it powers off.

# daemons_install: all of them; again is nothing.
daemons_install() {
	local dir name modules
	modules=/usr/lib/modules/$(uname -r)
	dir=$(realpath "$SELFTESTS/..")/.cache/daemons/${DAEMONS:-here}

	[ ! -e /run/interop-daemons ] || return 0
	# The machine's own root must never be meant.
	[ "$(stat -f -c %T /)" = overlayfs ] || {
		note "the root is no overlay: not inside the virtual machine?"
		return 1
	}
	for name in libreswan strongswan; do
		[ -d "$dir/$name/usr" ] || {
			note "$dir/$name is missing; selftests/vm/daemons fetches it"
			return 1
		}
		tar -C "$dir/$name/etc" -cf - . | tar -C /etc -xf -
	done
	# What is mounted below /usr, the kernel's modules, would not show.
	mkdir -p /run/interop-modules
	! mountpoint -q "$modules" ||
		mount --bind "$modules" /run/interop-modules || return 1
	mount -t overlay -o "lowerdir=$dir/libreswan/usr:$dir/strongswan/usr:/usr" \
		daemons /usr || return 1
	! mountpoint -q /run/interop-modules ||
		mount --bind /run/interop-modules "$modules" || return 1
	modprobe -a l2tp_ppp ppp_async esp4 xfrm_user || return 1
	: >/run/interop-daemons
}
