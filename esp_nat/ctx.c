// SPDX-License-Identifier: GPL-2.0
/* The table of contexts: what they are known by, and their states. */
#include <linux/module.h>
#include <linux/slab.h>

#include "ctx.h"
#include "gfp.h"

/**
 * enum esp_nat_ctx_limits - what no sysctl sets
 * @ESP_NAT_CTX_IKESAS: most IKE SAs that a context is known by
 */
enum esp_nat_ctx_limits {
	ESP_NAT_CTX_IKESAS	= 16,
};

/**
 * esp_nat_ctx_init() - make an empty table
 * @t: to be made
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_ctx_init(struct esp_nat_table *t)
{
	int err, i;

	spin_lock_init(&t->lock);
	xa_init_flags(&t->ids, XA_FLAGS_ACCOUNT);
	t->gen = 1;
	t->limit_told = jiffies - HZ;
	t->since = jiffies;
	t->spoke = jiffies;
	t->served = jiffies;
	t->strangers = jiffies;
	for (i = 0; i < ESP_NAT_CTX_STATES; i++)
		INIT_LIST_HEAD(&t->list[i]);

	err = esp_nat_binding_init(&t->bindings, &t->lock);
	if (err)
		return err;
	err = esp_nat_home_init(&t->homes, &t->lock);
	if (err)
		goto err_binding;
	err = esp_nat_ikesa_init(&t->ikesas, &t->lock);
	if (err)
		goto err_home;
	return 0;

err_home:
	esp_nat_home_exit(&t->homes);
err_binding:
	esp_nat_binding_exit(&t->bindings);
	return err;
}

/**
 * esp_nat_ctx_exit() - the reverse of esp_nat_ctx_init()
 * @t: the table; empty, and nobody looks up any more
 *
 * Context: process.
 */
void esp_nat_ctx_exit(struct esp_nat_table *t)
{
	esp_nat_ikesa_exit(&t->ikesas);
	esp_nat_home_exit(&t->homes);
	esp_nat_binding_exit(&t->bindings);
	xa_destroy(&t->ids);
}

/**
 * esp_nat_ctx_number() - a context gets its number, by which it is found
 * @t: the table
 * @ctx: the context
 *
 * Context: &esp_nat_table.lock held.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_ctx_number(struct esp_nat_table *t, struct esp_nat_ctx *ctx)
{
	int err;

	lockdep_assert_held(&t->lock);

	err = xa_insert(&t->ids, t->last_id + 1, ctx,
			ESP_NAT_GFP);
	if (err)
		return err;
	ctx->id = ++t->last_id;
	t->gen++;
	return 0;
}

/**
 * esp_nat_ctx_presented() - what a context's endpoint at home is presented as
 * @ctx: the context
 * @port: its port, network byte order
 *
 * Context: any.
 * Return: the presented endpoint.
 */
struct esp_nat_ep esp_nat_ctx_presented(const struct esp_nat_ctx *ctx,
					__be16 port)
{
	return (struct esp_nat_ep){ .addr = ctx->presented, .port = port };
}

/* ---- states ---- */

static bool esp_nat_ctx_busy(const struct esp_nat_ctx *ctx,
			     enum esp_nat_state state)
{
	return !ctx->aliased && state < ESP_NAT_CTX_LOST;
}

/**
 * esp_nat_ctx_pin() - is a context to hold the module?
 * @t: the table
 * @ctx: the context
 * @pin: with its SAs installed, losing the module would cut an alias off
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_pin(struct esp_nat_table *t, struct esp_nat_ctx *ctx,
		     bool pin)
{
	lockdep_assert_held(&t->lock);

	if (ctx->pinned == pin)
		return;
	if (pin) {
		ctx->pinned = try_module_get(THIS_MODULE);
	} else {
		module_put(THIS_MODULE);
		ctx->pinned = false;
	}
}

/**
 * esp_nat_ctx_leave() - a context is in no state any more
 * @t: the table
 * @ctx: the context
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_leave(struct esp_nat_table *t, struct esp_nat_ctx *ctx)
{
	lockdep_assert_held(&t->lock);

	list_del(&ctx->list);
	t->count[ctx->state]--;
	if (esp_nat_ctx_confirmed(ctx))
		ctx->home->confirmed--;
	else
		esp_nat_home_less(ctx->home, &ctx->at_home,
				  ctx->state == ESP_NAT_CTX_ECHOED);
	if (ctx->state == ESP_NAT_CTX_LIVE)
		ctx->home->live--;
	if (ctx->aliased)
		ctx->home->aliased--;
	if (esp_nat_ctx_busy(ctx, ctx->state))
		ctx->home->busy--;
}

/**
 * esp_nat_ctx_enter() - a context begins its life
 * @t: the table
 * @ctx: the context, in no state
 * @state: its first one
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_enter(struct esp_nat_table *t, struct esp_nat_ctx *ctx,
		       enum esp_nat_state state)
{
	lockdep_assert_held(&t->lock);

	ctx->state = state;
	ctx->since = jiffies;
	list_add_tail(&ctx->list, &t->list[state]);
	t->count[state]++;
	if (esp_nat_ctx_confirmed(ctx))
		ctx->home->confirmed++;
	else
		esp_nat_home_more(ctx->home, &ctx->at_home,
				  state == ESP_NAT_CTX_ECHOED);
	if (state == ESP_NAT_CTX_LIVE)
		ctx->home->live++;
	if (ctx->aliased)
		ctx->home->aliased++;
	if (esp_nat_ctx_busy(ctx, state))
		ctx->home->busy++;
}

/**
 * esp_nat_ctx_own() - whose is the address that a context is at?
 * @ctx: the context, of which something became known
 *
 * A NAT's, if it is behind one. Its own, if it has none; it has received what it
 * was sent there.
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_own(struct esp_nat_ctx *ctx)
{
	if (ctx->pos.peer_nat == ESP_NAT_BEHIND_YES)
		ctx->home->natted = true;
	else if (ctx->pos.peer_nat == ESP_NAT_BEHIND_NO &&
		 ctx->state >= ESP_NAT_CTX_ECHOED)
		ctx->home->owned = true;
}

/* ---- IKE SAs ---- */

static void esp_nat_ctx_drop_ikesa(struct esp_nat_table *t,
				   struct esp_nat_ikesa *sa)
{
	lockdep_assert_held(&t->lock);

	if (sa->guest)
		sa->guest->guest_of = NULL;
	sa->guest = NULL;
	list_del(&sa->list);
	sa->ctx->nr_ikesas--;
}

/**
 * esp_nat_ctx_del_ikesa() - a context is not known by an IKE SA any more
 * @t: the table
 * @sa: its IKE SA
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_del_ikesa(struct esp_nat_table *t, struct esp_nat_ikesa *sa)
{
	esp_nat_ctx_drop_ikesa(t, sa);
	esp_nat_ikesa_del(&t->ikesas, sa);
}

/**
 * esp_nat_ctx_refuse_ikesa() - a context goes, and who has an IKE SA of it is
 *	refused
 * @t: the table
 * @sa: its IKE SA
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_refuse_ikesa(struct esp_nat_table *t, struct esp_nat_ikesa *sa)
{
	esp_nat_ctx_drop_ikesa(t, sa);
	esp_nat_ikesa_refuse(&t->ikesas, sa);
}

/* How far has an IKE SA come? What anybody can begin, nobody keeps. */
static int esp_nat_ctx_worth(const struct esp_nat_ikesa *sa)
{
	return !!sa->key.spir + sa->echoed + sa->proven;
}

/* The oldest of those that are worth least, but the newest, which is in hand. */
static struct esp_nat_ikesa *esp_nat_ctx_least(struct esp_nat_ctx *ctx)
{
	struct esp_nat_ikesa *sa, *least = NULL;

	list_for_each_entry_reverse(sa, &ctx->ikesas, list)
		if (!list_is_first(&sa->list, &ctx->ikesas) &&
		    (!least || esp_nat_ctx_worth(sa) < esp_nat_ctx_worth(least)))
			least = sa;
	return least;
}

/**
 * esp_nat_ctx_add_ikesa() - an IKE SA belongs to a context from now on
 * @t: the table
 * @ctx: the context
 * @sa: the IKE SA, new or another context's
 *
 * Of a context that has too many, the oldest is forgotten, first one whose SPIr
 * the daemon has not told, whose peer has not sent that, or is not authenticated.
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_add_ikesa(struct esp_nat_table *t, struct esp_nat_ctx *ctx,
			   struct esp_nat_ikesa *sa)
{
	lockdep_assert_held(&t->lock);

	if (sa->ctx)
		sa->ctx->nr_ikesas--;
	sa->ctx = ctx;
	list_move(&sa->list, &ctx->ikesas);
	if (++ctx->nr_ikesas > ESP_NAT_CTX_IKESAS)
		esp_nat_ctx_del_ikesa(t, esp_nat_ctx_least(ctx));
}

/**
 * esp_nat_ctx_host() - a context stands for an IKE SA at a foreign address
 * @t: the table
 * @guest: the context, NULL: there is none any more
 * @sa: the IKE SA
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_host(struct esp_nat_table *t, struct esp_nat_ctx *guest,
		      struct esp_nat_ikesa *sa)
{
	lockdep_assert_held(&t->lock);

	if (sa->guest)
		sa->guest->guest_of = NULL;
	sa->guest = guest;
	if (guest)
		guest->guest_of = sa;
}

/* ---- routes ---- */

static bool esp_nat_ctx_drop_route(struct esp_nat_ctx *ctx)
{
	struct esp_nat_binding *b;
	bool some = false;

	list_for_each_entry(b, &ctx->bindings, list) {
		if (!rcu_access_pointer(b->route))
			continue;
		esp_nat_route_drop(&b->route);
		some = true;
	}
	return some;
}

/**
 * esp_nat_ctx_drop_routes() - forget all cached routes, a device goes
 * @t: the table
 *
 * Context: process. The routes are gone when it returns.
 */
void esp_nat_ctx_drop_routes(struct esp_nat_table *t)
{
	struct esp_nat_ctx *ctx;
	bool some = false;
	int i;

	spin_lock_bh(&t->lock);
	for (i = 0; i < ESP_NAT_CTX_STATES; i++)
		list_for_each_entry(ctx, &t->list[i], list)
			some |= esp_nat_ctx_drop_route(ctx);
	spin_unlock_bh(&t->lock);
	if (some)
		rcu_barrier();
}
