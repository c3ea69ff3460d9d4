// SPDX-License-Identifier: GPL-2.0
/*
 * SAs without UDP encapsulation: they have no port, neither to find their
 * context by, nor to send to where the rule has their ESP sent in UDP.
 */
#include "follow.h"
#include "plain.h"

/**
 * esp_nat_plain_find() - whose is an SA without encapsulation?
 * @en: the namespace
 * @presented: one end of it, its port 0
 *
 * Its peer speaks IKE on one of two ports.
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 * Return: the context or NULL; valid under RCU.
 */
struct esp_nat_ctx *esp_nat_plain_find(struct esp_nat_net *en,
				       const struct esp_nat_ep *presented)
{
	struct esp_nat_ep ep = *presented;
	struct esp_nat_ctx *ctx;

	ctx = esp_nat_ctx_by_presented(en, &ep);
	if (ctx)
		return ctx;
	ep.port = htons(READ_ONCE(en->cfg.ike_port));
	ctx = esp_nat_ctx_by_presented(en, &ep);
	if (ctx)
		return ctx;
	ep.port = htons(READ_ONCE(en->cfg.nat_port));
	return esp_nat_ctx_by_presented(en, &ep);
}

/**
 * esp_nat_plain_heard() - an authenticated UDP-encapsulated packet under an SA
 *	without encapsulation, the newest of that
 * @en: the namespace
 * @ctx: its context
 * @from: the actual endpoint that it came from
 *
 * Such an SA does not follow to another address; but where the rule has its ESP
 * sent in UDP, this tells the port that the peer's NAT has for it.
 *
 * Context: softirq, RCU read side.
 */
void esp_nat_plain_heard(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			 const struct esp_nat_ep *from)
{
	__be16 port;

	if (!esp_nat_addr_equal(&ctx->home, &from->addr))
		return;
	esp_nat_ctx_active(ctx);
	port = READ_ONCE(ctx->plain_port);
	if (port != from->port && (!port || esp_nat_follow_may(en, ctx)))
		WRITE_ONCE(ctx->plain_port, from->port);
}

/**
 * esp_nat_plain_where() - where does ESP of a context go in UDP, if its SA has
 *	no encapsulation?
 * @en: the namespace
 * @ctx: the context
 *
 * Context: RCU read side.
 * Return: the actual endpoint.
 */
struct esp_nat_ep esp_nat_plain_where(struct esp_nat_net *en,
				      const struct esp_nat_ctx *ctx)
{
	struct esp_nat_ep to = {
		.addr = ctx->home,
		.port = READ_ONCE(ctx->plain_port),
	};

	if (!to.port)
		to.port = htons(READ_ONCE(en->cfg.nat_port));
	return to;
}
