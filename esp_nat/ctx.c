// SPDX-License-Identifier: GPL-2.0
/* The context table: look-up and states. */
#include <linux/module.h>
#include <linux/slab.h>

#include "alias.h"
#include "ctx.h"
#include "event.h"

/**
 * enum esp_nat_ctx_limits - what no sysctl sets
 * @ESP_NAT_CTX_HALF_SECS: a half-open context lives so long
 * @ESP_NAT_CTX_ECHOED_SECS: so long after an echo of an SPIr
 * @ESP_NAT_CTX_BINDINGS: most endpoints that a context is known by
 * @ESP_NAT_CTX_IKESAS: most IKE SAs that a context is known by
 */
enum esp_nat_ctx_limits {
	ESP_NAT_CTX_HALF_SECS	= 30,
	ESP_NAT_CTX_ECHOED_SECS	= 90,
	ESP_NAT_CTX_BINDINGS	= 8,
	ESP_NAT_CTX_IKESAS	= 16,
};

/**
 * esp_nat_ctx_init() - make the empty table of a namespace
 * @en: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_ctx_init(struct esp_nat_net *en)
{
	struct esp_nat_table *t = &en->table;
	int err, i;

	spin_lock_init(&t->lock);
	xa_init(&t->ids);
	t->gen = 1;
	t->limit_told = jiffies - HZ;
	for (i = 0; i < ESP_NAT_CTX_STATES; i++)
		INIT_LIST_HEAD(&t->list[i]);

	err = esp_nat_binding_init(en);
	if (err)
		return err;
	err = esp_nat_peer_init(en);
	if (err)
		goto err_binding;
	err = esp_nat_ikesa_init(en);
	if (err)
		goto err_peer;
	return 0;

err_peer:
	esp_nat_peer_exit(en);
err_binding:
	esp_nat_binding_exit(en);
	return err;
}

/**
 * esp_nat_ctx_exit() - the reverse of esp_nat_ctx_init()
 * @en: the namespace; flushed, and nobody looks up any more
 *
 * Context: process.
 */
void esp_nat_ctx_exit(struct esp_nat_net *en)
{
	esp_nat_ikesa_exit(en);
	esp_nat_peer_exit(en);
	esp_nat_binding_exit(en);
	xa_destroy(&en->table.ids);
}

/**
 * esp_nat_ctx_number() - a context gets its number, by which it is found
 * @en: the namespace
 * @ctx: the context
 *
 * Context: &esp_nat_table.lock held.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_ctx_number(struct esp_nat_net *en, struct esp_nat_ctx *ctx)
{
	struct esp_nat_table *t = &en->table;
	int err;

	lockdep_assert_held(&t->lock);

	err = xa_insert(&t->ids, t->last_id + 1, ctx,
			GFP_ATOMIC | __GFP_NOWARN);
	if (err)
		return err;
	ctx->id = ++t->last_id;
	t->gen++;
	return 0;
}

/* ---- bindings ---- */

/**
 * esp_nat_ctx_unbind() - a context is not known by an endpoint any more
 * @en: the namespace
 * @b: its binding
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_unbind(struct esp_nat_net *en, struct esp_nat_binding *b)
{
	list_del(&b->list);
	b->ctx->nr_bindings--;
	esp_nat_binding_del(en, b);
}

/* The oldest goes, first one that moves left behind; where it is, never. */
static void esp_nat_ctx_unbind_one(struct esp_nat_net *en,
				   struct esp_nat_ctx *ctx)
{
	struct esp_nat_binding *b, *oldest = NULL;

	list_for_each_entry(b, &ctx->bindings, list) {
		if (b == rcu_access_pointer(ctx->believed))
			continue;
		if (!oldest || !b->identity || oldest->identity)
			oldest = b;
	}
	esp_nat_ctx_unbind(en, oldest);
}

/**
 * esp_nat_ctx_bound() - was a context heard from this endpoint?
 * @en: the namespace
 * @ctx: the context
 * @actual: the endpoint
 *
 * Context: &esp_nat_table.lock held.
 * Return: its binding, which others may have taken over since, or NULL.
 */
struct esp_nat_binding *esp_nat_ctx_bound(struct esp_nat_net *en,
					  struct esp_nat_ctx *ctx,
					  const struct esp_nat_ep *actual)
{
	struct esp_nat_binding *b;

	lockdep_assert_held(&en->table.lock);

	list_for_each_entry(b, &ctx->bindings, list)
		if (esp_nat_ep_equal(&b->actual, actual))
			return b;
	return NULL;
}

/**
 * esp_nat_ctx_bind() - a context was heard from, or is sent to, an endpoint
 * @en: the namespace
 * @ctx: the context
 * @actual: the endpoint
 * @presented: what daemon and xfrm are shown for it, if it is new
 *
 * From now on the context is found there, and no other.
 *
 * Context: &esp_nat_table.lock held.
 * Return: the binding, NULL for want of memory.
 */
struct esp_nat_binding *esp_nat_ctx_bind(struct esp_nat_net *en,
					 struct esp_nat_ctx *ctx,
					 const struct esp_nat_ep *actual,
					 const struct esp_nat_ep *presented)
{
	struct esp_nat_binding *b = esp_nat_ctx_bound(en, ctx, actual);

	if (!b) {
		b = esp_nat_binding_add(ctx, actual, presented);
		if (!b)
			return NULL;
		if (ctx->nr_bindings == ESP_NAT_CTX_BINDINGS)
			esp_nat_ctx_unbind_one(en, ctx);
		list_add(&b->list, &ctx->bindings);
		ctx->nr_bindings++;
	}
	list_move(&b->list, &ctx->bindings);
	esp_nat_binding_publish(en, b);
	return b;
}

/**
 * esp_nat_ctx_show() - what a context's endpoint at home is presented as
 * @ctx: the context
 * @port: its port, network byte order
 *
 * Context: any.
 * Return: the presented endpoint.
 */
struct esp_nat_ep esp_nat_ctx_show(const struct esp_nat_ctx *ctx, __be16 port)
{
	return (struct esp_nat_ep){ .addr = ctx->presented, .port = port };
}

/**
 * esp_nat_ctx_by_presented() - who is presented as this endpoint?
 * @en: the namespace
 * @ep: a presented endpoint; the port of an alias does not matter
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 * Return: the context or NULL; valid under RCU.
 */
struct esp_nat_ctx *esp_nat_ctx_by_presented(struct esp_nat_net *en,
					     const struct esp_nat_ep *ep)
{
	struct esp_nat_ctx *ctx = esp_nat_alias_find(en, &ep->addr);
	struct esp_nat_binding *b;

	if (ctx)
		return ctx;
	b = esp_nat_binding_by_presented(en, ep);
	return b ? b->ctx : NULL;
}

/* ---- states ---- */

static bool esp_nat_ctx_busy(const struct esp_nat_ctx *ctx,
			     enum esp_nat_state state)
{
	return !ctx->aliased && state < ESP_NAT_CTX_LOST;
}

/**
 * esp_nat_ctx_lifetime() - how long may a context stay in a state?
 * @en: the namespace
 * @state: the state; one with an SA has no limit
 *
 * Context: any.
 * Return: jiffies.
 */
unsigned long esp_nat_ctx_lifetime(struct esp_nat_net *en,
				   enum esp_nat_state state)
{
	switch (state) {
	case ESP_NAT_CTX_HALF:
		return ESP_NAT_CTX_HALF_SECS * HZ;
	case ESP_NAT_CTX_ECHOED:
		return ESP_NAT_CTX_ECHOED_SECS * HZ;
	default:
		return READ_ONCE(en->cfg.idle_timeout) * (unsigned long)HZ;
	}
}

/**
 * esp_nat_ctx_pin() - is a context to hold the module?
 * @ctx: the context
 * @pin: with its SAs installed, losing the module would cut an alias off
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_pin(struct esp_nat_ctx *ctx, bool pin)
{
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
 * @en: the namespace
 * @ctx: the context
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_leave(struct esp_nat_net *en, struct esp_nat_ctx *ctx)
{
	list_del(&ctx->list);
	en->table.count[ctx->state]--;
	if (esp_nat_ctx_confirmed(ctx))
		ctx->peer->confirmed--;
	if (esp_nat_ctx_busy(ctx, ctx->state))
		ctx->peer->busy--;
}

/**
 * esp_nat_ctx_enter() - a context begins its life
 * @en: the namespace
 * @ctx: the context, in no state
 * @state: its first one
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_enter(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
		       enum esp_nat_state state)
{
	ctx->state = state;
	ctx->since = jiffies;
	list_add_tail(&ctx->list, &en->table.list[state]);
	en->table.count[state]++;
	if (esp_nat_ctx_confirmed(ctx))
		ctx->peer->confirmed++;
	if (esp_nat_ctx_busy(ctx, state))
		ctx->peer->busy++;
}

/**
 * esp_nat_ctx_set_state() - a context goes on in its life
 * @en: the namespace
 * @ctx: the context
 * @state: its new state; the one that it has starts its time again
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_set_state(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			   enum esp_nat_state state)
{
	bool first = !esp_nat_ctx_confirmed(ctx);

	lockdep_assert_held(&en->table.lock);

	esp_nat_ctx_leave(en, ctx);
	if (state == ESP_NAT_CTX_LOST && !ctx->aliased)
		esp_nat_peer_rest(ctx->peer);
	esp_nat_ctx_enter(en, ctx, state);

	if (first && esp_nat_ctx_confirmed(ctx)) {
		esp_nat_inc(en, ctx_confirmed);
		esp_nat_event_ctx(en, ctx, ESP_NAT_EVENT_CONFIRMED, NULL);
	}
	esp_nat_ctx_pin(ctx, ctx->aliased && state == ESP_NAT_CTX_LIVE);
}

/* ---- IKE SAs ---- */

/**
 * esp_nat_ctx_disown() - a context is not known by an IKE SA any more
 * @en: the namespace
 * @sa: its IKE SA
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_disown(struct esp_nat_net *en, struct esp_nat_ikesa *sa)
{
	if (sa->guest)
		sa->guest->guest_of = NULL;
	list_del(&sa->list);
	sa->ctx->nr_ikesas--;
	esp_nat_ikesa_del(en, sa);
}

static struct esp_nat_ikesa *esp_nat_ctx_oldest(struct esp_nat_ctx *ctx)
{
	struct esp_nat_ikesa *sa;

	/* but the newest, which is the one in hand */
	list_for_each_entry_reverse(sa, &ctx->ikesas, list)
		if (!sa->key.spir && !list_is_first(&sa->list, &ctx->ikesas))
			return sa;
	return list_last_entry(&ctx->ikesas, struct esp_nat_ikesa, list);
}

/**
 * esp_nat_ctx_own() - an IKE SA belongs to a context from now on
 * @en: the namespace
 * @ctx: the context
 * @sa: the IKE SA, new or another context's
 *
 * The oldest IKE SA of a context that has too many is forgotten, first those
 * whose SPIr the daemon has not told.
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_own(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
		     struct esp_nat_ikesa *sa)
{
	lockdep_assert_held(&en->table.lock);

	if (sa->ctx)
		sa->ctx->nr_ikesas--;
	sa->ctx = ctx;
	list_move(&sa->list, &ctx->ikesas);
	if (++ctx->nr_ikesas > ESP_NAT_CTX_IKESAS)
		esp_nat_ctx_disown(en, esp_nat_ctx_oldest(ctx));
}

/**
 * esp_nat_ctx_host() - a context stands for an IKE SA at a foreign address
 * @en: the namespace
 * @guest: the context, NULL: there is none any more
 * @sa: the IKE SA
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ctx_host(struct esp_nat_net *en, struct esp_nat_ctx *guest,
		      struct esp_nat_ikesa *sa)
{
	lockdep_assert_held(&en->table.lock);

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
 * @en: the namespace
 *
 * Context: process. The routes are gone when it returns.
 */
void esp_nat_ctx_drop_routes(struct esp_nat_net *en)
{
	struct esp_nat_ctx *ctx;
	bool some = false;
	int i;

	spin_lock_bh(&en->table.lock);
	for (i = 0; i < ESP_NAT_CTX_STATES; i++)
		list_for_each_entry(ctx, &en->table.list[i], list)
			some |= esp_nat_ctx_drop_route(ctx);
	spin_unlock_bh(&en->table.lock);
	if (some)
		rcu_barrier();
}
