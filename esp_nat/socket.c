// SPDX-License-Identifier: GPL-2.0
/*
 * Sockets: is somebody bound to a port, and the own sockets of a namespace, one
 * for IPv4 and one for IPv6.
 *
 * An own socket is a UDP encapsulation socket as daemons have it, but for one
 * thing: it is not bound. Packets that would find nobody on nat_port are given
 * to it. So a daemon finds the port free whenever it comes, whatever its
 * socket's options, and from then on nothing is given to the own socket any
 * more; when the daemon has gone, it has its place again.
 */
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/udp.h>
#include <net/ipv6.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#include <net/sock.h>
#include <net/udp.h>
#include <net/xfrm.h>

#include "socket.h"

/* Where IPv6 is a module, or not there, it is not ours. */
#define ESP_NAT_SOCKET_IPV6	IS_BUILTIN(CONFIG_IPV6)

/* Whom a packet would find; no reference is held, RCU keeps it. */
static struct sock *esp_nat_socket_find(struct net *net,
					const struct esp_nat_ep *local,
					const struct esp_nat_ep *remote,
					struct esp_nat_udp_dev dev)
{
	if (ESP_NAT_SOCKET_IPV6 && local->addr.family == AF_INET6)
		return __udp6_lib_lookup(net, &remote->addr.ip.in6,
					 remote->port, &local->addr.ip.in6,
					 local->port, dev.dif, dev.sdif, NULL);
	if (local->addr.family == AF_INET6)
		return NULL;
	return __udp4_lib_lookup(net, remote->addr.ip.ip, remote->port,
				 local->addr.ip.ip, local->port, dev.dif,
				 dev.sdif, NULL);
}

/**
 * esp_nat_socket_bound() - would a UDP packet find a socket?
 * @net: the namespace
 * @local: its destination
 * @remote: its source
 * @dev: the device that it comes by
 *
 * Context: any, RCU read side.
 * Return: true if it would.
 */
bool esp_nat_socket_bound(struct net *net,
			  const struct esp_nat_ep *local,
			  const struct esp_nat_ep *remote,
			  struct esp_nat_udp_dev dev)
{
	return esp_nat_socket_find(net, local, remote, dev);
}

/**
 * esp_nat_socket_no_encap() - is nat_port somebody's who has ESP for himself?
 * @en: the namespace
 * @local: a packet's endpoint at this host; its port does not matter
 * @remote: its other endpoint
 * @dev: its device
 *
 * A daemon whose ESP is in user space, or a proxy: no SA of the kernel has
 * anything to do with its IKE.
 *
 * Context: any, RCU read side.
 * Return: true if a socket is bound there that has not set UDP_ENCAP; false if
 * it has, or there is none.
 */
bool esp_nat_socket_no_encap(struct esp_nat_net *en,
			     const struct esp_nat_ep *local,
			     const struct esp_nat_ep *remote,
			     struct esp_nat_udp_dev dev)
{
	struct esp_nat_ep at = *local;
	struct sock *sk;

	at.port = htons(READ_ONCE(en->cfg.nat_port));
	sk = esp_nat_socket_find(en->net, &at, remote, dev);
	return sk && READ_ONCE(udp_sk(sk)->encap_type) != UDP_ENCAP_ESPINUDP;
}

/* ---- IPv6's fragments ---- */

/*
 * IPv6 puts fragments together behind LOCAL_IN only, but for conntrack and its
 * like. What does it for them is a module, which insmod of this one must not
 * ask for; it stays as long as there is an own socket.
 */
static int esp_nat_socket_defrag(struct esp_nat_net *en)
{
	int (*enable)(struct net *net) = symbol_request(nf_defrag_ipv6_enable);
	int err;

	if (!enable)
		return -EOPNOTSUPP;
	err = enable(en->net);
	if (err)
		symbol_put(nf_defrag_ipv6_enable);
	return err;
}

static void esp_nat_socket_undefrag(struct esp_nat_net *en)
{
	void (*disable)(struct net *net) = symbol_get(nf_defrag_ipv6_disable);

	if (!WARN_ON_ONCE(!disable)) {
		disable(en->net);
		symbol_put(nf_defrag_ipv6_disable);
	}
	symbol_put(nf_defrag_ipv6_enable);
}

/* ---- the own sockets ---- */

static struct socket __rcu **esp_nat_socket_slot(struct esp_nat_net *en,
						 unsigned int family)
{
	return &en->own[family == AF_INET6];
}

/*
 * Policies that cover any protocol must not eat what carries ESP: as daemons
 * do, let it bypass them.
 */
static int esp_nat_socket_bypass(struct socket *sock, u8 dir)
{
	bool ipv6 = sock->sk->sk_family == AF_INET6;
	struct xfrm_userpolicy_info bypass = {
		.sel.family	= sock->sk->sk_family,
		.dir		= dir,
		.action		= XFRM_POLICY_ALLOW,
		.share		= XFRM_SHARE_ANY,
	};
	int err;

	err = sock->ops->setsockopt(sock, ipv6 ? SOL_IPV6 : SOL_IP,
				    ipv6 ? IPV6_XFRM_POLICY : IP_XFRM_POLICY,
				    KERNEL_SOCKPTR(&bypass), sizeof(bypass));
	/* nobody understood it */
	return err == -EINVAL ? -EOPNOTSUPP : err;
}

static int esp_nat_socket_setup(struct socket *sock)
{
	int encap = UDP_ENCAP_ESPINUDP;
	int err;

	err = sock->ops->setsockopt(sock, SOL_UDP, UDP_ENCAP,
				    KERNEL_SOCKPTR(&encap), sizeof(encap));
	if (err)
		return err;
	/* nobody reads from it */
	WRITE_ONCE(sock->sk->sk_rcvbuf, 0);
	err = esp_nat_socket_bypass(sock, XFRM_POLICY_IN);
	if (err)
		return err;
	return esp_nat_socket_bypass(sock, XFRM_POLICY_OUT);
}

static int esp_nat_socket_make(struct esp_nat_net *en, unsigned int family)
{
	struct socket *sock;
	int err;

	err = sock_create_kern(en->net, family, SOCK_DGRAM, IPPROTO_UDP, &sock);
	if (err)
		return err;
	err = esp_nat_socket_setup(sock);
	if (!err && family == AF_INET6)
		err = esp_nat_socket_defrag(en);
	if (err) {
		sock_release(sock);
		return err;
	}
	rcu_assign_pointer(*esp_nat_socket_slot(en, family), sock);
	return 0;
}

static bool esp_nat_socket_ipv6(void)
{
	return ESP_NAT_SOCKET_IPV6 && ipv6_mod_enabled();
}

/**
 * esp_nat_socket_open() - have own sockets
 * @en: the namespace, without one
 *
 * IPv6's only where the kernel has that built in.
 *
 * Context: process with CAP_NET_ADMIN in the namespace,
 * &esp_nat_cfg.lock held.
 * Return: 0 or a negative errno.
 */
int esp_nat_socket_open(struct esp_nat_net *en)
{
	int err;

	lockdep_assert_held(&en->cfg.lock);

	/* who understands policies of sockets is a module, most often */
	request_module("net-pf-%d-proto-%d", PF_NETLINK, NETLINK_XFRM);
	err = esp_nat_socket_make(en, AF_INET);
	if (err)
		return err;
	if (esp_nat_socket_ipv6())
		err = esp_nat_socket_make(en, AF_INET6);
	if (err)
		esp_nat_socket_close(en);
	return err;
}

/**
 * esp_nat_socket_close() - have no own sockets
 * @en: the namespace
 *
 * Context: process, &esp_nat_cfg.lock held or nobody else there.
 */
void esp_nat_socket_close(struct esp_nat_net *en)
{
	struct socket *sock = rcu_replace_pointer(en->own[0], NULL, true);
	struct socket *sock6 = rcu_replace_pointer(en->own[1], NULL, true);

	if (!sock)
		return;
	/* they are given packets under RCU */
	synchronize_net();
	sock_release(sock);
	if (!sock6)
		return;
	sock_release(sock6);
	esp_nat_socket_undefrag(en);
}

/**
 * esp_nat_socket_has() - is there an own socket?
 * @en: the namespace
 * @family: AF_INET or AF_INET6
 *
 * Context: any.
 * Return: true if there is.
 */
bool esp_nat_socket_has(struct esp_nat_net *en, unsigned int family)
{
	return rcu_access_pointer(*esp_nat_socket_slot(en, family));
}

/**
 * esp_nat_socket_own() - is a packet on nat_port the own socket's?
 * @en: the namespace
 * @local: the packet's endpoint at this host
 * @remote: its other endpoint
 * @dev: its device
 *
 * Context: any, RCU read side.
 * Return: false if there is none, or somebody else is bound there.
 */
bool esp_nat_socket_own(struct esp_nat_net *en, const struct esp_nat_ep *local,
			const struct esp_nat_ep *remote,
			struct esp_nat_udp_dev dev)
{
	return esp_nat_socket_has(en, local->addr.family) &&
	       !esp_nat_socket_bound(en->net, local, remote, dev);
}

/**
 * esp_nat_socket_give() - the own socket is to receive a packet
 * @en: the namespace
 * @skb: UDP packet in LOCAL_IN; stays the caller's
 * @family: AF_INET or AF_INET6, the packet's
 *
 * Context: softirq, RCU read side.
 * Return: false if the socket has just gone.
 */
bool esp_nat_socket_give(struct esp_nat_net *en, struct sk_buff *skb,
			 unsigned int family)
{
	struct socket *sock;

	sock = rcu_dereference(*esp_nat_socket_slot(en, family));
	if (!sock)
		return false;
	/* whom early demux has found */
	skb_orphan(skb);
	sock_hold(sock->sk);
	skb->sk = sock->sk;
	skb->destructor = sock_edemux;
	return true;
}
