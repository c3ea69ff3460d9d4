/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_CTX_H
#define _ESP_NAT_CTX_H

#include <linux/xarray.h>

#include "binding.h"
#include "home.h"
#include "ikesa.h"
#include "position.h"

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
 * @at_home: in &esp_nat_home.half while it is half-open
 * @id: its number, its place in &esp_nat_table.ids
 * @state: where in its life it is
 * @home: its real address at birth
 * @presented: the address that daemon and xfrm are shown
 * @aliased: @presented comes from the pool
 * @contested: another context had its place before, and may have SAs there
 * @stand_in: presented port that stands for @stands_for, network byte order; 0:
 *	none does
 * @stands_for: its port for nat_port, as which one that has moved is presented
 * @used_nat_port: it was heard on nat_port
 * @plain_sa: it has had an SA without encapsulation
 * @pinned: holds a reference of the module
 * @outside_told: bit 0: it was reported that the rule does not allow its position
 * @plain_port: port that ESP goes to in UDP where its SA has no encapsulation,
 *	network byte order; 0 until one is believed; written without the lock
 * @pos: who opened its first IKE SA, and which end is behind a NAT
 * @major: IKE version that opened it
 * @spii: SPIi that opened it, for traces
 * @born: jiffies of its birth
 * @since: jiffies of its last change of state, or what counts as that
 * @heard: jiffies of the last message of an IKE SA that it is known by
 * @answered: jiffies of the last IKE message that the daemon sent it
 * @active: jiffies of the last packet to it, or authenticated one from it;
 *	written without the lock
 * @sent: jiffies of the last ESP to it; written without the lock
 * @due: in a slot of the wheel while it is live, else empty
 * @local: address of this end, as its SA has it, before that as it was born
 * @spi: SPI of its newest inbound SA, network byte order; 0: none is known
 * @nr_sas: inbound SAs that it has, as far as events tell; walks count anew
 * @sa_gen: the last walk that found an SA of it
 * @believed: RCU, where the last authenticated packet that was believed came
 *	from, one of @bindings; before the first NULL, or where the daemon has
 *	answered it, if that is another address than @home
 * @moved: 64-bit jiffies of its last move to an endpoint that was new to it
 * @moves: how often it has moved
 * @tally: its ESP; written without the lock
 * @bindings: &struct esp_nat_binding, the newest first
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
	struct list_head		at_home;
	unsigned long			id;
	enum esp_nat_state		state;
	struct esp_nat_home		*home;
	struct esp_nat_addr		presented;
	bool				aliased;
	bool				contested;
	__be16				stand_in;
	__be16				stands_for;
	bool				used_nat_port;
	bool				plain_sa;
	bool				pinned;
	unsigned long			outside_told;
	__be16				plain_port;
	struct esp_nat_position		pos;
	u8				major;
	__be64				spii;
	unsigned long			born;
	unsigned long			since;
	unsigned long			heard;
	unsigned long			answered;
	unsigned long			active;
	unsigned long			sent;
	struct list_head		due;
	struct esp_nat_addr		local;
	__be32				spi;
	unsigned int			nr_sas;
	u32				sa_gen;
	struct esp_nat_binding __rcu	*believed;
	u64				moved;
	unsigned int			moves;
	struct esp_nat_tally		tally;
	struct list_head		bindings;
	struct list_head		ikesas;
	unsigned int			nr_ikesas;
	struct esp_nat_ikesa		*guest_of;
	struct rcu_head			rcu;
};

/* How many states a context has, see enum esp_nat_state. */
#define ESP_NAT_CTX_STATES	(ESP_NAT_CTX_LOST + 1)

/**
 * struct esp_nat_table - the contexts of a namespace and how they are found
 * @lock: protects all below, contexts, IKE SAs and the pool's writers;
 *	taken in softirq and process context. Look-ups on the path of ESP
 *	need RCU only. Nests inside x->lock and xfrm_state_lock.
 * @list: contexts by state, those first that are next to go
 * @count: contexts by state
 * @bindings: endpoints that they were heard from
 * @ikesas: their IKE SAs
 * @homes: their real addresses at birth
 * @ids: contexts by their number
 * @last_id: number of the youngest context
 * @gen: rises whenever a context is born or dies; for consistent dumps
 * @sa_gen: generation of the last walk over the SAs
 * @limit_told: jiffies of the last event about a limit
 * @since: jiffies since when IKE is looked at; written without the lock
 * @spoke: jiffies of the last IKE message that the daemon sent
 * @served: jiffies when the latest of the requests came that it has answered
 * @strangers: jiffies of its last answer to a first message under an alias
 * @dirty: bit 0: a walk over the SAs is asked for; without the lock
 * @stopped: the namespace goes, no work is to be queued any more
 */
struct esp_nat_table {
	spinlock_t		lock;	/* all below, contexts, IKE SAs */
	struct list_head	list[ESP_NAT_CTX_STATES];
	unsigned int		count[ESP_NAT_CTX_STATES];
	struct esp_nat_bindings	bindings;
	struct esp_nat_ikesas	ikesas;
	struct esp_nat_homes	homes;
	struct xarray		ids;
	unsigned long		last_id;
	unsigned int		gen;
	u32			sa_gen;
	unsigned long		limit_told;
	unsigned long		since;
	unsigned long		spoke;
	unsigned long		served;
	unsigned long		strangers;
	unsigned long		dirty;
	bool			stopped;
};

int esp_nat_ctx_init(struct esp_nat_table *t);
void esp_nat_ctx_exit(struct esp_nat_table *t);
void esp_nat_ctx_own(struct esp_nat_ctx *ctx);
int esp_nat_ctx_number(struct esp_nat_table *t, struct esp_nat_ctx *ctx);
void esp_nat_ctx_enter(struct esp_nat_table *t, struct esp_nat_ctx *ctx,
		       enum esp_nat_state state);
void esp_nat_ctx_leave(struct esp_nat_table *t, struct esp_nat_ctx *ctx);
void esp_nat_ctx_pin(struct esp_nat_table *t, struct esp_nat_ctx *ctx,
		     bool pin);
struct esp_nat_ep esp_nat_ctx_presented(const struct esp_nat_ctx *ctx,
					__be16 port);
void esp_nat_ctx_drop_routes(struct esp_nat_table *t);
void esp_nat_ctx_add_ikesa(struct esp_nat_table *t, struct esp_nat_ctx *ctx,
			   struct esp_nat_ikesa *sa);
void esp_nat_ctx_del_ikesa(struct esp_nat_table *t, struct esp_nat_ikesa *sa);
void esp_nat_ctx_refuse_ikesa(struct esp_nat_table *t,
			      struct esp_nat_ikesa *sa);
void esp_nat_ctx_host(struct esp_nat_table *t, struct esp_nat_ctx *guest,
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

static inline bool esp_nat_ctx_initiated(const struct esp_nat_ctx *ctx)
{
	return ctx->pos.role == ESP_NAT_ROLE_INITIATOR;
}

static inline bool esp_nat_ctx_confirmed(const struct esp_nat_ctx *ctx)
{
	return ctx->state >= ESP_NAT_CTX_LIVE;
}

#endif /* _ESP_NAT_CTX_H */
