// SPDX-License-Identifier: GPL-2.0
/* What the network around esp_nat is like: sockets, routes. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "nl.h"
#include "sock.h"
#include "tunable.h"

/* ---- sockets ---- */

/**
 * struct diag_ports - who is where
 * @nat: sockets on nat_port
 * @encap: how many of them set UDP_ENCAP
 * @ike: sockets on ike_port
 * @own: own sockets
 */
struct diag_ports {
	unsigned int	nat;
	unsigned int	encap;
	unsigned int	ike;
	unsigned int	own;
};

static bool diag_see_socket(const struct nlattr **msg, void *data)
{
	struct diag_ports *ports = data;
	struct sock sock;

	if (!sock_read(msg, &sock))
		return true;
	if (sock.own) {
		ports->own++;
	} else if (sock.local.port == tunable_number("nat_port")) {
		ports->nat++;
		ports->encap += sock.encap;
	} else {
		ports->ike++;
	}
	return true;
}

static void diag_nat_port(const struct diag_ports *ports)
{
	long port = tunable_number("nat_port");

	if (ports->nat && ports->encap == ports->nat)
		diag_say(DIAG_OK, "nat_port", "",
			 "UDP port %ld is a daemon's, which takes ESP", port);
	else if (ports->nat)
		diag_say(DIAG_FAIL, "nat_port",
			 "ss -lnup shows who; another program is there, or the daemon was told not to negotiate NAT-T",
			 "%u of %u sockets on UDP port %ld do not set UDP_ENCAP: ESP is lost there",
			 ports->nat - ports->encap, ports->nat, port);
	else if (ports->own)
		diag_say(DIAG_OK, "nat_port", "",
			 "UDP port %ld is esp_nat's own", port);
	else
		diag_say(DIAG_FAIL, "nat_port",
			 "start the IKE daemon, or sysctl net.esp_nat.listen=1",
			 "nobody is on UDP port %ld: ESP of clients behind NAT is lost",
			 port);
}

/**
 * diag_sockets() - is an IKE daemon there?
 */
void diag_sockets(void)
{
	struct diag_ports ports = { };
	int err;

	err = nl_ask(nl_begin(ESP_NAT_CMD_SOCKET_GET, NLM_F_DUMP),
		     diag_see_socket, &ports);
	if (err) {
		diag_say(DIAG_WARN, "sockets", "run it as root",
			 "they cannot be looked at: %s", strerror(-err));
		return;
	}
	if (ports.ike)
		diag_say(DIAG_OK, "ike_port", "", "an IKE daemon is there");
	else
		diag_say(DIAG_FAIL, "ike_port",
			 "systemctl start strongswan, ipsec or iked",
			 "nobody is on UDP port %ld: no IKE daemon runs",
			 tunable_number("ike_port"));
	diag_nat_port(&ports);
}

/* ---- routes ---- */

static bool diag_default_device(char *device)
{
	FILE *route = fopen("/proc/net/route", "r");
	unsigned int to, mask;
	char line[256];
	bool found = false;

	while (route && !found && fgets(line, sizeof(line), route))
		found = sscanf(line, "%31s %x %*x %*x %*d %*d %*d %x", device,
			       &to, &mask) == 3 && !to && !mask;
	if (route)
		fclose(route);
	return found;
}

/* Asked of ip(8): /sys shows the devices of the namespace it was mounted in. */
static void diag_mtu(const char *device)
{
	const char * const argv[] = {
		"ip", "-o", "link", "show", "dev", device, NULL
	};
	char said[4096], *at;
	long mtu;

	if (!diag_run(argv, said, sizeof(said)))
		return;
	at = strstr(said, " mtu ");
	if (!at)
		return;
	mtu = atol(at + 5);
	if (mtu < 1400)
		diag_say(DIAG_WARN, "mtu",
			 "raise it, or have pppd use an mtu and mru of 1200",
			 "%s, the default route's device, carries %ld bytes only",
			 device, mtu);
	else
		diag_say(DIAG_OK, "mtu", "", "%s carries %ld bytes", device, mtu);
}

static void diag_ipvlan(void)
{
	static const char * const argv[] = {
		"ip", "-d", "-o", "link", "show", "type", "ipvlan", NULL
	};
	char said[4096];

	if (diag_run(argv, said, sizeof(said)) && strstr(said, "mode l3"))
		diag_say(DIAG_WARN, "ipvlan",
			 "use ipvlan in L2 mode, macvlan or veth",
			 "there is an ipvlan device in L3 mode, which esp_nat does not support");
}

/* Aliases leave by the default route, so a strict filter expects them there. */
static void diag_rp_filter(const char *device)
{
	char path[128], text[32] = "0", all[32] = "0";

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/conf/%.31s/rp_filter",
		 device);
	tunable_file(path, text, sizeof(text));
	tunable_file("/proc/sys/net/ipv4/conf/all/rp_filter", all, sizeof(all));
	diag_say(DIAG_OK, "rp_filter", "", *text == '1' || *all == '1' ?
		 "strict, which does no harm: packets under an SA are not subject to it" :
		 "not strict");
}

static void diag_overlap(uint32_t pool, uint32_t mask)
{
	static const char * const argv[] = {
		"ip", "-o", "-4", "addr", "show", NULL
	};
	char said[65536], *at = said, addr[32], device[32];
	unsigned int len;
	struct ep ep;
	int found;

	if (!diag_run(argv, said, sizeof(said)))
		return;
	for (; at; at = strchr(at + 1, '\n')) {
		found = sscanf(at, " %*d: %31s inet %31[0-9.]/%u", device, addr,
			       &len);
		if (found < 2 || !ep_parse(addr, &ep))
			continue;
		if (found == 2 || len > 32)
			len = 32;
		if ((ntohl(ep.in.s_addr) ^ pool) & mask &
		    (uint32_t)(0xffffffffULL << (32 - len)))
			continue;
		diag_say(DIAG_FAIL, "overlap",
			 "sysctl net.esp_nat.alias_pool4=PREFIX, one that no network has",
			 "%s/%u, the network of %s, and the pool of aliases overlap",
			 addr, len, device);
		return;
	}
	diag_say(DIAG_OK, "overlap", "",
		 "no network of this host has addresses of the pool");
}

/* Packets to an alias are routed before they are rewritten. */
static void diag_way(const char *alias)
{
	const char * const argv[] = {
		"ip", "-o", "-4", "route", "get", alias, NULL
	};
	char said[4096], device[32] = "lo";
	const char *at;

	at = diag_run(argv, said, sizeof(said)) ? strstr(said, " dev ") : NULL;
	if (at)
		sscanf(at, " dev %31s", device);
	if (strcmp(device, "lo"))
		diag_say(DIAG_OK, "route", "", "aliases are routed to %s",
			 device);
	else
		diag_say(DIAG_FAIL, "route",
			 "ip route add POOL via GATEWAY, the clients' gateway, or a default route",
			 "there is no way out to %s, the first address of the pool of aliases",
			 alias);
}

/**
 * diag_aliases() - does a pool of aliases fit into this network?
 * @first: its first address
 * @mask: its mask, host byte order
 */
void diag_aliases(const struct ep *first, uint32_t mask)
{
	char alias[INET_ADDRSTRLEN];

	diag_overlap(ntohl(first->in.s_addr), mask);
	if (inet_ntop(AF_INET, &first->in, alias, sizeof(alias)))
		diag_way(alias);
}

/**
 * diag_routes() - the way to the clients
 */
void diag_routes(void)
{
	char device[32];

	if (diag_default_device(device)) {
		diag_mtu(device);
		diag_rp_filter(device);
	}
	diag_ipvlan();
}
