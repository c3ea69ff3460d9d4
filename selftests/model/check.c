// SPDX-License-Identifier: GPL-2.0
/*
 * The invariants of clients: who is known as what, where it is sent what is its, and
 * that nothing of that changes without proof. Exceptions are those that
 * Documentation/threats.rst and architecture.rst have.
 */
#include "check.h"
#include "follow.h"
#include "gateway.h"
#include "locate.h"
#include "nat.h"
#include "place.h"
#include "tables.h"

/* most contexts with SAs that are looked at */
#define CHECK_LIVE	128

/**
 * struct lasting - what lasts of a context that has SAs
 *
 * Members are as those of struct esp_nat_ctx; no padding is compared, since all is
 * zeroed before.
 */
struct lasting {
	struct esp_nat_addr	home;
	struct esp_nat_addr	home_local;
	struct esp_nat_addr	presented;
	bool			aliased;
	bool			contested;
	bool			used_nat_port;
	bool			plain_sa;
	bool			pinned;
	__be16			stand_in;
	__be16			stands_for;
	__be16			plain_port;
	struct esp_nat_position	pos;
	u64			moved;
	unsigned int		moves;
	__be32			spi;
	struct esp_nat_flow	believed;
	struct esp_nat_flow	shown;
	unsigned long		since;
	bool			is_believed;
	bool			found;
	u64			bindings;
	u64			ikesas;
};

/**
 * struct known - a context before a step
 * @id: its number
 * @owners: whose SAs it has, a bit a client
 * @lasting: what lasts of it
 */
struct known {
	unsigned long	id;
	unsigned int	owners;
	struct lasting	lasting;
};

static struct known check_known[CHECK_LIVE];
static unsigned int check_count;

/* ---- what lasts ---- */

static u64 check_hash(u64 hash, const void *data, size_t len)
{
	const u8 *byte = data;

	while (len--)
		hash = (hash ^ *byte++) * 0x100000001b3ULL;
	return hash ^ hash >> 29;
}

/* What is proven, whatever its order. */
static void check_bindings(const struct esp_nat_ctx *ctx, struct lasting *l)
{
	const struct esp_nat_binding *b;
	u64 hash;

	list_for_each_entry(b, &ctx->bindings, list) {
		if (!b->proven)
			continue;
		hash = check_hash(1, &b->actual, sizeof(b->actual));
		hash = check_hash(hash, &b->presented, sizeof(b->presented));
		l->bindings += check_hash(hash, &b->in_presented, 1);
	}
}

/*
 * Of one that was folded a moment ago, who speaks under it from elsewhere may be the
 * true peer, and gets it (architecture.rst).
 */
static void check_ikesas(const struct esp_nat_ctx *ctx, struct lasting *l)
{
	const struct esp_nat_ikesa *sa;
	u64 hash;

	list_for_each_entry(sa, &ctx->ikesas, list) {
		if (!sa->proven || sa->is_folded)
			continue;
		hash = check_hash(1, &sa->key, sizeof(sa->key));
		l->ikesas += check_hash(hash, &sa->pos, sizeof(sa->pos));
	}
}

static void check_lasting(const struct esp_nat_ctx *ctx, struct lasting *l)
{
	const struct esp_nat_binding *at = ctx->believed;

	memset(l, 0, sizeof(*l));
	l->home = ctx->home->addr;
	l->home_local = ctx->home->local;
	l->presented = ctx->presented;
	l->aliased = ctx->aliased;
	l->contested = ctx->contested;
	l->used_nat_port = ctx->used_nat_port;
	l->plain_sa = ctx->plain_sa;
	l->pinned = ctx->pinned;
	l->stand_in = ctx->stand_in;
	l->stands_for = ctx->stands_for;
	l->plain_port = ctx->plain_port;
	l->pos = ctx->pos;
	l->moved = ctx->moved;
	l->moves = ctx->moves;
	l->spi = ctx->spi;
	if (at) {
		l->believed = at->actual;
		l->shown = at->presented;
		l->since = at->believed;
		l->is_believed = at->is_believed;
		l->found = at->in_actual;
	}
	check_bindings(ctx, l);
	check_ikesas(ctx, l);
}

/* What goes to an alias that nobody has is dropped (architecture.rst). */
static bool check_nowhere(struct world *w, const struct esp_nat_ep *to)
{
	struct esp_nat_flow flow = { .peer = *to };

	return esp_nat_prefix_has(&w->en.pool.prefix, &to->addr) &&
	       !esp_nat_locate_presented(&w->en, &flow);
}

/* A context has gone after idle_timeout, but the daemon still knows its client. */
static bool check_gone(struct world *w, const struct session *s)
{
	struct esp_nat_addr local = world_local(s->local);
	struct esp_nat_flow flow = esp_nat_flow(&s->peer, &local);

	return !esp_nat_locate_presented(&w->en, &flow);
}

/* Say what differs, as far as it has a name. */
static const char *check_differs(const struct lasting *a, const struct lasting *b)
{
#define SAME(member) (!memcmp(&a->member, &b->member, sizeof(a->member)))
	return !SAME(used_nat_port) ? "used_nat_port" :
	       !SAME(pos) ? "its position" :
	       !SAME(contested) ? "contested" :
	       !SAME(stand_in) || !SAME(stands_for) ? "its stand-in" :
	       !SAME(plain_port) ? "its port of plain ESP" :
	       !SAME(moved) || !SAME(moves) ? "its moves" :
	       !SAME(believed) || !SAME(shown) ? "where it is believed to be" :
	       !SAME(since) || !SAME(is_believed) ? "since when it is believed" :
	       !SAME(found) ? "whether it is found where it is" :
	       !SAME(bindings) ? "what it is known by" :
	       !SAME(ikesas) ? "its IKE SAs" :
	       !SAME(spi) ? "its newest SA" : "something";
#undef SAME
}

/* ---- whose context is it? ---- */

static struct known *check_find(unsigned long id)
{
	unsigned int i;

	for (i = 0; i < check_count; i++)
		if (check_known[i].id == id)
			return &check_known[i];
	return NULL;
}

void check_before(struct world *w)
{
	struct esp_nat_table *t = &w->en.table;
	struct esp_nat_ctx *ctx;
	struct esp_nat_ep to;
	struct known *known;
	struct child *c;

	check_count = 0;
	list_for_each_entry(ctx, &t->list[ESP_NAT_CTX_LIVE], list) {
		if (check_count == CHECK_LIVE)
			break;
		known = &check_known[check_count++];
		known->id = ctx->id;
		known->owners = 0;
		check_lasting(ctx, &known->lasting);
	}
	for (c = w->child; c < w->child + CHILDREN; c++) {
		c->touched = false;
		ctx = c->used ? gateway_esp_to(w, c, &to) : NULL;
		known = ctx ? check_find(ctx->id) : NULL;
		/* the place of one that is dead may have become another's */
		if (known && c->at_client)
			known->owners |= 1U << c->owner;
	}
}

/*
 * A context had SAs before a step: it is as it was, unless its own client has proved
 * who it is. One who has proved that may take a place that the other has left.
 */
static void check_unchanged(struct world *w, const struct known *was)
{
	const struct esp_nat_ctx *ctx = xa_load(&w->en.table.ids, was->id);
	struct lasting now, before = was->lasting;

	if (w->proves && was->owners & 1U << w->actor)
		return;
	if (!ctx || ctx->state != ESP_NAT_CTX_LIVE) {
		world_broken(w, "context %lu had SAs, and is %s", was->id,
			     ctx ? "without" : "gone");
		return;
	}
	check_lasting(ctx, &now);
	/* whose packets were copied is found again where it is */
	if (w->proves || now.found)
		now.found = before.found;
	if (w->proves)
		now.bindings = before.bindings;
	/* one that was healed has it from the walk */
	if (!before.spi)
		now.spi = 0;
	if (memcmp(&now, &before, sizeof(now)))
		world_broken(w, "nobody has proved anything for context %lu, but %s has changed",
			     was->id, check_differs(&before, &now));
}

/* ---- after a step ---- */

/* An SA's packets go to its own client, and elsewhere only if that has moved. */
static void check_dest(struct world *w, struct child *c,
		       const struct esp_nat_ep *to)
{
	int local = world_local_of(&(struct esp_nat_addr) {
		.ip.ip = c->in.id.daddr.a4 });
	bool moved = !esp_nat_ep_equal(to, &c->dest);

	if (w->excused & 1U << c->owner || check_nowhere(w, to)) {
		c->dest = *to;
		return;
	}
	if (moved && c->at_client && !world_was_at(w, c->owner, to, local, c->in.encap))
		world_broken(w, "ESP of %s goes to %s, where it has never been",
			     world_name(c->owner), world_ep(to));
	if (moved && !c->touched && c->at_client && !(w->proves && w->actor == c->owner))
		world_broken(w, "ESP of %s goes to %s and no longer to %s, without its doing",
			     world_name(c->owner), world_ep(to),
			     world_ep(&c->dest));
	c->dest = *to;
}

/* No context has SAs of two clients that are both there. */
static void check_owners(struct world *w)
{
	struct esp_nat_ctx *ctx[CHILDREN];
	struct esp_nat_ep to;
	struct child *c, *d;

	for (c = w->child; c < w->child + CHILDREN; c++) {
		ctx[c - w->child] = NULL;
		if (!c->used)
			continue;
		ctx[c - w->child] = gateway_esp_to(w, c, &to);
		check_dest(w, c, &to);
		if (!c->at_client)
			ctx[c - w->child] = NULL;
	}
	for (c = w->child; c < w->child + CHILDREN; c++)
		for (d = w->child; ctx[c - w->child] && d < c; d++)
			if (ctx[d - w->child] == ctx[c - w->child] &&
			    c->owner != d->owner &&
			    !(w->excused & 1U << d->owner))
				world_broken(w, "context %lu has SAs of %s and of %s",
					     ctx[c - w->child]->id,
					     world_name(c->owner),
					     world_name(d->owner));
}

void check_after(struct world *w)
{
	unsigned int i;

	for (i = 0; i < check_count; i++)
		if (check_known[i].owners &&
		    !(check_known[i].owners & w->excused))
			check_unchanged(w, &check_known[i]);
	check_owners(w);
	tables_check(w);
}

/* ---- where a step comes by ---- */

const struct child *check_taken(const struct world *w,
				const struct child *after, int owner,
				const struct esp_nat_ep *at, __be32 local)
{
	bool alias = esp_nat_prefix_has(&w->en.pool.prefix, &at->addr);
	const struct child *c;

	for (c = after ? after + 1 : w->child; c < w->child + CHILDREN; c++)
		if (c->used && c->owner != owner && c->at_client &&
		    c->in.encap && c->in.id.daddr.a4 == local &&
		    c->in.props.saddr.a4 == at->addr.ip.ip &&
		    (alias || c->in_encap.encap_sport == at->port))
			return c;
	return NULL;
}

/*
 * A NAT has given a client the port of one that is silent, and that still seems to be
 * there. If it is alone nothing tells the two apart, with the module or without
 * (architecture.rst, folds); of them nothing more is asked.
 */
static bool check_inherits(struct world *w, const struct message *m,
			   const struct child *c)
{
	if (w->excused & (1U << m->who | 1U << c->owner)) {
		/* nor of whom they meet */
		w->excused |= 1U << c->owner | 1U << m->who;
		return true;
	}
	if (m->who != m->session->owner ||
	    nat_reaches(w, &m->from, m->local, c->owner) ||
	    !world_was_at(w, c->owner, &m->from, m->local, true))
		return false;
	w->excused |= 1U << c->owner | 1U << m->who;
	world_say(w, "  it has the place of %s", world_name(c->owner));
	return true;
}

/* SAs of another client, and a context of it that is found as this endpoint. */
static const struct child *check_neighbour(struct world *w,
					   const struct child *after,
					   const struct message *m,
					   const struct esp_nat_ep *presented)
{
	struct esp_nat_addr local = world_local(m->local);
	struct esp_nat_flow flow = esp_nat_flow(presented, &local);
	const struct esp_nat_ctx *ctx = esp_nat_locate_presented(&w->en, &flow);
	const struct child *c = after ? after + 1 : w->child;
	struct esp_nat_ep to;

	for (; ctx && c < w->child + CHILDREN; c++)
		if (c->used && c->at_client && c->owner != m->session->owner &&
		    gateway_esp_to(w, c, &to) == ctx)
			return c;
	return NULL;
}

void check_shown(struct world *w, const struct message *m,
		 const struct esp_nat_ep *presented)
{
	const struct child *c = NULL;

	/* who copies is answered in its place (threats.rst) */
	if (m->who != m->session->owner || m->kind < MSG_AUTH || !m->nat_port ||
	    !m->session->at_daemon || !w->known)
		return;
	while ((c = check_neighbour(w, c, m, presented)) &&
	       check_inherits(w, m, c))
		;
	if (c)
		world_broken(w, "%s is shown as %s, which is %s",
			     world_name(m->session->owner), world_ep(presented),
			     world_name(c->owner));
}

bool check_known_ike(struct world *w, const struct session *s)
{
	struct esp_nat_table *t = &w->en.table;
	bool known;

	t->lock.held = true;
	known = esp_nat_ikesa_find(&t->ikesas, s->spii, s->spir, NULL);
	t->lock.held = false;
	return known;
}

void check_answer(struct world *w, const struct session *s,
		  const struct message *m, const struct esp_nat_ep *to)
{
	/* what was forged before is answered there (threats.rst) */
	if (s->forged >> m->id % 32 & 1)
		return;
	/* a first message that is repeated from elsewhere is answered later */
	if (!m->real || m->who != s->owner || m->kind == MSG_FIRST ||
	    !w->known || m->again ||
	    w->excused & 1U << m->who ||
	    (s->major == 1 && m->kind >= MSG_ALIVE))
		return;
	if (!esp_nat_ep_equal(to, &m->from))
		world_broken(w, "%s asks from %s, the answer goes to %s",
			     world_name(m->who), world_ep(&m->from),
			     world_ep(to));
}

void check_started(struct world *w, const struct session *s,
		   const struct esp_nat_ep *to)
{
	/* who copies is answered in its place (threats.rst) */
	if (s->owner != EVIL && s->at_client && s->authed && !s->copied && !check_gone(w, s) &&
	    !(w->excused & 1U << s->owner) &&
	    !world_was_at(w, s->owner, to, s->local, true))
		world_broken(w, "the daemon asks %s, that goes to %s, where it has never been",
			     world_name(s->owner), world_ep(to));
}

void check_proved(struct world *w, const struct child *c,
		  const struct esp_nat_ep *from)
{
	struct esp_nat_ep to;
	const struct esp_nat_ctx *ctx = gateway_esp_to(w, c, &to);

	if (!ctx || w->ran || w->excused & 1U << c->owner || !esp_nat_follow_may(&w->en, ctx) ||
	    ctx->contested || time_before64(jiffies, ctx->moved + HZ))
		return;
	if (esp_nat_addr_equal(&to.addr, &from->addr) &&
	    (!c->in.encap || to.port == from->port))
		return;
	if (c->in.encap)
		world_broken(w, "%s has proved to be at %s, its ESP goes to %s",
			     world_name(c->owner), world_ep(from), world_ep(&to));
}

void check_mapping(struct world *w, const struct child *c,
		   const struct esp_nat_ep *shown)
{
	struct esp_nat_ep to;
	const struct esp_nat_ctx *ctx = gateway_esp_to(w, c, &to);

	if (w->excused & 1U << c->owner)
		return;
	if (ctx && (ctx->aliased || (esp_nat_follow_may(&w->en, ctx) &&
				     !ctx->contested)))
		world_broken(w, "%s is followed, and the daemon is told of %s all the same",
			     world_name(c->owner), world_ep(shown));
}

void check_child(struct world *w, struct child *c)
{
	struct esp_nat_ep at = esp_nat_ep4(c->in.props.saddr.a4,
					   c->in_encap.encap_sport);
	const struct child *other;

	if (!c->in.encap)
		return;
	other = check_taken(w, NULL, c->owner, &at, c->in.id.daddr.a4);
	if (other && !(w->excused & 1U << c->owner))
		world_broken(w, "SAs of %s and of %s are with %s, both",
			     world_name(c->owner), world_name(other->owner),
			     world_ep(&at));
}

/* What the daemon does with a client's SAs may change its context. */
void check_ends(struct world *w, const struct child *c)
{
	unsigned int i;

	for (i = 0; i < check_count; i++)
		if (check_known[i].owners & 1U << c->owner)
			check_known[i].owners = 0;
	(void)w;
}

void check_keepalive(struct world *w, const struct esp_nat_flow *presented)
{
	const struct child *c;
	struct esp_nat_ep to;

	for (c = w->child; c < w->child + CHILDREN; c++) {
		if (!c->used || !c->at_client || !c->out.encap ||
		    c->out.id.daddr.a4 != presented->peer.addr.ip.ip ||
		    c->out_encap.encap_dport != presented->peer.port ||
		    c->in.id.daddr.a4 != presented->local.ip.ip)
			continue;
		gateway_esp_to(w, c, &to);
		if (!(w->excused & 1U << c->owner) && !check_nowhere(w, &to) &&
		    !world_was_at(w, c->owner, &to,
				  world_local_of(&presented->local), true))
			world_broken(w, "a keepalive for %s goes to %s",
				     world_name(c->owner), world_ep(&to));
	}
}
