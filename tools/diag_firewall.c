// SPDX-License-Identifier: GPL-2.0
/* Whether the firewall lets in IKE, ESP and decrypted packets of aliases. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag_firewall.h"
#include "diag_net.h"
#include "finding.h"
#include "firewall.h"
#include "program.h"
#include "selector.h"
#include "tunable.h"

/* Rules that are longer cannot be read. */
#define DIAG_RULES	(32 * 1024 * 1024)

#define DIAG_OPEN \
	"nft insert rule inet TABLE CHAIN udp dport { 500, 4500 } accept; " \
	"nft insert rule inet TABLE CHAIN meta l4proto esp accept"

#define DIAG_OPEN_IPTABLES \
	"iptables -I INPUT -p udp --dport 500 -j ACCEPT; " \
	"iptables -I INPUT -p udp --dport 4500 -j ACCEPT; " \
	"iptables -I INPUT -p esp -j ACCEPT"

#define DIAG_BOGON \
	"accept aliases under IPsec before that (nft: meta ipsec exists), " \
	"or sysctl net.esp_nat.alias_pool4=PREFIX, one that is not dropped"

/* The port that the module uses, or the usual one while it is not loaded. */
static unsigned int diag_port(const char *name, unsigned int usual)
{
	long port = tunable_number(name);

	return port > 0 ? port : usual;
}

/**
 * struct diag_judged - what becomes of IKE and ESP
 * @chain: a chain that does not let them in
 * @closed: what is dropped, a list
 * @unread: what cannot be told, a list
 */
struct diag_judged {
	const char	*chain;
	char		closed[128];
	char		unread[128];
};

static void diag_list(char *list, size_t size,
		      const struct selector_packet *packet)
{
	const char *comma = *list ? ", " : "";
	size_t len = strlen(list);

	if (packet->port)
		snprintf(list + len, size - len, "%sUDP port %u", comma,
			 packet->port);
	else
		snprintf(list + len, size - len, "%sESP", comma);
}

static void diag_judge(const json_t *root, struct diag_judged *judged,
		       const struct selector_packet *packet)
{
	switch (firewall_fate(root, packet, &judged->chain)) {
	case FIREWALL_PASSES:
		break;
	case FIREWALL_UNREAD:
		diag_list(judged->unread, sizeof(judged->unread), packet);
		break;
	case FIREWALL_DROPS:
		diag_list(judged->closed, sizeof(judged->closed), packet);
		break;
	}
}

static const char *diag_remedy(const char *chain)
{
	return strcmp(chain, "INPUT") ? DIAG_OPEN : DIAG_OPEN_IPTABLES;
}

static void diag_open(const json_t *root, const char *device)
{
	const struct selector_packet packets[] = {
		{ .proto = IPPROTO_UDP, .port = diag_port("ike_port", 500),
		  .device = device },
		{ .proto = IPPROTO_UDP, .port = diag_port("nat_port", 4500),
		  .device = device },
		{ .proto = IPPROTO_ESP, .device = device },
	};
	struct diag_judged judged = { .chain = "" };
	size_t i;

	for (i = 0; i < sizeof(packets) / sizeof(*packets); i++)
		diag_judge(root, &judged, &packets[i]);
	if (*judged.closed)
		finding_say(FINDING_WARN, "firewall", diag_remedy(judged.chain),
			    "chain %s of nftables does not let in %s",
			    judged.chain, judged.closed);
	if (*judged.unread)
		finding_say(FINDING_WARN, "firewall", diag_remedy(judged.chain),
			    "whether chain %s of nftables lets in %s cannot be read; look at nft list ruleset",
			    judged.chain, judged.unread);
	if (!*judged.closed && !*judged.unread)
		finding_say(FINDING_OK, "firewall", "",
			    "nftables lets IKE and ESP in");
}

/* The pool, or the default one while the module is not loaded. */
static void diag_pool_range(struct selector_packet *packet)
{
	char pool[64], *slash = NULL;

	if (tunable_text("alias_pool4", pool, sizeof(pool)))
		slash = strchr(pool, '/');
	if (slash)
		*slash = '\0';
	if (!slash || !selector_prefix(pool, atoi(slash + 1), &packet->first,
				       &packet->last))
		selector_prefix("198.18.0.0", 15, &packet->first,
				&packet->last);
}

/* Lists of addresses that nobody has ("bogons") contain the default pool. */
static void diag_bogon(const json_t *root, const char *device)
{
	struct selector_packet packet = {
		.proto = IPPROTO_UDP, .port = 1701, .device = device,
		.decrypted = true,
	};
	enum firewall_fate fate;
	const char *chain = "";

	diag_pool_range(&packet);
	fate = firewall_fate(root, &packet, &chain);
	if (fate == FIREWALL_PASSES) {
		packet.out = true;
		packet.port = 0;
		fate = firewall_fate(root, &packet, &chain);
	}
	if (fate == FIREWALL_DROPS)
		finding_say(FINDING_WARN, "bogons", DIAG_BOGON,
			    "chain %s of nftables drops what %s aliases", chain,
			    packet.out ? "goes to" : "comes from");
	else if (fate == FIREWALL_UNREAD)
		finding_say(FINDING_WARN, "bogons", DIAG_BOGON,
			    "whether chain %s of nftables drops what %s aliases under IPsec cannot be read; look at nft list ruleset",
			    chain, packet.out ? "goes to" : "comes from");
}

/* The older iptables, whose rules nft(8) does not list. */
static void diag_legacy(void)
{
	static const char * const argv[] = { "iptables-legacy-save", NULL };
	char tables[64], said[65536];

	if (!tunable_file("/proc/net/ip_tables_names", tables, sizeof(tables)))
		return;
	if (program_run(argv, said, sizeof(said)) && !strstr(said, "\n-A ") &&
	    !strstr(said, " DROP ["))
		return;
	finding_say(FINDING_WARN, "iptables", DIAG_OPEN_IPTABLES,
		    "iptables-legacy has rules, which cannot be read; look at iptables-legacy-save");
}

/**
 * diag_firewall() - check whether the firewall lets in what esp_nat needs
 */
void diag_firewall(void)
{
	static const char * const argv[] = {
		"nft", "-j", "list", "ruleset", NULL
	};
	char *text = malloc(DIAG_RULES);
	char name[32];
	const char *device = diag_default_device(name) ? name : NULL;
	json_t *root = NULL;

	if (text && program_run(argv, text, DIAG_RULES))
		root = json_loads(text, 0, NULL);
	if (root) {
		diag_open(root, device);
		diag_bogon(root, device);
	} else {
		finding_say(FINDING_WARN, "firewall",
			    "apt-get install nftables, and run it as root",
			    "the rules of nftables cannot be read");
	}
	json_decref(root);
	free(text);
	diag_legacy();
}
