// SPDX-License-Identifier: GPL-2.0
/*
 * Which context does an IKE message belong to? Found by IKE SA, never by
 * address alone: several clients may be behind one address, and even behind
 * one endpoint (a NAT that never translates port 500).
 */
#include "classify.h"
#include "fold.h"
#include "match.h"
#include "verdict.h"

/**
 * enum esp_nat_match_times - how long things take
 * @ESP_NAT_MATCH_SHAKES: a handshake that gets anywhere, in jiffies
 */
enum esp_nat_match_times {
	ESP_NAT_MATCH_SHAKES	= 90 * HZ,
};

/**
 * esp_nat_match_at_home() - does a message come from where a context was born?
 * @ctx: the context
 * @msg: the message
 *
 * Context: &esp_nat_table.lock held.
 * Return: true if it does, whatever its port.
 */
bool esp_nat_match_at_home(const struct esp_nat_ctx *ctx,
			   const struct esp_nat_ike_in *msg)
{
	return esp_nat_addr_equal(&ctx->home->addr, &msg->actual.peer.addr) &&
	       esp_nat_addr_equal(&ctx->home->local, &msg->actual.local);
}

/**
 * esp_nat_match_fold() - is a message perhaps of a client that is known, see fold.c?
 * @en: the namespace
 * @msg: the message
 * @sa: its IKE SA
 *
 * Context: &esp_nat_table.lock held.
 * Return: that client's binding, or NULL.
 */
const struct esp_nat_binding *
esp_nat_match_fold(struct esp_nat_net *en, const struct esp_nat_ike_in *msg,
		   const struct esp_nat_ikesa *sa)
{
	return msg->nat_port ? esp_nat_fold_at(en, sa, &msg->actual) : NULL;
}

/**
 * esp_nat_match_learn() - an IKE SA is a context's
 * @t: the table
 * @ctx: the context
 * @hdr: header of a message of it; its SPIr may be zero
 * @peer: the peer's actual address
 *
 * Context: &esp_nat_table.lock held.
 * Return: the new IKE SA, NULL for want of memory.
 */
struct esp_nat_ikesa *esp_nat_match_learn(struct esp_nat_table *t,
					  struct esp_nat_ctx *ctx,
					  const struct esp_nat_ike_hdr *hdr,
					  const struct esp_nat_addr *peer)
{
	struct esp_nat_ikesa *sa;

	sa = esp_nat_ikesa_add(&t->ikesas, hdr->spii, hdr->spir, peer);
	if (!sa)
		return NULL;
	/* until a message of it tells */
	sa->nat_port = ctx->used_nat_port;
	esp_nat_ctx_add_ikesa(t, ctx, sa);
	return sa;
}

/**
 * esp_nat_match_whole() - the IKE SA that both SPIs name
 * @t: the table
 * @hdr: header of a message
 *
 * Context: &esp_nat_table.lock held.
 * Return: the IKE SA or NULL.
 */
struct esp_nat_ikesa *esp_nat_match_whole(struct esp_nat_table *t,
					  const struct esp_nat_ike_hdr *hdr)
{
	return hdr->spir ? esp_nat_ikesa_find(&t->ikesas, hdr->spii, hdr->spir,
					      NULL) : NULL;
}

/**
 * esp_nat_match_half() - the IKE SA that has begun, as far as is known
 * @t: the table
 * @hdr: header of a message
 * @peer: the peer's actual address
 *
 * Context: &esp_nat_table.lock held.
 * Return: the IKE SA or NULL.
 */
struct esp_nat_ikesa *esp_nat_match_half(struct esp_nat_table *t,
					 const struct esp_nat_ike_hdr *hdr,
					 const struct esp_nat_addr *peer)
{
	return esp_nat_ikesa_find(&t->ikesas, hdr->spii, 0, peer);
}

/**
 * esp_nat_match_late() - is a handshake not known that began while we looked?
 * @t: the table
 * @hdr: header of a message of an IKE SA that is not known
 *
 * Its context has gone, or it is forged. One that was under way when this module
 * came has ended, or begun anew, after 90 seconds.
 *
 * Context: &esp_nat_table.lock held.
 * Return: true if it is.
 */
bool esp_nat_match_late(const struct esp_nat_table *t,
			const struct esp_nat_ike_hdr *hdr)
{
	return esp_nat_classify_shakes(hdr) &&
	       time_after(jiffies, READ_ONCE(t->since) + ESP_NAT_MATCH_SHAKES);
}

/**
 * esp_nat_match_refuse() - does the rule refuse a message?
 * @en: the namespace
 * @nat_port: it comes to or leaves from nat_port
 * @ctx: its context, or NULL
 *
 * On ike_port what is outside is reported, but not refused: there the two ends
 * find out what is between them.
 *
 * Context: &esp_nat_table.lock held.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_match_refuse(struct esp_nat_net *en, bool nat_port,
			 struct esp_nat_ctx *ctx)
{
	int reason = ctx ? esp_nat_verdict_refuse(en, ctx) : 0;

	return nat_port ? reason : 0;
}

/**
 * esp_nat_match_settle() - a context got an SA
 * @t: the table
 * @ctx: the context; if it was the guest of an IKE SA, the daemon has moved
 *	that here
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_match_settle(struct esp_nat_table *t, struct esp_nat_ctx *ctx)
{
	struct esp_nat_ikesa *sa = ctx->guest_of;

	lockdep_assert_held(&t->lock);

	if (!sa)
		return;
	esp_nat_ctx_host(t, NULL, sa);
	esp_nat_ctx_add_ikesa(t, ctx, sa);
}
