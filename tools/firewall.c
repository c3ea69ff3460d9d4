// SPDX-License-Identifier: GPL-2.0
/* The way of a packet through the chains that "nft -j list ruleset" prints. */
#include <jansson.h>
#include <string.h>

#include "firewall.h"
#include "selector.h"

/* How deep chains may call each other, how many rules are looked at. */
#define FIREWALL_DEPTH	16
#define FIREWALL_STEPS	4000000

static const char *firewall_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static bool firewall_same(const json_t *a, const json_t *b, const char *key)
{
	return !strcmp(firewall_text(a, key), firewall_text(b, key));
}

/* ---- rules ---- */

/**
 * enum firewall_step - where a packet goes from a rule
 * @STEP_ON: to the next rule
 * @STEP_BACK: back to the chain that called this one
 * @STEP_PASSES: it passes
 * @STEP_DROPPED: it is dropped
 */
enum firewall_step {
	STEP_ON,
	STEP_BACK,
	STEP_PASSES,
	STEP_DROPPED,
};

/**
 * struct firewall_walk - a packet on its way through the chains of a table
 * @list: tables, chains, sets and rules
 * @base: the chain that it came to first
 * @packet: the packet
 * @steps: how many rules have been looked at
 * @may_pass: a rule that cannot be read may accept it
 * @may_drop: such a rule may drop it
 * @alias: it was dropped for its alias
 * @may_alias: it may have been dropped for its alias
 */
struct firewall_walk {
	const json_t			*list;
	const json_t			*base;
	const struct selector_packet	*packet;
	unsigned int			steps;
	bool				may_pass;
	bool				may_drop;
	bool				alias;
	bool				may_alias;
};

/**
 * struct firewall_rule - what is known of a rule that a packet meets
 * @here: whether packets that come to it match
 * @fit: whether packets match that come to its base chain
 * @hint: what it names, or the rules name that call its chain
 */
struct firewall_rule {
	enum selector_fit	here;
	enum selector_fit	fit;
	struct selector_hint	hint;
};

static enum firewall_step firewall_chain(struct firewall_walk *w,
					 const char *name,
					 const struct firewall_rule *by,
					 unsigned int depth);

static void firewall_lower(struct firewall_rule *rule, enum selector_fit fit)
{
	if (fit < rule->here)
		rule->here = fit;
	if (fit < rule->fit)
		rule->fit = fit;
}

/* What a value stands for: "@name" for the set or map of that name. */
static const json_t *firewall_value(const struct firewall_walk *w,
				    const json_t *value)
{
	const char *name = json_string_value(value);
	const json_t *item, *set;
	size_t i;

	if (!name || *name != '@')
		return value;
	json_array_foreach(w->list, i, item) {
		set = json_object_get(item, "set");
		if (!set)
			set = json_object_get(item, "map");
		if (set && firewall_same(set, w->base, "family") &&
		    firewall_same(set, w->base, "table") &&
		    !strcmp(firewall_text(set, "name"), name + 1))
			return set;
	}
	return NULL;
}

/* It is not known what this does: the packet may pass or be dropped. */
static enum firewall_step firewall_unread(struct firewall_walk *w)
{
	w->may_pass = true;
	w->may_drop = true;
	return STEP_ON;
}

/* To accept some packets counts only where the rule names their port or ESP. */
static enum firewall_step firewall_accept(struct firewall_walk *w,
					  const struct firewall_rule *rule)
{
	if (rule->fit == SELECTOR_ALL ||
	    (rule->fit == SELECTOR_SOME && rule->hint.names))
		return STEP_PASSES;
	w->may_pass |= rule->fit == SELECTOR_UNREAD;
	return STEP_ON;
}

/* To drop some counts for aliases; to an address and port, it cannot be told. */
static enum firewall_step firewall_drop(struct firewall_walk *w,
					const struct firewall_rule *rule)
{
	bool unsure = rule->fit == SELECTOR_SOME && rule->hint.names &&
		      rule->hint.dest;

	if (unsure || rule->fit == SELECTOR_UNREAD) {
		w->may_drop = true;
		w->may_alias |= rule->hint.alias;
		return STEP_ON;
	}
	w->alias |= rule->hint.alias;
	return rule->fit == SELECTOR_ALL || w->alias ? STEP_DROPPED : STEP_ON;
}

static enum firewall_step firewall_return(struct firewall_walk *w,
					  const struct firewall_rule *rule)
{
	if (rule->here == SELECTOR_UNREAD)
		return firewall_unread(w);
	return rule->here == SELECTOR_ALL ? STEP_BACK : STEP_ON;
}

static bool firewall_is(const char *word, const char * const *words)
{
	while (*words)
		if (!strcmp(word, *words++))
			return true;
	return false;
}

static enum firewall_step firewall_verdict(struct firewall_walk *w,
					   const char *verdict,
					   const json_t *value,
					   const struct firewall_rule *rule,
					   unsigned int depth)
{
	enum firewall_step step;

	if (!strcmp(verdict, "accept"))
		return firewall_accept(w, rule);
	if (!strcmp(verdict, "drop") || !strcmp(verdict, "reject"))
		return firewall_drop(w, rule);
	if (!strcmp(verdict, "return"))
		return firewall_return(w, rule);
	if (strcmp(verdict, "jump") && strcmp(verdict, "goto"))
		return firewall_unread(w);
	step = firewall_chain(w, firewall_text(value, "target"), rule, depth);
	if (step == STEP_ON && !strcmp(verdict, "goto"))
		return firewall_return(w, rule);
	return step;
}

/* A map from values to verdicts. */
static enum firewall_step firewall_map(struct firewall_walk *w,
				       const json_t *map,
				       const struct firewall_rule *rule,
				       unsigned int depth)
{
	const json_t *data = firewall_value(w, json_object_get(map, "data"));
	const json_t *list = json_object_get(data, "set"), *pair, *value;
	enum firewall_step step = STEP_ON;
	const char *verdict;
	size_t i;

	if (!data)
		return firewall_unread(w);
	if (!list)
		list = json_object_get(data, "elem");
	json_array_foreach(list, i, pair) {
		struct firewall_rule one = *rule;

		firewall_lower(&one, selector_fits(w->packet,
						   json_object_get(map, "key"),
						   "==", json_array_get(pair, 0),
						   &one.hint));
		if (one.here == SELECTOR_NONE)
			continue;
		json_object_foreach((json_t *)json_array_get(pair, 1), verdict,
				    value)
			step = firewall_verdict(w, verdict, value, &one, depth);
		if (step != STEP_ON)
			return step;
	}
	return STEP_ON;
}

/* A match or target of iptables, of which nft knows no more than its name. */
static enum firewall_step firewall_xt(struct firewall_walk *w,
				      const json_t *xt,
				      struct firewall_rule *rule)
{
	static const char * const idle[] = {
		"comment", "LOG", "MARK", "CONNMARK", "CT", "TCPMSS", "SET", NULL
	};
	const char *name = firewall_text(xt, "name");

	if (firewall_is(name, idle))
		return STEP_ON;
	if (!strcmp(name, "REJECT"))
		return firewall_drop(w, rule);
	if (strcmp(firewall_text(xt, "type"), "match"))
		return firewall_unread(w);
	firewall_lower(rule, SELECTOR_UNREAD);
	return STEP_ON;
}

static void firewall_match(struct firewall_walk *w, const json_t *match,
			   struct firewall_rule *rule)
{
	const json_t *right = json_object_get(match, "right");

	firewall_lower(rule, selector_fits(w->packet,
					   json_object_get(match, "left"),
					   firewall_text(match, "op"),
					   firewall_value(w, right),
					   &rule->hint));
}

/* A statement: a match lowers what is known of the rule, a verdict decides. */
static enum firewall_step firewall_statement(struct firewall_walk *w,
					     const char *kind,
					     const json_t *value,
					     struct firewall_rule *rule,
					     unsigned int depth)
{
	static const char * const idle[] = {
		"counter", "last", "log", "mangle", "notrack", "set",
		"ct helper", NULL
	};
	static const char * const limits[] = {
		"limit", "quota", "ct count", NULL
	};

	if (firewall_is(kind, idle))
		return STEP_ON;
	if (firewall_is(kind, limits))
		firewall_lower(rule, json_object_get(value, "inv") ?
			       SELECTOR_NONE : SELECTOR_SOME);
	else if (!strcmp(kind, "match"))
		firewall_match(w, value, rule);
	else if (!strcmp(kind, "vmap"))
		return firewall_map(w, value, rule, depth);
	else if (!strcmp(kind, "xt"))
		return firewall_xt(w, value, rule);
	else
		return firewall_verdict(w, kind, value, rule, depth);
	return STEP_ON;
}

static enum firewall_step firewall_rule(struct firewall_walk *w,
					const json_t *statements,
					struct firewall_rule rule,
					unsigned int depth)
{
	enum firewall_step step = STEP_ON;
	const json_t *statement, *value;
	const char *kind;
	size_t i;

	rule.here = SELECTOR_ALL;
	json_array_foreach(statements, i, statement) {
		if (!json_is_object(statement))
			return firewall_unread(w);
		json_object_foreach((json_t *)statement, kind, value)
			step = firewall_statement(w, kind, value, &rule, depth);
		if (step != STEP_ON || rule.here == SELECTOR_NONE)
			break;
	}
	return step;
}

/* ---- chains ---- */

static enum firewall_step firewall_chain(struct firewall_walk *w,
					 const char *name,
					 const struct firewall_rule *by,
					 unsigned int depth)
{
	const json_t *item, *rule;
	enum firewall_step step;
	size_t i;

	if (!depth)
		return firewall_unread(w);
	json_array_foreach(w->list, i, item) {
		if (++w->steps > FIREWALL_STEPS)
			return firewall_unread(w);
		rule = json_object_get(item, "rule");
		if (!rule || strcmp(firewall_text(rule, "chain"), name) ||
		    !firewall_same(rule, w->base, "table") ||
		    !firewall_same(rule, w->base, "family"))
			continue;
		step = firewall_rule(w, json_object_get(rule, "expr"), *by,
				     depth - 1);
		if (step == STEP_BACK)
			break;
		if (step != STEP_ON)
			return step;
	}
	return STEP_ON;
}

/* Whether a chain sees packets of IPv4 and a direction by itself. */
static bool firewall_sees(const json_t *chain, bool out)
{
	static const char * const hooks[][3] = {
		{ "prerouting", "input", NULL },
		{ "output", "postrouting", NULL },
	};
	const char *family = firewall_text(chain, "family");

	return (!strcmp(family, "ip") || !strcmp(family, "inet")) &&
	       firewall_is(firewall_text(chain, "hook"), hooks[out]);
}

/* What becomes of a packet in a base chain, the policy included. */
static enum firewall_fate firewall_base(struct firewall_walk *w)
{
	static const struct firewall_rule any = {
		.here = SELECTOR_ALL, .fit = SELECTOR_ALL,
	};
	enum firewall_step step;
	bool drops;

	step = firewall_chain(w, firewall_text(w->base, "name"), &any,
			      FIREWALL_DEPTH);
	drops = step == STEP_DROPPED;
	if (step == STEP_ON)
		drops = !strcmp(firewall_text(w->base, "policy"), "drop");
	if (w->packet->decrypted) {
		drops &= w->alias;
		w->may_drop = w->may_alias;
	}
	if (drops ? w->may_pass : w->may_drop)
		return FIREWALL_UNREAD;
	return drops ? FIREWALL_DROPS : FIREWALL_PASSES;
}

/**
 * firewall_fate() - what becomes of a packet
 * @root: what "nft -j list ruleset" prints
 * @packet: the packet
 * @chain: receives the name of the chain that does not let it pass
 *
 * Return: the worst of what any chain does.
 */
enum firewall_fate firewall_fate(const json_t *root,
				 const struct selector_packet *packet,
				 const char **chain)
{
	enum firewall_fate worst = FIREWALL_PASSES, fate;
	const json_t *list = json_object_get(root, "nftables"), *item;
	size_t i;

	json_array_foreach(list, i, item) {
		struct firewall_walk w = {
			.list = list, .packet = packet,
			.base = json_object_get(item, "chain"),
		};

		if (!firewall_sees(w.base, packet->out))
			continue;
		fate = firewall_base(&w);
		if (fate <= worst)
			continue;
		worst = fate;
		*chain = firewall_text(w.base, "name");
	}
	return worst;
}
