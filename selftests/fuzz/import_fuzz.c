// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on the import of contexts: the input is what is wrong with the gateway,
 * and the attributes of a request. What is accepted is exported as it was told,
 * by a second reading of the attributes; that export is accepted again, here and
 * by a gateway that has nothing, and comes to the same. What is refused is
 * explained, and leaves nothing.
 */
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/route.h>

#include "cover.h"
#include "lifecycle.h"
#include "nl_attr.h"
#include "nl_import.h"
#include "nl_import_ctx.h"
#include "promise.h"
#include "sa_watch.h"
#include "told.h"

#define EXPORT	0x40000

int allocations = -1, module_users;
unsigned long jiffies = 100000;

/**
 * struct gateway - the input's beginning
 * @memory: so many allocations succeed; 0xff: all
 * @flags: enum gateway_flags
 */
struct gateway {
	uint8_t	memory;
	uint8_t	flags;
};

enum gateway_flags {
	GATEWAY_OFF	= 1 << 0,
	GATEWAY_COVERED	= 1 << 1,	/* its pool is */
	GATEWAY_FEW	= 1 << 2,	/* contexts it can have */
	GATEWAY_CROWDED	= 1 << 3,	/* few of an address */
};

static struct gateway gateway;
static struct esp_nat_net en;
struct user_namespace init_user_ns;
struct net init_net;
static struct net net = { .user_ns = &init_user_ns, .generic = &en };
static unsigned int kicks;
static struct told want, got, again;

/* ---- what is around ---- */

unsigned int inet_addr_type(struct net *n, __be32 addr)
{
	PROMISE(n == &net);
	if (addr == htonl(0xffffffff))
		return RTN_BROADCAST;
	if (ipv4_is_multicast(addr))
		return RTN_MULTICAST;
	return addr == htonl(0xc0000201) ? RTN_LOCAL : RTN_UNICAST;
}

bool esp_nat_cover_alias(struct esp_nat_net *n, const struct esp_nat_addr *alias,
			 int l3mdev)
{
	PROMISE(n == &en && n->table.lock.held && alias->family == AF_INET);
	return gateway.flags & GATEWAY_COVERED;
}

void esp_nat_sa_watch_kick(struct esp_nat_net *n)
{
	PROMISE(n == &en && !n->table.lock.held);
	kicks++;
}

void esp_nat_route_drop(struct esp_nat_route __rcu **slot)
{
	PROMISE(!*slot);
}

void esp_nat_route_exit(struct esp_nat_route __rcu **slot)
{
	PROMISE(!*slot);
}

/* ---- a gateway ---- */

static void begin(void)
{
	memset(&en, 0, sizeof(en));
	PROMISE(!esp_nat_net_init(&en, &net, false));
	en.cfg.enabled = !(gateway.flags & GATEWAY_OFF);
	if (gateway.flags & GATEWAY_FEW)
		en.cfg.max_contexts = 2;
	if (gateway.flags & GATEWAY_CROWDED)
		en.cfg.max_contexts_per_peer = 1;
}

/* Nothing is left of what it had. */
static void check_empty(void)
{
	const struct esp_nat_table *t = &en.table;
	unsigned int state;

	for (state = 0; state < ESP_NAT_CTX_STATES; state++)
		PROMISE(!t->count[state] && list_empty(&t->list[state]));
	PROMISE(xa_empty(&t->ids) && !en.pool.given && !module_users);
	PROMISE(!t->homes.by_addr.nelems && !t->ikesas.by_spi.nelems);
	PROMISE(!t->bindings.actual.nelems && !t->bindings.presented.nelems);
	PROMISE(list_empty(&t->ikesas.refused));
	/* an alias whose context could not be made is left to the next walk */
	spin_lock_bh(&en.table.lock);
	esp_nat_alias_sweep(&en.pool, t->sa_gen + 1);
	spin_unlock_bh(&en.table.lock);
	PROMISE(xa_empty(&en.pool.alias) && !en.pool.lingering);
}

static void end(void)
{
	esp_nat_lifecycle_flush(&en, ESP_NAT_DEATH_FLUSHED);
	check_empty();
	esp_nat_net_exit(&en);
}

/* ---- in ---- */

static void check_refused(int err, const struct netlink_ext_ack *extack)
{
	switch (err) {
	case -ENOMEM:
		PROMISE(gateway.memory != 0xff);
		return;
	case -ENETDOWN:
		PROMISE(gateway.flags & GATEWAY_OFF);
		break;
	case -EADDRNOTAVAIL:
		PROMISE(gateway.flags & GATEWAY_COVERED);
		break;
	case -EDQUOT:
		PROMISE(gateway.flags & (GATEWAY_FEW | GATEWAY_CROWDED));
		break;
	default:
		PROMISE(err == -EINVAL || err == -E2BIG || err == -ERANGE ||
			err == -EAFNOSUPPORT || err == -EEXIST);
	}
	PROMISE(extack->_msg && extack->bad_attr);
}

/* As generic netlink does it: what does not keep to the policy goes no further. */
static int import(const struct nlmsghdr *nlh)
{
	struct nlattr *tb[ESP_NAT_A_MSG_MAX + 1];
	struct netlink_ext_ack extack = { };
	struct genl_info info = {
		.nlhdr = nlh, .attrs = tb, .net = &net, .extack = &extack,
	};
	unsigned int before = kicks;
	int err;

	err = nlmsg_parse(nlh, GENL_HDRLEN, tb, ESP_NAT_A_MSG_MAX,
			  esp_nat_nl_import_policy, &extack);
	if (err)
		return err;
	err = esp_nat_nl_import_contexts(NULL, &info);
	PROMISE(!en.table.lock.held && !en.cfg.lock.held);
	PROMISE(kicks == before + 1 || (err == -ENOMEM && kicks == before));
	if (err)
		check_refused(err, &extack);
	return err;
}

/* ---- out ---- */

static void check_ctx(const struct told_ctx *ctx)
{
	size_t i;

	PROMISE(ctx->actual.family == 4 && ctx->presented.family == 4);
	PROMISE(ctx->home.family == 4 && ctx->local.family == 4);
	PROMISE(ctx->ike_sas <= TOLD_IKE_SAS);
	for (i = 0; i < ctx->ike_sas; i++)
		PROMISE(ctx->ike_sa[i].spir || ctx->ike_sa[i].peer.family == 4);
}

/* What an import takes of an export, which has more. */
static void keep_lasting(struct sk_buff *to, const struct nlattr *nest)
{
	struct nlattr *copy = nla_nest_start(to, ESP_NAT_A_MSG_CTX);
	const struct nlattr *attr;
	int rem;

	PROMISE(copy);
	nla_for_each_nested(attr, nest, rem) {
		if (!esp_nat_nl_import_ctx_policy[nla_type(attr)].type)
			continue;
		PROMISE(!nla_put(to, attr->nla_type, nla_len(attr),
				 nla_data(attr)));
	}
	nla_nest_end(to, copy);
}

/* All contexts, as they are told of; *@to: a request that imports them. */
static void export(struct told *all, struct sk_buff *to)
{
	static unsigned char room[1 << 14] __aligned(8);
	struct sk_buff one = { .data = room, .end = room + sizeof(room) };
	struct nlmsghdr *nlh;
	struct esp_nat_ctx *ctx;
	unsigned long id;

	nlh = nlmsg_put(to, 0, 0, 0, GENL_HDRLEN, 0);
	PROMISE(nlh);
	all->count = 0;
	spin_lock_bh(&en.table.lock);
	xa_for_each(&en.table.ids, id, ctx) {
		one.len = 0;
		PROMISE(all->count < TOLD_CONTEXTS);
		PROMISE(!esp_nat_nl_attr_put_ctx(&one, &en, ctx, true));
		told_ctx((void *)room, &all->ctx[all->count]);
		check_ctx(&all->ctx[all->count++]);
		keep_lasting(to, (void *)room);
	}
	spin_unlock_bh(&en.table.lock);
	nlh->nlmsg_len = to->len;
}

static bool same(const struct told *a, const struct told *b)
{
	return a->count == b->count &&
	       !memcmp(a->ctx, b->ctx, a->count * sizeof(a->ctx[0]));
}

/* ---- there and back ---- */

/* What the request tells of, the later told of the same as there is already. */
static bool read_request(const struct nlmsghdr *nlh, struct told *all)
{
	const struct nlattr *attr;
	struct told_ctx ctx;
	int rem;

	all->count = 0;
	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem) {
		told_ctx(attr, &ctx);
		if (!told_add(all, &ctx))
			return false;
	}
	return true;
}

static void check_accepted(const struct nlmsghdr *nlh)
{
	static unsigned char room[EXPORT] __aligned(8);
	struct sk_buff first = { .data = room, .end = room + EXPORT / 2 };
	struct sk_buff second = {
		.data = room + EXPORT / 2, .end = room + EXPORT,
	};

	PROMISE(read_request(nlh, &want));
	export(&got, &first);
	PROMISE(same(&want, &got));
	/* nothing is new to it */
	PROMISE(!import((void *)first.data));
	export(&again, &second);
	PROMISE(same(&got, &again));
	end();
	begin();
	PROMISE(!import((void *)first.data));
	second.len = 0;
	export(&again, &second);
	PROMISE(same(&got, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlmsghdr *nlh;
	int err;

	if (size < sizeof(gateway))
		return 0;
	memcpy(&gateway, data, sizeof(gateway));
	size -= sizeof(gateway);
	nlh = calloc(1, NLMSG_HDRLEN + GENL_HDRLEN + NLMSG_ALIGN(size));
	PROMISE(nlh);
	nlh->nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN + size;
	memcpy((char *)nlmsg_data(nlh) + GENL_HDRLEN, data + sizeof(gateway),
	       size);
	begin();
	allocations = gateway.memory == 0xff ? -1 : gateway.memory;
	err = import(nlh);
	allocations = -1;
	if (err)
		check_empty();
	else
		check_accepted(nlh);
	end();
	free(nlh);
	return 0;
}
