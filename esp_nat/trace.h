/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM esp_nat

#if !defined(_ESP_NAT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _ESP_NAT_TRACE_H

#include <linux/in6.h>
#include <linux/tracepoint.h>

#include "endpoint.h"
#include "position.h"
#include "stats.h"

#ifndef _ESP_NAT_TRACE_TO
#define _ESP_NAT_TRACE_TO
static inline void esp_nat_trace_to(u8 *to, const struct esp_nat_addr *addr,
				    __be16 port)
{
	struct esp_nat_ep ep = { .addr = *addr, .port = port };

	esp_nat_ep_to_sockaddr(&ep, (struct sockaddr_in6 *)to);
}
#endif

#define esp_nat_trace_role(role)					\
	__print_symbolic(role, { 0, "unknown" },			\
			 { 1, "initiator" }, { 2, "responder" })
#define esp_nat_trace_behind(known)					\
	__print_symbolic(known, { 0, "unknown" }, { 1, "no" }, { 2, "yes" })

/* Every birth is followed by one death: tests balance the two. */
DECLARE_EVENT_CLASS(esp_nat_ctx,
	TP_PROTO(unsigned int ns, const struct esp_nat_addr *actual,
		 const struct esp_nat_addr *presented, __be16 port,
		 __be64 spii, bool alias, int why),
	TP_ARGS(ns, actual, presented, port, spii, alias, why),
	TP_STRUCT__entry(
		__field(unsigned int, ns)
		__field(u64, spii)
		__field(bool, alias)
		__field(int, why)
		__array(u8, actual, sizeof(struct sockaddr_in6))
		__array(u8, presented, sizeof(struct sockaddr_in6))
	),
	TP_fast_assign(
		__entry->ns = ns;
		__entry->spii = be64_to_cpu(spii);
		__entry->alias = alias;
		__entry->why = why;
		esp_nat_trace_to(__entry->actual, actual, port);
		esp_nat_trace_to(__entry->presented, presented, port);
	),
	TP_printk("ns=%u actual=%pISpc presented=%pISpc spii=%016llx alias=%d why=%s",
		  __entry->ns, __entry->actual, __entry->presented,
		  __entry->spii, __entry->alias,
		  __print_symbolic(__entry->why,
				   { 0, "expired" },
				   { 1, "evicted" },
				   { 2, "flushed" },
				   { 3, "folded" },
				   { 4, "deleted" },
				   { 5, "refused" },
				   { -1, "born" }))
);

/**
 * esp_nat_ctx_birth - a context is born
 * @ns: inode number of its network namespace
 * @actual: where the client really is
 * @presented: what daemon and xfrm are shown
 * @port: the port it was first heard from, network byte order
 * @spii: SPIi of its first IKE message
 * @alias: true if @presented is an alias
 * @why: -1
 */
DEFINE_EVENT(esp_nat_ctx, esp_nat_ctx_birth,
	TP_PROTO(unsigned int ns, const struct esp_nat_addr *actual,
		 const struct esp_nat_addr *presented, __be16 port,
		 __be64 spii, bool alias, int why),
	TP_ARGS(ns, actual, presented, port, spii, alias, why)
);

/**
 * esp_nat_ctx_death - a context dies
 * @ns: inode number of its network namespace
 * @actual: where the client really was
 * @presented: what daemon and xfrm were shown
 * @port: the port it was last heard from, network byte order
 * @spii: SPIi of its first IKE message
 * @alias: true if @presented is an alias
 * @why: an enum esp_nat_death
 */
DEFINE_EVENT(esp_nat_ctx, esp_nat_ctx_death,
	TP_PROTO(unsigned int ns, const struct esp_nat_addr *actual,
		 const struct esp_nat_addr *presented, __be16 port,
		 __be64 spii, bool alias, int why),
	TP_ARGS(ns, actual, presented, port, spii, alias, why)
);

/**
 * esp_nat_ctx_move - a context moves
 * @ns: inode number of its network namespace
 * @was: where it was
 * @now: where an authenticated packet came from
 * @presented: the address that daemon and xfrm are shown
 */
TRACE_EVENT(esp_nat_ctx_move,
	TP_PROTO(unsigned int ns, const struct esp_nat_ep *was,
		 const struct esp_nat_ep *now,
		 const struct esp_nat_addr *presented),
	TP_ARGS(ns, was, now, presented),
	TP_STRUCT__entry(
		__field(unsigned int, ns)
		__array(u8, was, sizeof(struct sockaddr_in6))
		__array(u8, now, sizeof(struct sockaddr_in6))
		__array(u8, presented, sizeof(struct sockaddr_in6))
	),
	TP_fast_assign(
		__entry->ns = ns;
		esp_nat_trace_to(__entry->was, &was->addr, was->port);
		esp_nat_trace_to(__entry->now, &now->addr, now->port);
		esp_nat_trace_to(__entry->presented, presented, 0);
	),
	TP_printk("ns=%u was=%pISpc now=%pISpc presented=%pISc", __entry->ns,
		  __entry->was, __entry->now, __entry->presented)
);

/**
 * esp_nat_ctx_position - a context learns of roles and NATs
 * @ns: inode number of its network namespace
 * @actual: its real address at birth
 * @presented: the address that daemon and xfrm are shown
 * @spii: SPIi of its first IKE message
 * @pos: what is known now
 */
TRACE_EVENT(esp_nat_ctx_position,
	TP_PROTO(unsigned int ns, const struct esp_nat_addr *actual,
		 const struct esp_nat_addr *presented, __be64 spii,
		 const struct esp_nat_position *pos),
	TP_ARGS(ns, actual, presented, spii, pos),
	TP_STRUCT__entry(
		__field(unsigned int, ns)
		__field(u64, spii)
		__field(u8, role)
		__field(u8, local_nat)
		__field(u8, peer_nat)
		__array(u8, actual, sizeof(struct sockaddr_in6))
		__array(u8, presented, sizeof(struct sockaddr_in6))
	),
	TP_fast_assign(
		__entry->ns = ns;
		__entry->spii = be64_to_cpu(spii);
		__entry->role = pos->role;
		__entry->local_nat = pos->local_nat;
		__entry->peer_nat = pos->peer_nat;
		esp_nat_trace_to(__entry->actual, actual, 0);
		esp_nat_trace_to(__entry->presented, presented, 0);
	),
	TP_printk("ns=%u actual=%pISc presented=%pISc spii=%016llx role=%s local_nat=%s peer_nat=%s",
		  __entry->ns, __entry->actual, __entry->presented,
		  __entry->spii,
		  esp_nat_trace_role(__entry->role),
		  esp_nat_trace_behind(__entry->local_nat),
		  esp_nat_trace_behind(__entry->peer_nat))
);

/**
 * esp_nat_outside - the rule does not allow a context's position, once for each
 * @ns: inode number of its network namespace
 * @actual: where the client really is
 * @presented: what daemon and xfrm are shown
 * @pos: who opened, and who is behind a NAT
 * @refused: refuse_outside_rule
 */
TRACE_EVENT(esp_nat_outside,
	TP_PROTO(unsigned int ns, const struct esp_nat_addr *actual,
		 const struct esp_nat_addr *presented,
		 const struct esp_nat_position *pos, bool refused),
	TP_ARGS(ns, actual, presented, pos, refused),
	TP_STRUCT__entry(
		__field(unsigned int, ns)
		__field(u8, role)
		__field(u8, local_nat)
		__field(u8, peer_nat)
		__field(bool, refused)
		__array(u8, actual, sizeof(struct sockaddr_in6))
		__array(u8, presented, sizeof(struct sockaddr_in6))
	),
	TP_fast_assign(
		__entry->ns = ns;
		__entry->role = pos->role;
		__entry->local_nat = pos->local_nat;
		__entry->peer_nat = pos->peer_nat;
		__entry->refused = refused;
		esp_nat_trace_to(__entry->actual, actual, 0);
		esp_nat_trace_to(__entry->presented, presented, 0);
	),
	TP_printk("ns=%u actual=%pISc presented=%pISc role=%s local_nat=%s peer_nat=%s refused=%d",
		  __entry->ns, __entry->actual, __entry->presented,
		  esp_nat_trace_role(__entry->role),
		  esp_nat_trace_behind(__entry->local_nat),
		  esp_nat_trace_behind(__entry->peer_nat),
		  __entry->refused)
);

/**
 * esp_nat_classify - what a UDP packet to nat_port or ike_port is
 * @ns: inode number of its network namespace
 * @from: where it comes from
 * @nat_port: it came to nat_port
 * @class: an enum esp_nat_class
 * @len: length of its payload, in bytes
 */
TRACE_EVENT(esp_nat_classify,
	TP_PROTO(unsigned int ns, const struct esp_nat_ep *from, bool nat_port,
		 int class, unsigned int len),
	TP_ARGS(ns, from, nat_port, class, len),
	TP_STRUCT__entry(
		__field(unsigned int, ns)
		__field(bool, nat_port)
		__field(u8, class)
		__field(unsigned int, len)
		__array(u8, from, sizeof(struct sockaddr_in6))
	),
	TP_fast_assign(
		__entry->ns = ns;
		__entry->nat_port = nat_port;
		__entry->class = class;
		__entry->len = len;
		esp_nat_trace_to(__entry->from, &from->addr, from->port);
	),
	TP_printk("ns=%u from=%pISpc nat_port=%d class=%s len=%u",
		  __entry->ns, __entry->from, __entry->nat_port,
		  __print_symbolic(__entry->class,
				   { 0, "keepalive" }, { 1, "ike" },
				   { 2, "esp" }, { 3, "runt" },
				   { 4, "ike_short" }, { 5, "ike_length" }),
		  __entry->len)
);

/**
 * esp_nat_rewrite - an endpoint in a packet becomes another
 * @ns: inode number of its network namespace
 * @out: its destination does, else its source
 * @was: what it was; of a destination, without its port
 * @now: what it is
 */
TRACE_EVENT(esp_nat_rewrite,
	TP_PROTO(unsigned int ns, bool out, const struct esp_nat_ep *was,
		 const struct esp_nat_ep *now),
	TP_ARGS(ns, out, was, now),
	TP_STRUCT__entry(
		__field(unsigned int, ns)
		__field(bool, out)
		__array(u8, was, sizeof(struct sockaddr_in6))
		__array(u8, now, sizeof(struct sockaddr_in6))
	),
	TP_fast_assign(
		__entry->ns = ns;
		__entry->out = out;
		esp_nat_trace_to(__entry->was, &was->addr, was->port);
		esp_nat_trace_to(__entry->now, &now->addr, now->port);
	),
	TP_printk("ns=%u %s was=%pISpc now=%pISpc", __entry->ns,
		  __entry->out ? "out" : "in", __entry->was, __entry->now)
);

/**
 * esp_nat_believe - an authenticated packet tells where its peer is
 * @ns: inode number of its network namespace
 * @presented: the endpoint that its SA knows
 * @from: where it came from
 */
TRACE_EVENT(esp_nat_believe,
	TP_PROTO(unsigned int ns, const struct esp_nat_ep *presented,
		 const struct esp_nat_ep *from),
	TP_ARGS(ns, presented, from),
	TP_STRUCT__entry(
		__field(unsigned int, ns)
		__array(u8, presented, sizeof(struct sockaddr_in6))
		__array(u8, from, sizeof(struct sockaddr_in6))
	),
	TP_fast_assign(
		__entry->ns = ns;
		esp_nat_trace_to(__entry->presented, &presented->addr,
				 presented->port);
		esp_nat_trace_to(__entry->from, &from->addr, from->port);
	),
	TP_printk("ns=%u presented=%pISpc from=%pISpc", __entry->ns,
		  __entry->presented, __entry->from)
);

/**
 * esp_nat_drop - a packet is dropped
 * @ns: inode number of its network namespace
 * @skb: the packet
 * @name: the counter that names the reason
 */
TRACE_EVENT(esp_nat_drop,
	TP_PROTO(unsigned int ns, const struct sk_buff *skb, const char *name),
	TP_ARGS(ns, skb, name),
	TP_STRUCT__entry(
		__field(unsigned int, ns)
		__field(const void *, skb)
		__array(char, reason, 24)
	),
	TP_fast_assign(
		__entry->ns = ns;
		__entry->skb = skb;
		strscpy(__entry->reason, name, sizeof(__entry->reason));
	),
	TP_printk("ns=%u skb=%p reason=%s",
		  __entry->ns, __entry->skb, __entry->reason)
);

#endif /* _ESP_NAT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
