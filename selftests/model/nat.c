// SPDX-License-Identifier: GPL-2.0
/*
 * NATs: some keep ports, some do not; all have few, so that one's port soon is
 * another's.
 */
#include "nat.h"

#define NAT_PORTS	6	/* ports that a NAT has, but 500 and 4500 */
#define NAT_FIRST	5000	/* the first of them */

static __be32 nat_addr(const struct nat *nat, int n, bool float_port)
{
	return htonl(0xc6336401 + 2 * n +
		     (nat->kind == NAT_CARRIER && float_port));
}

static struct mapping *nat_by_port(struct nat *nat, u16 port, bool float_port,
				   int local)
{
	struct mapping *m;

	for (m = nat->map; m < nat->map + MAPPINGS; m++)
		if (m->used && m->port == port && m->local == local &&
		    (nat->kind != NAT_CARRIER || m->float_port == float_port))
			return m;
	return NULL;
}

static struct mapping *nat_find(struct nat *nat, int who, bool float_port,
				int local)
{
	struct mapping *m;

	for (m = nat->map; m < nat->map + MAPPINGS; m++)
		if (m->used && m->who == who && m->float_port == float_port &&
		    m->local == local)
			return m;
	return NULL;
}

/* A free port, or that of whoever has been there longest. */
static u16 nat_port(struct world *w, struct nat *nat, bool float_port,
		    int local)
{
	u16 want = float_port ? 4500 : 500, port, oldest = NAT_FIRST;
	u32 first = world_chance(w, NAT_PORTS), i, age = ~0U;
	struct mapping *m;

	if (nat->kind == NAT_PASSES && !float_port)
		return want;
	if (nat->kind == NAT_KEEPS && !nat_by_port(nat, want, float_port, local))
		return want;
	for (i = 0; i < NAT_PORTS; i++) {
		port = NAT_FIRST + (first + i) % NAT_PORTS;
		m = nat_by_port(nat, port, float_port, local);
		if (!m)
			return port;
		if (m->age < age) {
			age = m->age;
			oldest = port;
		}
	}
	m = nat_by_port(nat, oldest, float_port, local);
	m->used = false;
	return oldest;
}

static struct mapping *nat_room(struct nat *nat)
{
	struct mapping *m, *oldest = nat->map;

	for (m = nat->map; m < nat->map + MAPPINGS; m++) {
		if (!m->used)
			return m;
		if (m->age < oldest->age)
			oldest = m;
	}
	return oldest;
}

struct esp_nat_ep nat_out(struct world *w, int who, int nat, bool float_port,
			  int local)
{
	struct mapping *m;
	struct nat *n;
	u16 port;

	if (nat == NOBODY)
		return esp_nat_ep4(htonl(0xc0000201 + who),
				   htons(float_port ? 4500 : 500));
	n = &w->nat[nat];
	m = nat_find(n, who, float_port, local);
	if (!m) {
		port = nat_port(w, n, float_port, local);
		m = nat_room(n);
		*m = (struct mapping) {
			.used = true, .who = who, .float_port = float_port,
			.local = local, .port = port, .age = ++n->age,
		};
		world_say(w, "  NAT %d: %s's port %d is %d outside", nat,
			  world_name(who), float_port ? 4500 : 500, port);
	}
	return esp_nat_ep4(nat_addr(n, nat, float_port), htons(m->port));
}

bool nat_reaches(const struct world *w, const struct esp_nat_ep *to, int local,
		 int who)
{
	const struct client *c = &w->client[who];
	const struct mapping *m;
	const struct nat *nat;

	if (c->nat == NOBODY)
		return to->addr.ip.ip == htonl(0xc0000201 + who);
	nat = &w->nat[c->nat];
	for (m = nat->map; m < nat->map + MAPPINGS; m++)
		if (m->used && m->who == who && m->local == local &&
		    htons(m->port) == to->port &&
		    nat_addr(nat, c->nat, m->float_port) == to->addr.ip.ip)
			return true;
	return false;
}

void nat_forget(struct world *w, int nat, int who)
{
	struct mapping *m;

	for (m = w->nat[nat].map; m < w->nat[nat].map + MAPPINGS; m++)
		if (who == NOBODY || m->who == who)
			m->used = false;
}

struct esp_nat_ep nat_any(struct world *w, int nat, bool float_port)
{
	static const u16 known[] = { 500, 4500 };
	u32 chance = world_chance(w, NAT_PORTS + ARRAY_SIZE(known));
	u16 port = chance < NAT_PORTS ? NAT_FIRST + chance :
					known[chance - NAT_PORTS];

	return esp_nat_ep4(nat_addr(&w->nat[nat], nat, float_port),
			   htons(port));
}
