// SPDX-License-Identifier: GPL-2.0
/*
 * A rule of a packet filter, as nft(8) or iptables-save(8) writes it: what does
 * it do to a packet? What it does not know makes it unsure, not wrong.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fwrule.h"

/* How many selectors a concatenation may have. */
#define FWRULE_FIELDS	4

/**
 * enum fwrule_field - what a selector looks at
 * @FWRULE_NONE: it is no selector
 * @FWRULE_OTHER: something else
 * @FWRULE_PROTO: the protocol
 * @FWRULE_PORT: the destination port
 * @FWRULE_SOURCE: the source address
 * @FWRULE_DEST: the destination address
 * @FWRULE_DEVICE: the device that it came by
 * @FWRULE_STATE: conntrack's state
 * @FWRULE_IPSEC: whether it was under an SA
 */
enum fwrule_field {
	FWRULE_NONE,
	FWRULE_OTHER,
	FWRULE_PROTO,
	FWRULE_PORT,
	FWRULE_SOURCE,
	FWRULE_DEST,
	FWRULE_DEVICE,
	FWRULE_STATE,
	FWRULE_IPSEC,
};

static const struct {
	const char		*word;
	enum fwrule_field	field;
} fwrule_fields[] = {
	{ "l4proto", FWRULE_PROTO }, { "protocol", FWRULE_PROTO },
	{ "-p", FWRULE_PROTO }, { "dport", FWRULE_PORT },
	{ "--dport", FWRULE_PORT }, { "--dports", FWRULE_PORT },
	{ "saddr", FWRULE_SOURCE }, { "-s", FWRULE_SOURCE },
	{ "daddr", FWRULE_DEST }, { "-d", FWRULE_DEST },
	{ "iif", FWRULE_DEVICE }, { "iifname", FWRULE_DEVICE },
	{ "-i", FWRULE_DEVICE }, { "state", FWRULE_STATE },
	{ "--state", FWRULE_STATE }, { "--ctstate", FWRULE_STATE },
	{ "ipsec", FWRULE_IPSEC }, { "secpath", FWRULE_IPSEC },
	{ "--pol", FWRULE_IPSEC },
	{ "sport", FWRULE_OTHER }, { "mark", FWRULE_OTHER },
	{ "status", FWRULE_OTHER }, { "type", FWRULE_OTHER },
	{ "--sport", FWRULE_OTHER }, { "--sports", FWRULE_OTHER },
};

static const struct {
	const char	*word;
	int		proto;
} fwrule_protos[] = {
	{ "udp", IPPROTO_UDP }, { "esp", IPPROTO_ESP }, { "tcp", IPPROTO_TCP },
	{ "icmp", IPPROTO_ICMP }, { "icmpv6", IPPROTO_ICMPV6 },
	{ "ipv6-icmp", IPPROTO_ICMPV6 }, { "ah", IPPROTO_AH },
	{ "sctp", IPPROTO_SCTP }, { "dccp", IPPROTO_DCCP },
	{ "udplite", IPPROTO_UDPLITE }, { "igmp", IPPROTO_IGMP },
	{ "gre", IPPROTO_GRE }, { "ip6", IPPROTO_IPV6 },
};

/* What says nothing about which packets a rule is for. */
static const char * const fwrule_idle[] = {
	"log", "ip", "th", "meta", "ct", "rt",
};

/* What is followed by a word that says nothing either. */
static const char * const fwrule_idle_two[] = {
	"level", "prefix", "group", "comment", "-m", "--comment", "--dir",
};

/* ---- words ---- */

/**
 * struct fwrule_words - the words of a rule
 * @at: what is left
 * @word: the one at hand, without quotes and comma
 * @comma: there was a comma behind it
 */
struct fwrule_words {
	const char	*at;
	char		word[FWRULE_WORD];
	bool		comma;
};

static bool fwrule_next(struct fwrule_words *w)
{
	size_t len, quoted;

	w->at += strspn(w->at, " \t\n");
	quoted = *w->at == '"';
	w->at += quoted;
	len = strcspn(w->at, quoted ? "\"" : " \t\n");
	snprintf(w->word, sizeof(w->word), "%.*s", (int)len, w->at);
	w->at += len;
	if (quoted && *w->at)
		w->at++;
	else if (!quoted && !len)
		return false;
	len = strlen(w->word);
	w->comma = !quoted && len > 1 && w->word[len - 1] == ',';
	if (w->comma)
		w->word[len - 1] = '\0';
	else if (quoted && *w->at == ',')
		w->comma = *w->at++;
	return true;
}

static bool fwrule_is(const struct fwrule_words *w, const char *word)
{
	return !strcmp(w->word, word);
}

/* The next word, if it is that one. */
static bool fwrule_take(struct fwrule_words *w, const char *word)
{
	struct fwrule_words ahead = *w;

	if (!fwrule_next(&ahead) || !fwrule_is(&ahead, word))
		return false;
	*w = ahead;
	return true;
}

static bool fwrule_among(const struct fwrule_words *w,
			 const char * const *words, size_t count)
{
	while (count--)
		if (fwrule_is(w, words[count]))
			return true;
	return false;
}

static enum fwrule_field fwrule_field(const struct fwrule_words *w)
{
	size_t i;

	for (i = 0; i < sizeof(fwrule_fields) / sizeof(*fwrule_fields); i++)
		if (fwrule_is(w, fwrule_fields[i].word))
			return fwrule_fields[i].field;
	return FWRULE_NONE;
}

/* A protocol's number; 0: it is no protocol's name. */
static int fwrule_proto(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(fwrule_protos) / sizeof(*fwrule_protos); i++)
		if (!strcmp(word, fwrule_protos[i].word))
			return fwrule_protos[i].proto;
	return 0;
}

/* ---- values ---- */

/**
 * enum fwrule_fit - does a packet have a value?
 * @FWRULE_FITS_NOT: no
 * @FWRULE_MAYBE: one that is like it may
 * @FWRULE_FITS: yes
 */
enum fwrule_fit {
	FWRULE_FITS_NOT,
	FWRULE_MAYBE,
	FWRULE_FITS,
};

static enum fwrule_fit fwrule_fit(bool fits)
{
	return fits ? FWRULE_FITS : FWRULE_FITS_NOT;
}

/* "500", "500-600", and of iptables "500:600", "500,4500" */
static bool fwrule_port_fits(const char *value, unsigned int port)
{
	unsigned long from, to;
	char *end;

	for (; *value; value = *end ? end + 1 : end) {
		from = strtoul(value, &end, 10);
		to = from;
		if (end == value)
			return false;
		if (*end == '-' || *end == ':')
			to = strtoul(end + 1, &end, 10);
		if (from <= port && port <= to)
			return true;
	}
	return false;
}

/**
 * fwrule_range() - addresses as a rule writes them
 * @text: "192.0.2.1", "192.0.2.0/24" or "192.0.2.1-192.0.2.9"
 * @first: receives the first one, host byte order
 * @last: receives the last one
 *
 * Return: false if it is none of these.
 */
bool fwrule_range(const char *text, uint32_t *first, uint32_t *last)
{
	char from[16], sep = '/', to[16] = "32";
	struct in_addr in;
	int len;

	if (sscanf(text, "%15[0-9.]%c%15[0-9.]", from, &sep, to) < 1 ||
	    inet_pton(AF_INET, from, &in) != 1)
		return false;
	*first = ntohl(in.s_addr);
	if (sep == '-') {
		if (inet_pton(AF_INET, to, &in) != 1)
			return false;
		*last = ntohl(in.s_addr);
		return true;
	}
	len = atoi(to);
	if (len < 0 || len > 32)
		return false;
	*last = *first | (uint32_t)(0xffffffffULL >> len);
	return true;
}

/* One of the aliases? */
static bool fwrule_addr_fits(const char *value, const struct fwrule_packet *p)
{
	uint32_t first, last;

	return fwrule_range(value, &first, &last) &&
	       first <= p->last && p->first <= last;
}

static enum fwrule_fit fwrule_ipsec_fits(const char *value, bool decrypted)
{
	if (!strcmp(value, "exists") || !strcmp(value, "ipsec"))
		return fwrule_fit(decrypted);
	if (!strcmp(value, "missing") || !strcmp(value, "none"))
		return fwrule_fit(!decrypted);
	return FWRULE_MAYBE;
}

/* What comes first is new to conntrack. */
static bool fwrule_state_fits(const char *value)
{
	return strstr(value, "new") || strstr(value, "NEW") ||
	       strstr(value, "untracked") || strstr(value, "UNTRACKED");
}

static enum fwrule_fit fwrule_fits(enum fwrule_field field, const char *value,
				   const struct fwrule_packet *packet)
{
	enum fwrule_field alias = packet->out ? FWRULE_DEST : FWRULE_SOURCE;

	if (*value == '@')
		return FWRULE_MAYBE;
	switch (field) {
	case FWRULE_PROTO:
		return fwrule_fit((fwrule_proto(value) ?: atoi(value)) ==
				  packet->proto);
	case FWRULE_PORT:
		if (packet->proto != IPPROTO_UDP)
			return FWRULE_FITS_NOT;
		return packet->port ?
		       fwrule_fit(fwrule_port_fits(value, packet->port)) :
		       FWRULE_MAYBE;
	case FWRULE_SOURCE:
	case FWRULE_DEST:
		if (!packet->decrypted || field != alias)
			return FWRULE_MAYBE;
		return fwrule_fit(fwrule_addr_fits(value, packet));
	case FWRULE_DEVICE:
		return strcmp(value, "lo") ? FWRULE_MAYBE : FWRULE_FITS_NOT;
	case FWRULE_STATE:
		return fwrule_fit(fwrule_state_fits(value));
	case FWRULE_IPSEC:
		return fwrule_ipsec_fits(value, packet->decrypted);
	default:
		return FWRULE_MAYBE;
	}
}

/* ---- matches ---- */

/**
 * struct fwrule_match - selectors, joined by dots, and what they are to be
 * @field: the selectors
 * @count: how many
 * @negated: they are not to be that
 * @map: each value has a verdict
 */
struct fwrule_match {
	enum fwrule_field	field[FWRULE_FIELDS];
	unsigned int		count;
	bool			negated;
	bool			map;
};

static bool fwrule_looks_at(const struct fwrule_match *m,
			    enum fwrule_field field)
{
	unsigned int i;

	for (i = 0; i < m->count; i++)
		if (m->field[i] == field)
			return true;
	return false;
}

static void fwrule_add(struct fwrule *rule, enum fwrule_verdict verdict,
		       const char *target)
{
	if (rule->count == FWRULE_WAYS) {
		rule->maybe = true;
		return;
	}
	rule->way[rule->count].verdict = verdict;
	strcpy(rule->way[rule->count++].target, target);
}

/* Is that word a verdict? Then it is the rule's. */
static bool fwrule_verdict(struct fwrule_words *w, struct fwrule *rule)
{
	bool jump = fwrule_is(w, "jump") || fwrule_is(w, "-j");

	if (jump || fwrule_is(w, "goto") || fwrule_is(w, "-g")) {
		if (!fwrule_next(w))
			return false;
		if (!fwrule_verdict(w, rule))
			fwrule_add(rule, jump ? FWRULE_JUMP : FWRULE_GOTO,
				   w->word);
	} else if (fwrule_is(w, "accept") || fwrule_is(w, "ACCEPT")) {
		fwrule_add(rule, FWRULE_ACCEPT, "");
	} else if (fwrule_is(w, "drop") || fwrule_is(w, "DROP") ||
		   fwrule_is(w, "reject") || fwrule_is(w, "REJECT")) {
		fwrule_add(rule, FWRULE_DROP, "");
	} else if (fwrule_is(w, "return") || fwrule_is(w, "RETURN")) {
		fwrule_add(rule, FWRULE_RETURN, "");
	} else {
		return false;
	}
	return true;
}

/* One value, of each selector a part: "500", or "udp . 500 : accept". */
static enum fwrule_fit fwrule_value(struct fwrule_words *w,
				    const struct fwrule_match *m,
				    const struct fwrule_packet *packet,
				    struct fwrule *rule)
{
	enum fwrule_fit fit = FWRULE_FITS, part;
	struct fwrule ignored = { };
	unsigned int i;

	for (i = 0; i < m->count; i++) {
		part = fwrule_fits(m->field[i], w->word, packet);
		if (part < fit)
			fit = part;
		if (!fwrule_take(w, ".") || !fwrule_next(w))
			break;
	}
	if (fwrule_take(w, ":") && fwrule_next(w))
		fwrule_verdict(w, fit == FWRULE_FITS_NOT ? &ignored : rule);
	return fit;
}

static enum fwrule_fit fwrule_values(struct fwrule_words *w,
				     const struct fwrule_match *m,
				     const struct fwrule_packet *packet,
				     struct fwrule *rule)
{
	enum fwrule_fit fit = FWRULE_FITS_NOT, one;

	if (!fwrule_next(w))
		return FWRULE_MAYBE;
	if (!fwrule_is(w, "{"))
		return fwrule_value(w, m, packet, rule);
	while (fwrule_next(w) && !fwrule_is(w, "}")) {
		one = fwrule_value(w, m, packet, rule);
		if (one > fit)
			fit = one;
		while (!w->comma && !fwrule_is(w, "}") && fwrule_next(w))
			;
		if (fwrule_is(w, "}"))
			break;
	}
	return fit;
}

static enum fwrule_fit fwrule_not(enum fwrule_fit fit)
{
	return fit == FWRULE_MAYBE ? fit : fwrule_fit(fit == FWRULE_FITS_NOT);
}

/* What a match that fits, or may, tells of its rule. */
static void fwrule_note(const struct fwrule_match *m, enum fwrule_fit fit,
			const struct fwrule_packet *packet, struct fwrule *rule)
{
	enum fwrule_field end = packet->out ? FWRULE_DEST : FWRULE_SOURCE;

	if (fit == FWRULE_FITS_NOT)
		rule->differs = true;
	if (fwrule_looks_at(m, FWRULE_DEVICE))
		rule->device = true;
	else if (fit == FWRULE_MAYBE)
		rule->maybe = true;
	if (fwrule_looks_at(m, end) && packet->decrypted && !m->negated) {
		rule->alias = true;
		rule->names = true;
	}
	if (fwrule_looks_at(m, FWRULE_PORT) ||
	    (fwrule_looks_at(m, FWRULE_PROTO) && packet->proto == IPPROTO_ESP))
		rule->names = true;
}

/* The word at hand is a selector. */
static void fwrule_match(struct fwrule_words *w,
			 const struct fwrule_packet *packet, bool negated,
			 struct fwrule *rule)
{
	struct fwrule_match m = { .negated = negated };
	enum fwrule_field field = fwrule_field(w);
	enum fwrule_fit fit;

	do {
		m.field[m.count++] = field;
		if (m.count == FWRULE_FIELDS || !fwrule_take(w, "."))
			break;
		do {
			field = fwrule_next(w) ? fwrule_field(w) : FWRULE_OTHER;
		} while (field == FWRULE_NONE);
	} while (true);
	m.negated |= fwrule_take(w, "!=") || fwrule_take(w, "!");
	m.map = fwrule_take(w, "vmap");
	fit = fwrule_values(w, &m, packet, rule);
	fwrule_note(&m, m.negated ? fwrule_not(fit) : fit, packet, rule);
}

/* "packets 0 bytes 0" */
static void fwrule_skip_count(struct fwrule_words *w)
{
	while (fwrule_take(w, "packets") || fwrule_take(w, "bytes"))
		fwrule_next(w);
}

/* The word at hand is neither a selector nor a verdict. */
static void fwrule_other(struct fwrule_words *w,
			 const struct fwrule_packet *packet,
			 struct fwrule *rule)
{
	int proto = fwrule_proto(w->word);

	if (proto)
		rule->differs |= proto != packet->proto;
	else if (fwrule_is(w, "counter"))
		fwrule_skip_count(w);
	else if (fwrule_among(w, fwrule_idle_two, sizeof(fwrule_idle_two) /
						  sizeof(*fwrule_idle_two)))
		fwrule_next(w);
	else if (!fwrule_among(w, fwrule_idle, sizeof(fwrule_idle) /
					       sizeof(*fwrule_idle)))
		rule->maybe = true;
}

/**
 * fwrule_read() - what does a rule do to a packet?
 * @text: the rule; sets are written out
 * @packet: the packet, the first of its flow
 * @rule: receives it
 */
void fwrule_read(const char *text, const struct fwrule_packet *packet,
		 struct fwrule *rule)
{
	struct fwrule_words w = { .at = text };
	bool negated = false;

	memset(rule, 0, sizeof(*rule));
	while (!rule->differs && fwrule_next(&w)) {
		if (fwrule_is(&w, "!")) {
			negated = true;
			continue;
		}
		if (fwrule_field(&w) != FWRULE_NONE)
			fwrule_match(&w, packet, negated, rule);
		else if (!fwrule_verdict(&w, rule))
			fwrule_other(&w, packet, rule);
		else
			return;
		negated = false;
	}
}
