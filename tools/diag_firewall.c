// SPDX-License-Identifier: GPL-2.0
/* Does the firewall let IKE and ESP in, and what was in ESP? */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "firewall.h"
#include "fwrule.h"
#include "tunable.h"

/* What a firewall's rules may be long; the rest is not looked at. */
#define DIAG_RULES	(1024 * 1024)

/**
 * struct diag_firewall - a firewall that may be here
 * @name: what it is called
 * @check: the name of its check
 * @remedy: what lets IKE and ESP in
 */
struct diag_firewall {
	const char	*name;
	const char	*check;
	const char	*remedy;
};

static const struct diag_firewall diag_nft = {
	.name	= "nftables",
	.check	= "firewall",
	.remedy	= "let UDP 500, UDP 4500 and protocol esp in: "
		  "nft insert rule inet TABLE CHAIN udp dport { 500, 4500 } accept; "
		  "nft insert rule inet TABLE CHAIN meta l4proto esp accept",
};

static const struct diag_firewall diag_iptables = {
	.name	= "iptables",
	.check	= "iptables",
	.remedy	= "iptables -I INPUT -p udp -m multiport --dports 500,4500 -j ACCEPT; "
		  "iptables -I INPUT -p esp -j ACCEPT",
};

/* A port that is in use, or would be. */
static unsigned int diag_port(const char *name, unsigned int usual)
{
	long port = tunable_number(name);

	return port > 0 ? port : usual;
}

/* Are packets like this one let in? If not, that is added to a list. */
static bool diag_lets(const struct firewall *fw, int proto, unsigned int port,
		      char *closed, size_t size)
{
	struct fwrule_packet packet = { .proto = proto, .port = port };
	size_t len = strlen(closed);

	if (firewall_lets(fw, &packet))
		return true;
	if (port)
		snprintf(closed + len, size - len, "%sUDP port %u",
			 len ? ", " : "", port);
	else
		snprintf(closed + len, size - len, "%sESP", len ? ", " : "");
	return false;
}

static void diag_open(const struct firewall *fw,
		      const struct diag_firewall *what)
{
	char closed[128] = "";
	bool open;

	if (!firewall_guards(fw)) {
		diag_say(DIAG_OK, what->check, "",
			 "%s has no chain that sees what comes in", what->name);
		return;
	}
	open = diag_lets(fw, IPPROTO_UDP, diag_port("ike_port", 500), closed,
			 sizeof(closed));
	open &= diag_lets(fw, IPPROTO_UDP, diag_port("nat_port", 4500), closed,
			  sizeof(closed));
	open &= diag_lets(fw, IPPROTO_ESP, 0, closed, sizeof(closed));
	if (open)
		diag_say(DIAG_OK, what->check, "", "%s lets IKE and ESP in",
			 what->name);
	else
		diag_say(DIAG_WARN, what->check, what->remedy,
			 "as far as its rules can be read, %s does not let in %s",
			 what->name, closed);
}

/* Lists of addresses that nobody has ("bogons") have the default pool. */
static void diag_bogon(const struct firewall *fw,
		       const struct diag_firewall *what)
{
	struct fwrule_packet packet = {
		.proto = IPPROTO_UDP, .port = 1701, .decrypted = true,
	};
	const char *chain;
	char pool[64];

	/* the default one, without the module */
	if (!tunable_text("alias_pool4", pool, sizeof(pool)) ||
	    !fwrule_range(pool, &packet.first, &packet.last))
		fwrule_range("198.18.0.0/15", &packet.first, &packet.last);
	chain = firewall_bogon(fw, &packet);
	if (!chain) {
		packet.out = true;
		packet.port = 0;
		chain = firewall_bogon(fw, &packet);
	}
	if (chain)
		diag_say(DIAG_WARN, "bogons",
			 "accept aliases under IPsec before that (nft: meta ipsec exists), or sysctl net.esp_nat.alias_pool4=PREFIX, one that is not dropped",
			 "chain %s of %s drops what %s aliases",
			 chain, what->name,
			 packet.out ? "goes to" : "comes from");
}

static void diag_judge(struct firewall *fw, const struct diag_firewall *what)
{
	if (!fw)
		return;
	diag_open(fw, what);
	diag_bogon(fw, what);
	firewall_free(fw);
}

/**
 * diag_firewall() - does the firewall let IKE and ESP in?
 *
 * What iptables-save(8) shows is not looked at again in nft's list, which
 * cannot say what is in it.
 */
void diag_firewall(void)
{
	static const char * const nft[] = { "nft", "list", "ruleset", NULL };
	static const char * const iptables[] = { "iptables-save", NULL };
	char *rules = malloc(DIAG_RULES);
	bool saved;

	if (!rules)
		return;
	saved = diag_run(iptables, rules, DIAG_RULES);
	if (saved && *rules)
		diag_judge(firewall_iptables(rules), &diag_iptables);
	if (diag_run(nft, rules, DIAG_RULES))
		diag_judge(firewall_nft(rules, !saved), &diag_nft);
	else if (!saved)
		diag_say(DIAG_WARN, "firewall",
			 "apt-get install nftables, and run it as root",
			 "the rules of nftables cannot be read");
	free(rules);
}
