# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The server's own socket.

own_listen() { in_ns srv sysctl -qw net.esp_nat.listen=1; }

# own_bound: the IKE daemon's sockets.
own_bound() {
	in_ns srv ss -Huan | awk '{ print $4 }' | grep -E ':(500|4500)$' | sort
}

# own_bound_to PORT: some are of this one.
own_bound_to() {
	own_bound | grep ":$1\$"
}

# own_only_500: the daemon has that, and nobody 4500.
own_only_500() {
	own_bound_to 500 && ! own_bound_to 4500
}

# own_served N PACKETS: N clients' IKE, and so many packets each way.
own_served() {
	echo "in_own $(stat_of srv in_own), in_own_ike $(stat_of srv in_own_ike)," \
		"out_own $(stat_of srv out_own)"
	[ "$(stat_of srv in_own_ike)" -ge "$1" ] &&
		[ "$(stat_of srv in_own)" -ge "$2" ] &&
		[ "$(stat_of srv out_own)" -ge "$1" ]
}
