/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_CTX_H
#define _ESP_NAT_CTX_H

#include "binding.h"
#include "ikesa.h"
#include "net.h"
#include "path.h"
#include "peer.h"

/**
 * struct esp_nat_tally - the ESP of a context
 * @rx_packets: authenticated packets from it
 * @rx_bytes: bytes of these as they came, IP headers included
 * @tx_packets: packets to it, segments counted
 * @tx_bytes: bytes of these as they go, IP headers included
 * @drops: packets from and to it that were dropped
 */
struct esp_nat_tally {
	atomic64_t	rx_packets;
	atomic64_t	rx_bytes;
	atomic64_t	tx_packets;
	atomic64_t	tx_bytes;
	atomic64_t	drops;
};

/**
 * struct esp_nat_ctx - a context: one client
 * @list: in &esp_nat_table.list of its @state
 * @id: its number, its place in &esp_nat_table.ids
 * @state: where in its life it is
 * @home: its real address at birth; peers are counted there
 * @presented: the address that daemon and xfrm are shown
 * @aliased: @presented comes from the pool
 * @used_nat_port: it was heard on nat_port
 * @plain_sa: it has had an SA without encapsulation
 * @pinned: holds a reference of the module
 * @outside_told: bit 0: it was reported that the rule does not allow its path
 * @plain_port: port that ESP goes to in UDP where its SA has no encapsulation,
 *	network byte order; 0 until one is believed; written without the lock
 * @path: who opened its first IKE SA, and which end is behind a NAT
 * @major: IKE version that opened it
 * @spii: SPIi that opened it, for traces
 * @born: jiffies of its birth
 * @since: jiffies of its last change of state, or what counts as that
 * @heard: jiffies of its last IKE message
 * @active: jiffies of the last packet to it, or authenticated one from it;
 *	written without the lock
 * @sent: jiffies of the last ESP to it; written without the lock
 * @due: in a slot of &esp_nat_net.wheel while it is live, else empty
 * @local: address of this end, as its SA has it
 * @sa_gen: the last walk that found an SA of it
 * @peer: @home's record
 * @believed: RCU, where the last authenticated packet that was believed came
 *	from, one of @bindings; NULL before the first
 * @moved: 64-bit jiffies of its last move to an endpoint that was new to it
 * @moves: how often it has moved
 * @tally: its ESP; written without the lock
 * @bindings: &struct esp_nat_binding, the newest first
 * @nr_bindings: how many
 * @ikesas: &struct esp_nat_ikesa, the newest first
 * @nr_ikesas: how many
 * @guest_of: the IKE SA whose guest it is, see &esp_nat_ikesa.guest
 * @rcu: for kfree_rcu()
 *
 * &esp_nat_table.lock protects all, and the writers of @believed; @home,
 * @presented and @aliased are set before it is published and stay.
 */
struct esp_nat_ctx {
	struct list_head		list;
	unsigned long			id;
	enum esp_nat_state		state;
	struct esp_nat_addr		home;
	struct esp_nat_addr		presented;
	bool				aliased;
	bool				used_nat_port;
	bool				plain_sa;
	bool				pinned;
	unsigned long			outside_told;
	__be16				plain_port;
	struct esp_nat_path		path;
	u8				major;
	__be64				spii;
	unsigned long			born;
	unsigned long			since;
	unsigned long			heard;
	unsigned long			active;
	unsigned long			sent;
	struct list_head		due;
	struct esp_nat_addr		local;
	u32				sa_gen;
	struct esp_nat_peer		*peer;
	struct esp_nat_binding __rcu	*believed;
	u64				moved;
	unsigned int			moves;
	struct esp_nat_tally		tally;
	struct list_head		bindings;
	unsigned int			nr_bindings;
	struct list_head		ikesas;
	unsigned int			nr_ikesas;
	struct esp_nat_ikesa		*guest_of;
	struct rcu_head			rcu;
};

int esp_nat_ctx_init(struct esp_nat_net *en);
void esp_nat_ctx_exit(struct esp_nat_net *en);
int esp_nat_ctx_number(struct esp_nat_net *en, struct esp_nat_ctx *ctx);
void esp_nat_ctx_enter(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
		       enum esp_nat_state state);
void esp_nat_ctx_leave(struct esp_nat_net *en, struct esp_nat_ctx *ctx);
void esp_nat_ctx_pin(struct esp_nat_ctx *ctx, bool pin);
void esp_nat_ctx_set_state(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			   enum esp_nat_state state);
unsigned long esp_nat_ctx_lifetime(struct esp_nat_net *en,
				   enum esp_nat_state state);
struct esp_nat_binding *esp_nat_ctx_bind(struct esp_nat_net *en,
					 struct esp_nat_ctx *ctx,
					 const struct esp_nat_ep *actual,
					 const struct esp_nat_ep *presented);
void esp_nat_ctx_unbind(struct esp_nat_net *en, struct esp_nat_binding *b);
struct esp_nat_binding *esp_nat_ctx_bound(struct esp_nat_net *en,
					  struct esp_nat_ctx *ctx,
					  const struct esp_nat_ep *actual);
struct esp_nat_ep esp_nat_ctx_show(const struct esp_nat_ctx *ctx, __be16 port);
struct esp_nat_ctx *esp_nat_ctx_by_presented(struct esp_nat_net *en,
					     const struct esp_nat_ep *ep);
void esp_nat_ctx_drop_routes(struct esp_nat_net *en);
void esp_nat_ctx_own(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
		     struct esp_nat_ikesa *sa);
void esp_nat_ctx_disown(struct esp_nat_net *en, struct esp_nat_ikesa *sa);
void esp_nat_ctx_host(struct esp_nat_net *en, struct esp_nat_ctx *guest,
		      struct esp_nat_ikesa *sa);

static inline void esp_nat_ctx_active(struct esp_nat_ctx *ctx)
{
	unsigned long now = jiffies;

	if (READ_ONCE(ctx->active) != now)
		WRITE_ONCE(ctx->active, now);
}

static inline void esp_nat_ctx_sent(struct esp_nat_ctx *ctx)
{
	unsigned long now = jiffies;

	if (READ_ONCE(ctx->sent) != now)
		WRITE_ONCE(ctx->sent, now);
	esp_nat_ctx_active(ctx);
}

static inline void esp_nat_ctx_count_rx(struct esp_nat_ctx *ctx,
					unsigned int bytes)
{
	atomic64_inc(&ctx->tally.rx_packets);
	atomic64_add(bytes, &ctx->tally.rx_bytes);
}

static inline void esp_nat_ctx_count_tx(struct esp_nat_ctx *ctx,
					unsigned int packets,
					unsigned int bytes)
{
	atomic64_add(packets, &ctx->tally.tx_packets);
	atomic64_add(bytes, &ctx->tally.tx_bytes);
}

static inline void esp_nat_ctx_count_drop(struct esp_nat_ctx *ctx)
{
	atomic64_inc(&ctx->tally.drops);
}

static inline bool esp_nat_ctx_ours(const struct esp_nat_ctx *ctx)
{
	return ctx->path.role == ESP_NAT_ROLE_INITIATOR;
}

static inline bool esp_nat_ctx_confirmed(const struct esp_nat_ctx *ctx)
{
	return ctx->state >= ESP_NAT_CTX_LIVE;
}

#endif /* _ESP_NAT_CTX_H */
