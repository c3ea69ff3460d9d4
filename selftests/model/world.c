// SPDX-License-Identifier: GPL-2.0
/* The world: how it begins, what it says, what it remembers. */
#include <stdarg.h>
#include <stdio.h>

#include "gateway.h"
#include "world.h"

/* The numbers of the run before a world begins as a kernel does, in five minutes. */
#define WORLD_JIFFIES	(0x100000000UL - 300 * HZ)

static u64 world_next(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

u32 world_chance(struct world *w, u32 n)
{
	return (world_next(&w->rnd) >> 32) * n >> 32;
}

struct esp_nat_addr world_local(int local)
{
	return esp_nat_addr4(htonl(0xcb007101 + local));
}

int world_local_of(const struct esp_nat_addr *addr)
{
	u32 n = ntohl(addr->ip.ip) - 0xcb007101;

	return n < LOCALS ? (int)n : NOBODY;
}

void world_say(struct world *w, const char *fmt, ...)
{
	va_list args;

	if (!w->tells)
		return;
	printf("# ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

void world_broken(struct world *w, const char *fmt, ...)
{
	va_list args;

	if (*w->broken)
		return;
	w->how = fmt;
	va_start(args, fmt);
	vsnprintf(w->broken, sizeof(w->broken), fmt, args);
	va_end(args);
}

/* Several may be in one line. */
const char *world_ep(const struct esp_nat_ep *ep)
{
	static char text[8][32];
	static unsigned int n;
	u32 ip = ntohl(ep->addr.ip.ip);
	char *to = text[n++ % 8];

	snprintf(to, sizeof(*text), "%u.%u.%u.%u:%u", ip >> 24, ip >> 16 & 255,
		 ip >> 8 & 255, ip & 255, ntohs(ep->port));
	return to;
}

const char *world_name(int who)
{
	static const char * const names[CLIENTS + 1] = {
		"Anna", "Bert", "Cleo", "Dora", "Emil", "Fred", "Gina",
		"the attacker",
	};

	return who == NOBODY ? "nobody" : names[who];
}

void world_place(struct world *w, int who, const struct esp_nat_ep *at,
		 int local)
{
	struct client *c = &w->client[who];

	if (world_was_at(w, who, at, local, true))
		return;
	c->place[c->places++ % PLACES] = (struct place) {
		.at = *at, .local = local,
	};
}

bool world_was_at(const struct world *w, int who, const struct esp_nat_ep *at,
		  int local, bool port)
{
	const struct client *c = &w->client[who];
	unsigned int i;

	for (i = 0; i < min(c->places, PLACES); i++)
		if (c->place[i].local == local &&
		    esp_nat_addr_equal(&c->place[i].at.addr, &at->addr) &&
		    (!port || c->place[i].at.port == at->port))
			return true;
	return false;
}

static void world_cfg(struct world *w)
{
	static const u8 modes[] = { 1, 1, 1, 2, 2, 3 };
	static const u8 follow[] = { 1, 1, 1, 1, 2, 0 };
	struct esp_nat_prefix small = {
		.addr = esp_nat_addr4(htonl(0x0a090000)), .len = 28,
	};
	struct esp_nat_cfg *cfg = &w->en.cfg;

	cfg->alias_mode = modes[world_chance(w, ARRAY_SIZE(modes))];
	cfg->follow_peer = follow[world_chance(w, ARRAY_SIZE(follow))];
	cfg->max_contexts = 64 << world_chance(w, 3);
	cfg->max_contexts_per_peer = 5 << world_chance(w, 3);
	if (!world_chance(w, 4)) {
		small.len += world_chance(w, 2);
		esp_nat_alias_set_pool(&w->en.pool, &small);
	}
	w->set = (struct setting) {
		.unique = world_chance(w, 2),
		.adopts = world_chance(w, 2),
		.memory = !world_chance(w, 8),
	};
	/* who finds no memory is not served: of them only the tables are right */
	w->excused = w->set.memory ? ~0U : 0;
	world_say(w, "alias_mode %d, follow_peer %d, a pool of %d bits",
		  cfg->alias_mode, cfg->follow_peer,
		  32 - w->en.pool.prefix.len);
	world_say(w, "max_contexts %d, %d of an address", cfg->max_contexts,
		  cfg->max_contexts_per_peer);
	world_say(w, "the daemon%s%s",
		  w->set.unique ? " ends older IKE SAs of a client," : "",
		  w->set.adopts ? " has a new IKE SA take over the SAs" : "");
}

/*
 * May a client behind a NAT speak IKEv2? With alias_mode 1 it keeps its real address,
 * as without the module. Behind a NAT with two addresses it comes as it came, and its
 * context, if anybody's, is made of its SA.
 */
static bool world_v2(const struct world *w)
{
	int i;

	for (i = 0; i < NATS; i++)
		if (w->nat[i].kind == NAT_CARRIER)
			return false;
	return w->en.cfg.alias_mode >= ESP_NAT_ALIAS_IKEV2;
}

static void world_client(struct world *w, int who)
{
	static const int nats[] = { 0, 0, 0, 1, 1, 2, NOBODY };
	struct client *c = &w->client[who];

	c->nat = nats[world_chance(w, ARRAY_SIZE(nats))];
	c->major = 1 + (!world_chance(w, 3) &&
			(c->nat == NOBODY || world_v2(w)));
	c->local = !world_chance(w, 4);
	c->plain = c->nat == NOBODY && c->major == 1 && world_chance(w, 2);
	c->session = NOBODY;
	world_say(w, "%s speaks IKEv%d%s to %u, %s%c", world_name(who),
		  c->major, c->plain ? " and plain ESP" : "", c->local,
		  c->nat == NOBODY ? "without NAT" : "behind NAT ",
		  c->nat == NOBODY ? ' ' : '0' + c->nat);
}

/* as a NAT's kind is told */
static const char * const world_kinds[] = {
	"keeps ports", "chooses ports", "passes port 500", "has two addresses",
};

void world_begin(struct world *w, u64 seed)
{
	bool tells = w->tells;
	int i;

	*w = (struct world) { .rnd = seed, .tells = tells, .actor = NOBODY };
	jiffies = WORLD_JIFFIES;
	gateway_begin(w);
	world_cfg(w);
	for (i = 0; i < NATS; i++) {
		w->nat[i].kind = world_chance(w, NAT_KINDS);
		world_say(w, "NAT %d %s", i, world_kinds[w->nat[i].kind]);
	}
	for (i = 0; i < CLIENTS; i++)
		world_client(w, i);
}

void world_end(struct world *w)
{
	gateway_end(w);
}
