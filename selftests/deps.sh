#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Install what a part of the tests needs, on Debian 12, as root. Quiet when
# nothing is missing.
#
#   deps.sh vm|build|root|arch|tools|ynl|style|unit|fuzz|daemons|kernel|kselftests...

set -eu -o pipefail

vm='qemu-system-x86 busybox-static kmod cpio xz-utils zstd iproute2 procps'
build='make gcc bc libelf-dev pahole'
tools='make gcc libc6-dev libmnl-dev libjansson-dev'
ynl='python3-yaml python3-jsonschema'
style='shellcheck sparse perl python3'
unit='make gcc libc6-dev libmnl-dev libjansson-dev'
fuzz='make clang-14 libclang-rt-14-dev llvm-14'
root='debootstrap'
# A machine of another architecture.
arch='qemu-system-arm debootstrap'
kernel='patch flex bison libssl-dev xz-utils'
# What the kernel's own selftests run, and build.
kselftests='gcc libc6-dev clang-14 libbpf-dev xz-utils iproute2 iputils-ping
	iptables nftables conntrack iperf3 socat ethtool procps'
# The daemons themselves are unpacked, not installed: vm/daemons.
daemons='iproute2 iputils-ping nftables conntrack tcpdump ethtool socat python3
	util-linux procps kmod openssl'

here=$(realpath "$(dirname "$0")")
want=''
for part in "$@"; do
	case $part in
	vm) want+=" $vm" ;;
	build) want+=" $build" ;;
	tools) want+=" $tools" ;;
	ynl) want+=" $ynl" ;;
	style) want+=" $style $build" ;;
	unit) want+=" $unit" ;;
	fuzz) want+=" $fuzz" ;;
	root) want+=" $root" ;;
	arch) want+=" $arch" ;;
	kernel) want+=" $build $kernel" ;;
	kselftests) want+=" $kselftests" ;;
	daemons) want+=" $daemons" ;;
	*) echo "deps.sh: no such part: $part" >&2; exit 2 ;;
	esac
done

installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' |
	sed -n 's/^ii *//p')
missing=''
# shellcheck disable=SC2086 # words on purpose
for p in $(printf '%s\n' $want | sort -u); do
	grep -qxF "$p" <<<"$installed" || missing+=" $p"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
	echo "deps.sh: missing, and only root can install:$missing" >&2
	exit 1
fi
# One at a time: apt-get would not wait for another.
exec 9<"$here/deps.sh"
flock 9
echo "deps.sh: installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
# No daemon is to start on this machine because a package brings it.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	printf '#!/bin/sh\nexit 101\n' >$policy
	chmod +x $policy
	trap 'rm -f $policy' EXIT
fi
# shellcheck disable=SC2086
apt-get -qq install -y --no-install-recommends $missing >&2 ||
	{ apt-get -qq update >&2 &&
	  apt-get -qq install -y --no-install-recommends $missing >&2; }
