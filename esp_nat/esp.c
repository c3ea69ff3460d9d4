// SPDX-License-Identifier: GPL-2.0
/*
 * The way of ESP in:
 *
 *   esp_nat_esp_in()		xfrm's ESP protocol handler, before xfrm_input
 *   esp_nat_esp_gro()		the same where GRO takes ESP
 *   esp_nat_esp_accepted()	after xfrm_input has accepted it
 */
#include <linux/udp.h>
#include <net/gro.h>
#include <net/ip.h>
#include <net/xfrm.h>

#include "alias.h"
#include "esp.h"
#include "follow.h"
#include "locate.h"
#include "proto.h"
#include "rewrite.h"
#include "trace.h"
#include "verdict.h"

/*
 * Is a packet to be shown to come from where its SA knows? An alias' always, and
 * one's for which another port stands; of others what may be believed. The rest
 * passes as it came: its daemon may follow it.
 */
static bool esp_nat_esp_shows(struct esp_nat_net *en, const struct esp_nat_sa *sa,
			      bool encap)
{
	struct esp_nat_flow end = esp_nat_sa_in(sa);
	const struct esp_nat_ctx *ctx = esp_nat_locate_presented(en, &end);

	if (!ctx)
		return esp_nat_alias_given(&en->pool, sa->src.addr.ip.ip);
	if (ctx->aliased || (sa->src.port &&
			     READ_ONCE(ctx->stand_in) == sa->src.port))
		return true;
	return !ctx->contested && encap && sa->encap && sa->provable &&
	       esp_nat_follow_may(en, ctx);
}

/*
 * Note where an ESP packet comes from; then show it to come from where its SA
 * knows. Without an SA that knows a peer, or a port, false, it is left alone.
 */
static bool esp_nat_esp_present(struct esp_nat_net *en, struct sk_buff *skb,
				const __be32 *esp, struct udphdr *uh,
				struct esp_nat_sa *sa)
{
	__be32 spi = esp[0], seq = esp[1];
	struct iphdr *iph = ip_hdr(skb);
	struct esp_nat_ep from = esp_nat_ep4(iph->saddr, uh ? uh->source : 0);

	/* port 0 is nobody's, and stands for no port below */
	if (uh && !uh->source)
		return false;
	if (!esp_nat_sa_find(en->net, skb, spi, sa)) {
		esp_nat_inc(en, in_esp_no_sa);
		return false;
	}
	if (esp_nat_sa_from_any(sa))
		return false;
	esp_nat_secpath_tag(skb, &from, spi, seq);
	if (!esp_nat_ep_equal(&from, &sa->src) && esp_nat_esp_shows(en, sa, uh)) {
		esp_nat_rewrite_esp_source(iph, uh, &sa->src);
		esp_nat_inc(en, in_esp_presented);
		trace_esp_nat_rewrite(en->net->ns.inum, false, &from, &sa->src);
	}
	return true;
}

/*
 * An SA takes both forms, with and without UDP header (RFC 7296, section 2.23),
 * but xfrm only the one that the SA was made for.
 */
static bool esp_nat_esp_convert(struct esp_nat_net *en, struct sk_buff *skb,
				const struct esp_nat_sa *sa, bool encap)
{
	if (sa->encap == encap)
		return false;
	if (encap)
		esp_nat_rewrite_del_udp(skb);
	else if (esp_nat_rewrite_add_udp(skb, &sa->src, sa->dst.port))
		return false;
	esp_nat_inc(en, in_esp_converted);
	return true;
}

/*
 * RFC 3948, section 3.1.2: behind a NAT the transport checksum was made over
 * other addresses. Of an SA with encapsulation, xfrm takes it to be right.
 */
static void esp_nat_esp_trust(struct sk_buff *skb,
			      const struct esp_nat_origin *origin)
{
	const struct xfrm_state *x = origin->x;

	if (!origin->from.port || !origin->last || x->encap ||
	    x->props.mode != XFRM_MODE_TRANSPORT || !esp_nat_sa_integrity(x))
		return;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	esp_nat_secpath_vouch(skb);
}

/**
 * esp_nat_esp_accepted() - xfrm has authenticated a packet
 * @skb: the packet; stays the caller's
 * @origin: where it came from, and its SA
 *
 * What has no port says nothing of where UDP goes.
 *
 * Context: softirq, RCU read side.
 */
void esp_nat_esp_accepted(struct sk_buff *skb,
			  const struct esp_nat_origin *origin)
{
	struct esp_nat_net *en = esp_nat_net(xs_net(origin->x));
	struct esp_nat_sa sa = esp_nat_sa_of(origin->x);
	struct esp_nat_flow end = esp_nat_sa_in(&sa);
	struct esp_nat_ctx *ctx = esp_nat_locate_sa_end(en, &end, sa.encap);

	esp_nat_esp_trust(skb, origin);
	if (ctx)
		esp_nat_ctx_count_rx(ctx, origin->bytes);
	if (!origin->from.port || !esp_nat_sa_newest(origin->x, origin->seq))
		return;
	if (sa.encap)
		esp_nat_follow_believe(en, ctx, &end, &origin->from);
	else if (ctx)
		esp_nat_follow_plain(en, ctx, &origin->from);
}

/**
 * esp_nat_esp_refuse() - does the rule refuse ESP under an SA?
 * @en: the namespace
 * @sa: the SA
 *
 * Context: softirq, RCU read side.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_esp_refuse(struct esp_nat_net *en, const struct esp_nat_sa *sa)
{
	struct esp_nat_flow end = esp_nat_sa_in(sa);
	struct esp_nat_ctx *ctx;

	if (likely(!READ_ONCE(en->cfg.refuse_outside_rule)) ||
	    !READ_ONCE(en->cfg.enabled))
		return 0;
	ctx = esp_nat_locate_sa_end(en, &end, sa->encap);
	return ctx ? esp_nat_verdict_refuse(en, ctx) : 0;
}

/**
 * esp_nat_esp_in() - ESP on its way to xfrm
 * @en: the namespace
 * @skb: IPv4 packet at its ESP header; stays the caller's
 * @encap: its UDP header is before that; receives whether it is after
 *
 * Context: softirq, RCU read side. Pointers into @skb's headers go stale.
 * Return: 0; 1 if *@encap has changed; less than 0, the negative of an enum
 * esp_nat_stat, if it is to be dropped.
 */
int esp_nat_esp_in(struct esp_nat_net *en, struct sk_buff *skb, bool *encap)
{
	bool nested = esp_nat_secpath_decrypted(skb);
	struct udphdr *uh = NULL;
	struct esp_nat_sa sa;
	__be32 *esp;
	int reason;

	if (!READ_ONCE(en->cfg.enabled))
		return 0;
	if (*encap)
		esp_nat_inc(en, in_esp);
	else
		esp_nat_inc(en, in_esp_plain);
	if (skb->len < ESP_NAT_ESP_HDR_LEN)
		return 0;
	/* an alias' must not pass as it came: its daemon would follow it */
	if (!pskb_may_pull(skb, ESP_NAT_ESP_HDR_LEN) ||
	    skb_unclone(skb, GFP_ATOMIC))
		return -ESP_NAT_STAT_drop_no_memory;
	esp = (__be32 *)skb->data;
	if (!*esp) {
		esp_nat_inc(en, in_spi_zero);
		return 0;
	}
	if (*encap)
		uh = (struct udphdr *)esp - 1;
	if (!esp_nat_esp_present(en, skb, esp, uh, &sa))
		return 0;
	reason = esp_nat_esp_refuse(en, &sa);
	if (reason)
		return -reason;
	if (nested || !esp_nat_esp_convert(en, skb, &sa, *encap))
		return 0;
	*encap = sa.encap;
	return 1;
}

/**
 * esp_nat_esp_gro() - UDP-encapsulated ESP in GRO, on its way to xfrm
 * @en: the namespace
 * @skb: IPv4 packet, linear up to SPI and sequence number at the GRO offset,
 *	writable; stays the caller's
 * @was: receives the endpoint that it came from
 *
 * Context: softirq (NAPI), RCU read side.
 * Return: false if GRO is to leave it to the socket: its SA wants it in the
 * other form, or it is to be dropped, which only xfrm's handler does.
 */
bool esp_nat_esp_gro(struct esp_nat_net *en, struct sk_buff *skb,
		     struct esp_nat_ep *was)
{
	__be32 *esp = (void *)skb->data + skb_gro_offset(skb);
	struct udphdr *uh = (struct udphdr *)esp - 1;
	struct esp_nat_sa sa;

	*was = esp_nat_ep4(ip_hdr(skb)->saddr, uh->source);
	return !READ_ONCE(en->cfg.enabled) ||
	       !esp_nat_esp_present(en, skb, esp, uh, &sa) ||
	       (sa.encap && !esp_nat_esp_refuse(en, &sa));
}

/**
 * esp_nat_esp_gro_undo() - xfrm did not take it: the socket will see it again
 * @skb: the packet, as esp_nat_esp_gro() left it; stays the caller's
 * @was: the endpoint that it came from
 *
 * Context: softirq (NAPI), RCU read side.
 */
void esp_nat_esp_gro_undo(struct sk_buff *skb, const struct esp_nat_ep *was)
{
	struct udphdr *uh = (void *)skb->data + skb_gro_offset(skb);

	esp_nat_secpath_untag(skb);
	esp_nat_rewrite_esp_source(ip_hdr(skb), uh - 1, was);
}
