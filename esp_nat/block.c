// SPDX-License-Identifier: GPL-2.0
/*
 * Block mode (Microsoft KB 818043: where the IPsec service cannot start, its
 * driver blocks): UDP packets of guarded ports, L2TP's, that are not under an
 * SA neither come in nor leave. Decided under an SA, not by address.
 *
 *   esp_nat_block_in()	  LOCAL_IN, last
 *   esp_nat_block_out()  POST_ROUTING, last: marks and SNAT may have found a
 *			  policy
 *
 * It guards this host: what it only forwards is somebody else's.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>

#include "block.h"
#include "event.h"
#include "ports.h"
#include "secpath.h"
#include "socket.h"
#include "udp.h"

/* jiffies between two reports of a namespace */
#define ESP_NAT_BLOCK_REPORT	(10 * HZ)
/* &esp_nat_block.flags: a packet waits to be reported */
#define ESP_NAT_BLOCK_NOTED	0

/**
 * struct esp_nat_block - what block mode has to report
 * @en: the namespace
 * @work: prints it
 * @flags: one bit: the packet below waits to be reported
 * @src: source of a packet that was dropped; written by who has set the bit
 * @dst: its destination
 * @reason: why it was
 * @next: jiffies of the earliest next report
 */
struct esp_nat_block {
	struct esp_nat_net	*en;
	struct delayed_work	work;
	unsigned long		flags;
	struct esp_nat_ep	src;
	struct esp_nat_ep	dst;
	enum esp_nat_stat	reason;
	unsigned long		next;
};

/* ---- reports: the packet path notes, a work item prints ---- */

static void esp_nat_block_work(struct work_struct *work)
{
	struct esp_nat_block *block = container_of(to_delayed_work(work),
						   struct esp_nat_block, work);
	struct esp_nat_net *en = block->en;
	struct esp_nat_happening what = {
		.event	= ESP_NAT_EVENT_BLOCKED,
		.peer	= &block->src,
		.local	= &block->dst,
		.reason	= esp_nat_stats_name(block->reason),
	};
	struct sockaddr_in6 src, dst;

	if (block->reason == ESP_NAT_STAT_drop_block_out)
		swap(what.peer, what.local);
	esp_nat_ep_to_sockaddr(&block->src, &src);
	esp_nat_ep_to_sockaddr(&block->dst, &dst);
	net_warn_ratelimited("esp_nat: block_mode in namespace %u: UDP %pISpc > %pISpc is not under an SA; dropped so far: %lu in, %lu out\n",
			     en->net->ns.inum, &src, &dst,
			     esp_nat_stats_sum(en->stats, ESP_NAT_STAT_drop_block_in),
			     esp_nat_stats_sum(en->stats, ESP_NAT_STAT_drop_block_out));
	esp_nat_event_raise(en, &what);
	WRITE_ONCE(block->next, jiffies + ESP_NAT_BLOCK_REPORT);
	/* pairs with test_and_set_bit() in esp_nat_block_note() */
	clear_bit_unlock(ESP_NAT_BLOCK_NOTED, &block->flags);
}

static void esp_nat_block_note(struct esp_nat_net *en,
			       const struct esp_nat_udp *udp,
			       enum esp_nat_stat reason)
{
	struct esp_nat_block *block = en->block;
	unsigned long now = jiffies, next;

	if (test_bit(ESP_NAT_BLOCK_NOTED, &block->flags) ||
	    test_and_set_bit(ESP_NAT_BLOCK_NOTED, &block->flags))
		return;
	block->src = udp->src;
	block->dst = udp->dst;
	block->reason = reason;
	next = READ_ONCE(block->next);
	schedule_delayed_work(&block->work,
			      time_after(next, now) ? next - now : 0);
}

/* ---- which packets ---- */

/*
 * Either end: an L2TP client's own port may be any. IKE and the ESP that it
 * carries are what brings an SA, whatever port a NAT gives to the peer.
 */
static bool esp_nat_block_guards(struct esp_nat_net *en, __be16 local,
				 __be16 remote)
{
	const struct esp_nat_ports *ports;

	if (local == htons(READ_ONCE(en->cfg.nat_port)) ||
	    local == htons(READ_ONCE(en->cfg.ike_port)))
		return false;
	ports = rcu_dereference(en->cfg.block_ports);
	return esp_nat_ports_has(ports, ntohs(local)) ||
	       esp_nat_ports_has(ports, ntohs(remote));
}

/*
 * Does mode 1 let a packet pass: would IKE of its peer find a daemon? Those may
 * be bound to each address and device of their own.
 */
static bool esp_nat_block_open(struct esp_nat_net *en, struct esp_nat_ep local,
			       struct esp_nat_ep remote,
			       struct esp_nat_udp_dev dev)
{
	if (READ_ONCE(en->cfg.block_mode) == ESP_NAT_BLOCK_ALWAYS)
		return false;
	local.port = htons(READ_ONCE(en->cfg.ike_port));
	remote.port = local.port;
	return esp_nat_socket_bound(en->net, &local, &remote, dev);
}

/*
 * Came from this host itself, or out of an SA by a device that leaves no
 * secpath. The loopback device of a VRF is the VRF; what came by its ports has
 * the port's index in its control block.
 */
static bool esp_nat_block_safe_device(struct esp_nat_net *en,
				      const struct sk_buff *skb,
				      unsigned int family)
{
	const struct net_device *dev = skb->dev;

	if (netif_is_l3_master(dev))
		dev = dev_get_by_index_rcu(en->net, family == AF_INET6 ?
					   IP6CB(skb)->iif : IPCB(skb)->iif);
	return dev && (dev->flags & IFF_LOOPBACK || netif_is_l3_master(dev) ||
		       esp_nat_secpath_device(dev));
}

/**
 * esp_nat_block_in() - may a packet be delivered?
 * @en: the namespace
 * @skb: packet at its network header; IPv6 may be in fragments
 * @family: AF_INET or AF_INET6
 *
 * Context: softirq, RCU read side.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_block_in(struct esp_nat_net *en, const struct sk_buff *skb,
		     unsigned int family)
{
	struct esp_nat_udp udp;

	if (likely(!READ_ONCE(en->cfg.block_mode)))
		return 0;
	if (!esp_nat_udp_ends(skb, family, &udp) ||
	    !esp_nat_block_guards(en, udp.dst.port, udp.src.port) ||
	    esp_nat_secpath_esp_in(skb) ||
	    esp_nat_block_safe_device(en, skb, family) ||
	    esp_nat_block_open(en, udp.dst, udp.src,
			       esp_nat_udp_came_by(skb, family)))
		return 0;
	esp_nat_block_note(en, &udp, ESP_NAT_STAT_drop_block_in);
	return ESP_NAT_STAT_drop_block_in;
}

/*
 * Forwarded packets came by a device, and have no socket. That they came says
 * nothing: L2TP puts its header before a packet that this host may have
 * forwarded to the tunnel. Of the flags in the control block, IPv6 sets its own
 * for multicast only.
 */
static bool esp_nat_block_forwarded(const struct sk_buff *skb,
				    const struct sock *sk)
{
	return !sk && skb->skb_iif;
}

/**
 * esp_nat_block_out() - may a packet leave?
 * @en: the namespace
 * @skb: packet at its network header, routed
 * @family: AF_INET or AF_INET6
 * @out: the device that it leaves by
 * @sk: the socket that sends it, or NULL
 *
 * Devices that encrypt drop what they have no SA for; a VRF's packets come once
 * more.
 *
 * Context: softirq or process, RCU read side.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_block_out(struct esp_nat_net *en, const struct sk_buff *skb,
		      unsigned int family, const struct net_device *out,
		      const struct sock *sk)
{
	struct esp_nat_udp udp;

	if (likely(!READ_ONCE(en->cfg.block_mode)) ||
	    esp_nat_block_forwarded(skb, sk))
		return 0;
	if (!esp_nat_udp_ends(skb, family, &udp) ||
	    !esp_nat_block_guards(en, udp.src.port, udp.dst.port) ||
	    esp_nat_secpath_esp_out(skb, family) ||
	    out->flags & IFF_LOOPBACK || netif_is_l3_master(out) ||
	    esp_nat_secpath_device(out) ||
	    esp_nat_block_open(en, udp.src, udp.dst,
			       esp_nat_udp_leaves_by(out)))
		return 0;
	esp_nat_block_note(en, &udp, ESP_NAT_STAT_drop_block_out);
	return ESP_NAT_STAT_drop_block_out;
}

/**
 * esp_nat_block_init() - block mode of a namespace, off
 * @en: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_block_init(struct esp_nat_net *en)
{
	struct esp_nat_block *block = kzalloc(sizeof(*block), GFP_KERNEL);

	if (!block)
		return -ENOMEM;
	block->en = en;
	block->next = jiffies;
	INIT_DELAYED_WORK(&block->work, esp_nat_block_work);
	en->block = block;
	return 0;
}

/**
 * esp_nat_block_exit() - the reverse of esp_nat_block_init()
 * @en: the namespace; no packets pass any more
 *
 * Context: process.
 */
void esp_nat_block_exit(struct esp_nat_net *en)
{
	cancel_delayed_work_sync(&en->block->work);
	kfree(en->block);
}
