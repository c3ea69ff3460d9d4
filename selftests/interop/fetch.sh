#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fetch the daemons that the scenarios run, and unpack them below
# .cache/daemons; nothing is installed and no service starts. strongSwan and
# libreswan, whose packages exclude each other, lie side by side there:
#
#	.cache/daemons/strongswan/   strongSwan, xl2tpd, pppd, openiked
#	.cache/daemons/libreswan/    libreswan
#
# each with the libraries that this machine lacks. daemons_install (daemons.sh)
# lays them over /usr of the virtual machine.
set -eu -o pipefail

top=$(realpath "$(dirname "$0")/../..")
cache=$top/.cache/daemons

strongswan='strongswan-charon strongswan-swanctl
	libstrongswan-standard-plugins libcharon-extra-plugins
	xl2tpd ppp openiked'
libreswan='libreswan'

# What is left out of the status given to apt, so that it fetches these even
# where they are installed, and sees no conflict between them.
daemons="$strongswan $libreswan strongswan strongswan-starter
	strongswan-libcharon libstrongswan libstrongswan-extra-plugins
	libcharon-extauth-plugins libnss3-tools charon-systemd charon-cmd
	strongswan-nm strongswan-pki"

say() {
	echo "interop/fetch: $*" >&2
}

status_without_daemons() {
	awk -v RS= -v ORS='\n\n' -v drop="$daemons" '
		BEGIN { n = split(drop, list); for (i = 1; i <= n; i++) gone[list[i]] = 1 }
		{ split($0, lines, "\n"); sub(/^Package: /, "", lines[1]) }
		!(lines[1] in gone)' /var/lib/dpkg/status
}

# download DIRECTORY PACKAGE...: with what they depend on.
download() {
	local dir=$1

	shift
	apt-get -qq -y --download-only --no-install-recommends \
		-o Dir::State::status="$dir/status" \
		-o Dir::Cache::archives="$dir/archives" \
		-o APT::Keep-Downloaded-Packages=true \
		install "$@" >"$dir/apt.log" 2>&1
}

# fetch NAME PACKAGE...
fetch() {
	local name=$1 tmp deb part

	shift
	# Complete as long as it is this list that was fetched.
	if [ "$(cat "$cache/$name.list" 2>/dev/null)" = "$*" ]; then
		return
	fi
	say "fetching $name"
	tmp=$(mktemp -d "$cache/tmp.XXXXXX")
	mkdir -p "$tmp/archives/partial" "$tmp/root"
	status_without_daemons >"$tmp/status"
	if ! download "$tmp" "$@"; then
		apt-get -qq update >&2
		download "$tmp" "$@" || {
			cat "$tmp/apt.log" >&2
			rm -rf "$tmp"
			say "cannot download $name"
			return 1
		}
	fi
	for deb in "$tmp"/archives/*.deb; do
		dpkg -x "$deb" "$tmp/root"
	done
	# All in /usr, as on a machine whose /bin, /lib and /sbin are links.
	for part in bin lib lib64 sbin; do
		[ ! -d "$tmp/root/$part" ] || {
			mkdir -p "$tmp/root/usr/$part"
			cp -a "$tmp/root/$part/." "$tmp/root/usr/$part/"
		}
	done
	mkdir -p "$tmp/root/etc"
	rm -rf "${cache:?}/$name"
	mv "$tmp/root" "$cache/$name"
	rm -rf "$tmp"
	echo "$*" >"$cache/$name.list"
}

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
# shellcheck disable=SC2086
fetch strongswan $strongswan
# shellcheck disable=SC2086
fetch libreswan $libreswan
