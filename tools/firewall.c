// SPDX-License-Identifier: GPL-2.0
/*
 * A packet filter's chains, as nft(8) or iptables-save(8) lists them, in so far
 * as they can be read: which packets do they let through?
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firewall.h"
#include "fwrule.h"

/* Chains that call each other deeper than that are not followed. */
#define FIREWALL_DEPTH	16

/**
 * enum firewall_hook - which packets a chain sees by itself
 * @FIREWALL_NONE: none
 * @FIREWALL_IN: those that come in
 * @FIREWALL_OUT: those that this host sends
 */
enum firewall_hook {
	FIREWALL_NONE,
	FIREWALL_IN,
	FIREWALL_OUT,
};

/**
 * struct firewall_line - a line that belongs somewhere
 * @next: the one that follows
 * @text: what it says
 */
struct firewall_line {
	struct firewall_line	*next;
	char			*text;
};

/**
 * struct firewall_block - a chain, or a set or map
 * @next: another one
 * @table: number of its table
 * @set: it is a set or map
 * @hook: which packets come to it by themselves
 * @drops: those that no rule decides do not pass
 * @name: its name
 * @lines: its rules, or its elements
 * @end: where the next one goes
 */
struct firewall_block {
	struct firewall_block	*next;
	unsigned int		table;
	bool			set;
	enum firewall_hook	hook;
	bool			drops;
	char			name[FWRULE_WORD];
	struct firewall_line	*lines;
	struct firewall_line	**end;
};

/**
 * struct firewall - chains and sets
 * @blocks: they
 * @tables: how many tables
 */
struct firewall {
	struct firewall_block	*blocks;
	unsigned int		tables;
};

/* ---- blocks ---- */

static struct firewall_block *firewall_find(const struct firewall *fw,
					    unsigned int table, bool set,
					    const char *name)
{
	struct firewall_block *b;

	for (b = fw->blocks; b; b = b->next)
		if (b->table == table && b->set == set && !strcmp(b->name, name))
			return b;
	return NULL;
}

static struct firewall_block *firewall_add(struct firewall *fw, bool set,
					   const char *name)
{
	struct firewall_block *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->table = fw->tables;
	b->set = set;
	snprintf(b->name, sizeof(b->name), "%s", name);
	b->end = &b->lines;
	b->next = fw->blocks;
	fw->blocks = b;
	return b;
}

static void firewall_add_line(struct firewall_block *b, const char *text)
{
	struct firewall_line *line = b ? calloc(1, sizeof(*line)) : NULL;

	if (!line)
		return;
	line->text = strdup(text);
	*b->end = line;
	b->end = &line->next;
}

/**
 * firewall_free() - the reverse of firewall_nft() and firewall_iptables()
 * @fw: it, or NULL
 */
void firewall_free(struct firewall *fw)
{
	struct firewall_block *b;
	struct firewall_line *line;

	if (!fw)
		return;
	while ((b = fw->blocks)) {
		fw->blocks = b->next;
		while ((line = b->lines)) {
			b->lines = line->next;
			free(line->text);
			free(line);
		}
		free(b);
	}
	free(fw);
}

/* ---- sets, written out where they are named ---- */

/* "@name" at the beginning of a text: the set, or NULL. */
static struct firewall_block *firewall_set(const struct firewall *fw,
					   unsigned int table,
					   const char *text, size_t len)
{
	char name[FWRULE_WORD];

	if (!len || *text != '@')
		return NULL;
	snprintf(name, sizeof(name), "%.*s", (int)len - 1, text + 1);
	return firewall_find(fw, table, true, name);
}

static char *firewall_written_out(const struct firewall *fw, unsigned int table,
				  const char *text)
{
	const struct firewall_line *line;
	const struct firewall_block *set;
	char *out = NULL;
	size_t size, len;
	FILE *to = open_memstream(&out, &size);

	if (!to)
		return NULL;
	for (; *text; text += len) {
		len = strcspn(text, " \t") ?: strspn(text, " \t");
		set = firewall_set(fw, table, text, len);
		if (!set) {
			fprintf(to, "%.*s", (int)len, text);
			continue;
		}
		fputs("{ ", to);
		for (line = set->lines; line; line = line->next)
			fprintf(to, "%s ", line->text ?: "");
		fputs("}", to);
	}
	fclose(to);
	return out;
}

static void firewall_write_out(struct firewall *fw)
{
	struct firewall_block *b;
	struct firewall_line *line;
	char *text;

	for (b = fw->blocks; b; b = b->next) {
		for (line = b->set ? NULL : b->lines; line; line = line->next) {
			if (!line->text || !strchr(line->text, '@'))
				continue;
			text = firewall_written_out(fw, b->table, line->text);
			if (!text)
				continue;
			free(line->text);
			line->text = text;
		}
	}
}

/* ---- reading ---- */

/**
 * struct firewall_reader - what has been read so far
 * @fw: it
 * @block: the block at hand, or NULL
 * @wanted: its table is one of ours
 * @managed: so are those that iptables manages
 */
struct firewall_reader {
	struct firewall		*fw;
	struct firewall_block	*block;
	bool			wanted;
	bool			managed;
};

typedef void (*firewall_read_line)(struct firewall_reader *r, char *line);

static struct firewall *firewall_read(const char *text, bool managed,
				      firewall_read_line read_line)
{
	struct firewall_reader r = {
		.fw = calloc(1, sizeof(*r.fw)), .wanted = true,
		.managed = managed,
	};
	const char *end;
	char *line;

	if (!r.fw)
		return NULL;
	for (; *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		line = strndup(text, end - text);
		if (line)
			read_line(&r, line);
		free(line);
	}
	firewall_write_out(r.fw);
	return r.fw;
}

static bool firewall_begins(const char *line, const char *with)
{
	return !strncmp(line, with, strlen(with));
}

/* "type filter hook input priority filter; policy drop;" */
static void firewall_nft_hook(struct firewall_block *b, const char *line)
{
	const char *hook = strstr(line, " hook ");

	if (!hook)
		return;
	hook += 6;
	if (firewall_begins(hook, "input ") ||
	    firewall_begins(hook, "prerouting "))
		b->hook = FIREWALL_IN;
	else if (firewall_begins(hook, "output ") ||
		 firewall_begins(hook, "postrouting "))
		b->hook = FIREWALL_OUT;
	b->drops = strstr(hook, "policy drop");
}

static void firewall_nft_block(struct firewall_reader *r, const char *line)
{
	char kind[FWRULE_WORD], name[FWRULE_WORD];

	r->block = NULL;
	if (sscanf(line, "\t%127s %127s {", kind, name) != 2)
		return;
	if (!strcmp(kind, "chain"))
		r->block = firewall_add(r->fw, false, name);
	else if (!strcmp(kind, "set") || !strcmp(kind, "map"))
		r->block = firewall_add(r->fw, true, name);
}

/* Only what lies between the braces of "elements = { ... }" says anything. */
static void firewall_nft_elements(struct firewall_block *b, char *line)
{
	char *from = line + strspn(line, "\t ");

	if (firewall_begins(from, "elements = {"))
		from += 12;
	else if (strncmp(line, "\t\t\t", 3))
		return;
	from[strcspn(from, "}")] = '\0';
	firewall_add_line(b, from);
}

static void firewall_nft_table(struct firewall_reader *r, const char *line)
{
	r->wanted = r->wanted && (firewall_begins(line, "table ip ") ||
				  firewall_begins(line, "table inet "));
	r->fw->tables++;
	r->block = NULL;
}

static void firewall_nft_line(struct firewall_reader *r, char *line)
{
	if (*line == '#')
		r->wanted = r->managed || !strstr(line, "managed by iptables");
	else if (firewall_begins(line, "table "))
		firewall_nft_table(r, line);
	else if (*line == '}')
		r->wanted = true;
	else if (!r->wanted)
		return;
	else if (line[0] == '\t' && line[1] != '\t')
		firewall_nft_block(r, line);
	else if (!r->block || !*line)
		return;
	else if (r->block->set)
		firewall_nft_elements(r->block, line);
	else if (firewall_begins(line, "\t\ttype "))
		firewall_nft_hook(r->block, line);
	else
		firewall_add_line(r->block, line);
}

/**
 * firewall_nft() - read what "nft list ruleset" says
 * @text: that
 * @managed: those tables too that iptables manages
 *
 * Return: the firewall; NULL: no memory.
 */
struct firewall *firewall_nft(const char *text, bool managed)
{
	return firewall_read(text, managed, firewall_nft_line);
}

static void firewall_iptables_line(struct firewall_reader *r, char *line)
{
	char name[FWRULE_WORD], policy[FWRULE_WORD];
	struct firewall_block *b;

	if (*line == '*') {
		r->fw->tables++;
	} else if (sscanf(line, ":%127s %127s", name, policy) == 2) {
		b = firewall_add(r->fw, false, name);
		if (!b || !strcmp(policy, "-"))
			return;
		b->drops = !strcmp(policy, "DROP");
		if (!strcmp(name, "INPUT") || !strcmp(name, "PREROUTING"))
			b->hook = FIREWALL_IN;
		else if (!strcmp(name, "OUTPUT") || !strcmp(name, "POSTROUTING"))
			b->hook = FIREWALL_OUT;
	} else if (sscanf(line, "-A %127s", name) == 1) {
		b = firewall_find(r->fw, r->fw->tables, false, name);
		firewall_add_line(b, line + 3 + strlen(name));
	}
}

/**
 * firewall_iptables() - read what iptables-save(8) says
 * @text: that
 *
 * Return: the firewall; NULL: no memory.
 */
struct firewall *firewall_iptables(const char *text)
{
	return firewall_read(text, true, firewall_iptables_line);
}

/* ---- packets ---- */

/**
 * enum firewall_fate - what becomes of a packet in a chain
 * @FIREWALL_GOES_ON: nothing decides
 * @FIREWALL_LETS: it passes, as far as can be told
 * @FIREWALL_DROPS: it does not
 * @FIREWALL_BOGON: it does not, for its address is an alias
 */
enum firewall_fate {
	FIREWALL_GOES_ON,
	FIREWALL_LETS,
	FIREWALL_DROPS,
	FIREWALL_BOGON,
};

static enum firewall_fate firewall_walk(const struct firewall *fw,
					const struct firewall_block *chain,
					const struct fwrule_packet *packet,
					const struct fwrule *by,
					unsigned int depth);

/* Does a rule decide for all packets that come to it? */
static bool firewall_decides(const struct fwrule *rule)
{
	return rule->count == 1 && !rule->maybe && !rule->device;
}

/* One of the ways that a rule sends a packet. */
static enum firewall_fate firewall_way(const struct firewall *fw,
				       const struct firewall_block *chain,
				       const struct fwrule_packet *packet,
				       const struct fwrule *rule,
				       unsigned int way, unsigned int depth)
{
	switch (rule->way[way].verdict) {
	case FWRULE_ACCEPT:
		return rule->names || !rule->maybe ? FIREWALL_LETS :
						     FIREWALL_GOES_ON;
	case FWRULE_DROP:
		if (rule->alias)
			return FIREWALL_BOGON;
		return firewall_decides(rule) ? FIREWALL_DROPS :
						FIREWALL_GOES_ON;
	case FWRULE_JUMP:
	case FWRULE_GOTO:
		chain = firewall_find(fw, chain->table, false,
				      rule->way[way].target);
		return chain && depth ?
		       firewall_walk(fw, chain, packet, rule, depth - 1) :
		       FIREWALL_GOES_ON;
	default:
		return FIREWALL_GOES_ON;
	}
}

/* Is a chain over for all packets that come to this rule? */
static bool firewall_ends(const struct fwrule *rule)
{
	return firewall_decides(rule) &&
	       (rule->way[0].verdict == FWRULE_RETURN ||
		rule->way[0].verdict == FWRULE_GOTO);
}

/* What a rule knows of a packet, the rules of the chain that it calls know. */
static void firewall_inherit(struct fwrule *rule, const struct fwrule *by)
{
	rule->names |= by->names;
	rule->alias |= by->alias;
	rule->device |= by->device;
	rule->maybe |= by->maybe || by->count > 1;
}

static enum firewall_fate firewall_walk(const struct firewall *fw,
					const struct firewall_block *chain,
					const struct fwrule_packet *packet,
					const struct fwrule *by,
					unsigned int depth)
{
	const struct firewall_line *line;
	enum firewall_fate fate;
	struct fwrule rule;
	unsigned int way;
	bool ends;

	for (line = chain->lines; line; line = line->next) {
		fwrule_read(line->text ?: "", packet, &rule);
		if (rule.differs)
			continue;
		ends = firewall_ends(&rule);
		firewall_inherit(&rule, by);
		for (way = 0; way < rule.count; way++) {
			fate = firewall_way(fw, chain, packet, &rule, way,
					    depth);
			if (fate != FIREWALL_GOES_ON)
				return fate;
		}
		if (ends)
			break;
	}
	return FIREWALL_GOES_ON;
}

/* What becomes of it in one that it comes to by itself? */
static enum firewall_fate firewall_fate(const struct firewall *fw,
					const struct firewall_block *chain,
					const struct fwrule_packet *packet)
{
	static const struct fwrule any = { .count = 1 };
	enum firewall_fate fate;

	if (chain->hook != (packet->out ? FIREWALL_OUT : FIREWALL_IN))
		return FIREWALL_LETS;
	fate = firewall_walk(fw, chain, packet, &any, FIREWALL_DEPTH);
	if (fate == FIREWALL_GOES_ON)
		return chain->drops ? FIREWALL_DROPS : FIREWALL_LETS;
	return fate;
}

/**
 * firewall_guards() - is there anything that sees what comes in?
 * @fw: the firewall
 *
 * Return: true if there is.
 */
bool firewall_guards(const struct firewall *fw)
{
	const struct firewall_block *b;

	for (b = fw->blocks; b; b = b->next)
		if (b->hook == FIREWALL_IN)
			return true;
	return false;
}

/**
 * firewall_lets() - is a packet let through?
 * @fw: the firewall
 * @packet: the packet
 *
 * Return: false if no rule lets it, and what no rule lets is dropped.
 */
bool firewall_lets(const struct firewall *fw,
		   const struct fwrule_packet *packet)
{
	const struct firewall_block *b;

	for (b = fw->blocks; b; b = b->next)
		if (firewall_fate(fw, b, packet) != FIREWALL_LETS)
			return false;
	return true;
}

/**
 * firewall_bogon() - is what was decrypted dropped because of its alias?
 * @fw: the firewall
 * @packet: such a packet
 *
 * Return: the chain that does, NULL if none.
 */
const char *firewall_bogon(const struct firewall *fw,
			   const struct fwrule_packet *packet)
{
	const struct firewall_block *b;

	for (b = fw->blocks; b; b = b->next)
		if (firewall_fate(fw, b, packet) == FIREWALL_BOGON)
			return b->name;
	return NULL;
}
