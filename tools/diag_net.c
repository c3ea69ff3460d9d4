// SPDX-License-Identifier: GPL-2.0
/* Checks of the network: sockets, addresses, routes. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctx.h"
#include "diag_net.h"
#include "finding.h"
#include "nl.h"
#include "sock.h"
#include "program.h"
#include "tunable.h"

/* Clients whose answers' source is looked at: each asks the kernel for a route. */
#define DIAG_SOURCES	8

/* ---- sockets ---- */

/**
 * struct diag_ports - sockets on the ports of IKE
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
		finding_say(FINDING_OK, "nat_port", "",
			    "an IKE daemon is on UDP port %ld and takes ESP", port);
	else if (ports->nat)
		finding_say(FINDING_FAIL, "nat_port",
			    "another program has the port (ss -lnup), or the daemon is configured without NAT-T",
			    "%u of %u sockets on UDP port %ld do not set UDP_ENCAP: ESP is lost there",
			    ports->nat - ports->encap, ports->nat, port);
	else if (ports->own)
		finding_say(FINDING_OK, "nat_port", "",
			    "the own socket of esp_nat is on UDP port %ld", port);
	else
		finding_say(FINDING_FAIL, "nat_port",
			    "start the IKE daemon, or sysctl net.esp_nat.listen=1",
			    "no process is on UDP port %ld: ESP of clients behind NAT is lost",
			    port);
}

/**
 * diag_sockets() - check whether an IKE daemon runs
 */
void diag_sockets(void)
{
	struct diag_ports ports = { };
	int err;

	err = nl_ask(nl_begin(ESP_NAT_CMD_SOCKET_GET, NLM_F_DUMP),
		     diag_see_socket, &ports);
	if (err) {
		finding_say(FINDING_WARN, "sockets", "run it as root",
			    "the sockets cannot be listed: %s", strerror(-err));
		return;
	}
	if (ports.ike)
		finding_say(FINDING_OK, "ike_port", "", "an IKE daemon is on UDP port %ld",
			    tunable_number("ike_port"));
	else
		finding_say(FINDING_FAIL, "ike_port",
			    "systemctl start strongswan, ipsec or iked",
			    "no process is on UDP port %ld: no IKE daemon runs",
			    tunable_number("ike_port"));
	diag_nat_port(&ports);
}

/* ---- routes ---- */

/**
 * diag_default_device() - the device of the default route
 * @device: receives its name, 32 bytes
 *
 * Return: false if there is no default route.
 */
bool diag_default_device(char *device)
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

/* ip(8) is asked, since /sys shows the namespace in which it was mounted. */
static void diag_mtu(const char *device)
{
	const char * const argv[] = {
		"ip", "-o", "link", "show", "dev", device, NULL
	};
	char said[4096], *at;
	long mtu;

	if (!program_run(argv, said, sizeof(said)))
		return;
	at = strstr(said, " mtu ");
	if (!at)
		return;
	mtu = atol(at + 5);
	if (mtu < 1400)
		finding_say(FINDING_WARN, "mtu",
			    "raise it, or have pppd use an mtu and mru of 1200",
			    "the MTU of %s, the device of the default route, is only %ld bytes",
			    device, mtu);
	else
		finding_say(FINDING_OK, "mtu", "", "the MTU of %s is %ld bytes", device, mtu);
}

static void diag_ipvlan(void)
{
	static const char * const argv[] = {
		"ip", "-d", "-o", "link", "show", "type", "ipvlan", NULL
	};
	char said[4096];

	if (program_run(argv, said, sizeof(said)) && strstr(said, "mode l3"))
		finding_say(FINDING_WARN, "ipvlan",
			    "use ipvlan in L2 mode, macvlan or veth",
			    "there is an ipvlan device in L3 mode, which esp_nat does not support");
}

/* Decrypted packets of aliases are exempt, so that a strict filter is no problem. */
static void diag_rp_filter(const char *device)
{
	char path[128], text[32] = "0", all[32] = "0";

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/conf/%.31s/rp_filter",
		 device);
	tunable_file(path, text, sizeof(text));
	tunable_file("/proc/sys/net/ipv4/conf/all/rp_filter", all, sizeof(all));
	if (*text == '1' || *all == '1')
		finding_say(FINDING_OK, "rp_filter", "",
			    "strict, which does no harm: decrypted packets are exempt");
	else
		finding_say(FINDING_OK, "rp_filter", "", "not strict");
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

	if (!program_run(argv, said, sizeof(said)))
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
		finding_say(FINDING_FAIL, "overlap",
			    "sysctl net.esp_nat.alias_pool4=PREFIX, an unused one",
			    "%s/%u, the network of %s, and the pool of aliases overlap",
			    addr, len, device);
		return;
	}
	finding_say(FINDING_OK, "overlap", "",
		    "no network of this host overlaps the pool of aliases");
}

/* Packets to an alias are routed before they are rewritten. */
static void diag_way(const char *alias)
{
	const char * const argv[] = {
		"ip", "-o", "-4", "route", "get", alias, NULL
	};
	char said[4096], device[32] = "lo";
	const char *at;

	at = program_run(argv, said, sizeof(said)) ? strstr(said, " dev ") : NULL;
	if (at)
		sscanf(at, " dev %31s", device);
	if (strcmp(device, "lo"))
		finding_say(FINDING_OK, "route", "", "aliases are routed to %s",
			    device);
	else
		finding_say(FINDING_FAIL, "route",
			    "ip route add POOL via GATEWAY, the clients' gateway, or a default route",
			    "there is no route to %s, the first address of the pool of aliases, or it leads to lo",
			    alias);
}

/**
 * diag_aliases() - check networks and routes against the pool of aliases
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

/* The source that the route to an alias gives; false: there is none to be had. */
static bool diag_source_of(const char *alias, char *source)
{
	const char * const argv[] = {
		"ip", "-o", "-4", "route", "get", alias, NULL
	};
	char said[4096];
	const char *at;

	at = program_run(argv, said, sizeof(said)) ? strstr(said, " src ") : NULL;
	return at && sscanf(at, " src %15[0-9.]", source) == 1;
}

/* Does what is sent to an alias come from the address that its client has dialled? */
static bool diag_source(const struct ctx *ctx)
{
	char alias[EP_TEXT], local[EP_TEXT], source[INET_ADDRSTRLEN];
	struct ep dialled;

	if (!ctx->tb[ESP_NAT_A_CTX_LOCAL] ||
	    !ep_get(ctx->tb[ESP_NAT_A_CTX_LOCAL], &dialled))
		return true;
	ep_addr(&ctx->presented, alias);
	ep_addr(&dialled, local);
	if (!diag_source_of(alias, source) || !strcmp(source, local))
		return true;
	finding_say(FINDING_WARN, "source",
		    "have the L2TP daemon bound to the address (xl2tpd.conf: listen-addr), or, if alias_pool4 is written, ip route add ALIAS via the client's gateway src that address",
		    "an L2TP daemon that is bound to no address answers %s from %s, but its client has dialled %s",
		    alias, source, local);
	return false;
}

/**
 * diag_sources() - check what answers to clients with an alias come from
 * @list: clients; of those with an alias, the first few are looked at
 */
void diag_sources(const struct ctx_list *list)
{
	size_t i, looked = 0;

	for (i = 0; i < list->count && looked < DIAG_SOURCES; i++) {
		if (!list->ctx[i].tb[ESP_NAT_A_CTX_ALIASED])
			continue;
		looked++;
		if (!diag_source(&list->ctx[i]))
			return;
	}
	if (looked)
		finding_say(FINDING_OK, "source", "",
			    "answers to aliases come from the address that their clients have dialled");
}

/**
 * diag_routes() - check the devices on the way to the clients
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
