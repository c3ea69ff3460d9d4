// SPDX-License-Identifier: GPL-2.0
/* The module's tables: what they count is there, what is there they find. */
#include <linux/module.h>

#include "gateway.h"
#include "locate.h"
#include "tables.h"

/* as the module has them */
#define TABLES_IKESAS	16
#define TABLES_PROVEN	8
#define TABLES_HEARD	4

/**
 * struct counted - what a walk over all contexts finds
 *
 * Each as the module counts it elsewhere.
 */
struct counted {
	unsigned int	contexts;
	unsigned int	bindings;
	unsigned int	in_actual;
	unsigned int	in_presented;
	unsigned int	ikesas;
	unsigned int	aliased;
	int		pinned;
	unsigned int	homes;
};

#define TABLES_IS(w, cond, ctx)						\
	do {								\
		if (!(cond))						\
			world_broken(w, "context %lu: not " #cond,	\
				     (ctx)->id);			\
	} while (0)

static void tables_bindings(struct world *w, const struct esp_nat_ctx *ctx,
			    struct counted *n)
{
	struct esp_nat_bindings *all = &w->en.table.bindings;
	unsigned int proven = 0, heard = 0;
	const struct esp_nat_binding *b;
	bool believed = !ctx->believed;

	list_for_each_entry(b, &ctx->bindings, list) {
		n->bindings++;
		n->in_actual += b->in_actual;
		n->in_presented += b->in_presented;
		proven += b->proven;
		heard += !b->proven;
		believed |= b == ctx->believed;
		TABLES_IS(w, b->ctx == ctx, ctx);
		TABLES_IS(w, (esp_nat_binding_by_actual(all, &b->actual) == b) ==
			     b->in_actual, ctx);
		TABLES_IS(w, (esp_nat_binding_by_presented(all, &b->presented)
			      == b) == b->in_presented, ctx);
		TABLES_IS(w, !ctx->aliased || !b->in_presented, ctx);
	}
	TABLES_IS(w, believed, ctx);
	/* what is proven where it was heard before is one more, once */
	TABLES_IS(w, heard <= TABLES_HEARD, ctx);
	TABLES_IS(w, proven <= TABLES_PROVEN + TABLES_HEARD + 1, ctx);
}

static void tables_ikesas(struct world *w, const struct esp_nat_ctx *ctx,
			  struct counted *n)
{
	struct esp_nat_ikesas *all = &w->en.table.ikesas;
	const struct esp_nat_ikesa *sa;
	unsigned int some = 0;

	list_for_each_entry(sa, &ctx->ikesas, list) {
		some++;
		TABLES_IS(w, sa->ctx == ctx, ctx);
		TABLES_IS(w, esp_nat_ikesa_find(all, sa->key.spii, sa->key.spir,
						&sa->key.peer) == sa, ctx);
		TABLES_IS(w, !sa->guest || sa->guest->guest_of == sa, ctx);
	}
	n->ikesas += some;
	TABLES_IS(w, some == ctx->nr_ikesas && some <= TABLES_IKESAS, ctx);
	TABLES_IS(w, !ctx->guest_of || ctx->guest_of->guest == ctx, ctx);
}

static void tables_ctx(struct world *w, struct esp_nat_ctx *ctx,
		       enum esp_nat_state state, struct counted *n)
{
	bool live = state == ESP_NAT_CTX_LIVE;

	n->contexts++;
	n->aliased += ctx->aliased;
	n->pinned += ctx->pinned;
	TABLES_IS(w, ctx->state == state, ctx);
	TABLES_IS(w, xa_load(&w->en.table.ids, ctx->id) == ctx, ctx);
	TABLES_IS(w, ctx->pinned == (live && ctx->aliased), ctx);
	TABLES_IS(w, (esp_nat_alias_find(&w->en.pool, &ctx->presented) == ctx)
		     == ctx->aliased, ctx);
	TABLES_IS(w, !live || !list_empty(&ctx->due) || w->en.table.dirty, ctx);
	tables_bindings(w, ctx, n);
	tables_ikesas(w, ctx, n);
}

/* ---- homes ---- */

/* The contexts of a home, counted anew when the first of them is met. */
static void tables_home(struct world *w, const struct esp_nat_home *home)
{
	struct esp_nat_home now = { };
	const struct esp_nat_ctx *ctx;
	unsigned int most = w->en.cfg.max_contexts_per_peer, i;
	bool half;

	for (i = 0; i < ESP_NAT_CTX_STATES; i++)
		list_for_each_entry(ctx, &w->en.table.list[i], list) {
			if (ctx->home != home)
				continue;
			half = i < ESP_NAT_CTX_LIVE;
			now.contexts++;
			now.confirmed += !half;
			now.live += i == ESP_NAT_CTX_LIVE;
			now.aliased += ctx->aliased;
			now.busy += !ctx->aliased && i < ESP_NAT_CTX_LOST;
			if (half)
				now.nr_half[i]++;
		}
	if (now.contexts != home->contexts || now.confirmed != home->confirmed ||
	    now.live != home->live || now.aliased != home->aliased ||
	    now.busy != home->busy || now.nr_half[0] != home->nr_half[0] ||
	    now.nr_half[1] != home->nr_half[1])
		world_broken(w, "a home counts its contexts wrongly");
	if (now.nr_half[0] > most || now.nr_half[1] > most)
		world_broken(w, "a home has more half-open contexts than %u",
			     most);
}

static bool tables_first_at_home(const struct esp_nat_table *t,
				 const struct esp_nat_ctx *ctx)
{
	const struct esp_nat_ctx *at;
	int i;

	for (i = 0; i < ESP_NAT_CTX_STATES; i++)
		list_for_each_entry(at, &t->list[i], list)
			if (at->home == ctx->home)
				return at == ctx;
	return false;
}

/* ---- all of it ---- */

static void tables_sums(struct world *w, const struct counted *n)
{
	struct esp_nat_table *t = &w->en.table;
	unsigned long alias, lingers = 0;
	void *entry;

	xa_for_each(&w->en.pool.alias, alias, entry)
		lingers += xa_is_value(entry);
	if (n->bindings < n->in_actual || n->in_actual != t->bindings.actual.nelems ||
	    n->in_presented != t->bindings.presented.nelems)
		world_broken(w, "endpoints are found that no context has");
	if (n->ikesas + t->ikesas.nr_refused != t->ikesas.by_spi.nelems)
		world_broken(w, "IKE SAs are found that no context has");
	if (n->homes != t->homes.by_addr.nelems)
		world_broken(w, "homes are found that no context has");
	if (n->aliased != w->en.pool.given || lingers != w->en.pool.lingering)
		world_broken(w, "the pool counts its aliases wrongly");
	if (n->contexts != t->ids.count)
		world_broken(w, "contexts are found that have no state");
	if (n->pinned != module_refs)
		world_broken(w, "the module is held by %d, not by %d",
			     module_refs, n->pinned);
}

/* Every SA that xfrm has told of has a context, which has SAs. */
static void tables_sas(struct world *w)
{
	const struct esp_nat_ctx *ctx;
	struct esp_nat_ep to;
	struct child *c;

	if (w->ran || w->en.table.dirty)
		return;
	for (c = w->child; c < w->child + CHILDREN; c++) {
		if (!c->used)
			continue;
		ctx = gateway_esp_to(w, c, &to);
		/* an alias lingers until its client proves where it is */
		if (!ctx && esp_nat_alias_given(&w->en.pool, to.addr.ip.ip))
			continue;
		if (!ctx)
			world_broken(w, "SAs of %s have no context",
				     world_name(c->owner));
		else if (ctx->state != ESP_NAT_CTX_LIVE)
			world_broken(w, "SAs of %s have context %lu, which has none",
				     world_name(c->owner), ctx->id);
	}
}

void tables_check(struct world *w)
{
	struct esp_nat_table *t = &w->en.table;
	unsigned int quota = max(1, w->en.cfg.max_contexts / 8), some, i;
	struct counted n = { };
	struct esp_nat_ctx *ctx;

	t->lock.held = true;
	for (i = 0; i < ESP_NAT_CTX_STATES; i++) {
		some = 0;
		list_for_each_entry(ctx, &t->list[i], list) {
			some++;
			tables_ctx(w, ctx, i, &n);
			if (!tables_first_at_home(t, ctx))
				continue;
			n.homes++;
			tables_home(w, ctx->home);
		}
		if (some != t->count[i])
			world_broken(w, "%u contexts are in state %u, not %u",
				     some, i, t->count[i]);
	}
	if (t->count[ESP_NAT_CTX_HALF] + t->count[ESP_NAT_CTX_ECHOED] > quota)
		world_broken(w, "more than %u contexts are half-open", quota);
	tables_sums(w, &n);
	t->lock.held = false;
	tables_sas(w);
}
