// SPDX-License-Identifier: GPL-2.0
/*
 * Sockets: is somebody bound to a port, and the own socket of a namespace.
 *
 * The own socket is a UDP encapsulation socket as daemons have it, but for one
 * thing: it is not bound. Packets that would find nobody on nat_port are given
 * to it. So a daemon finds the port free whenever it comes, whatever its
 * socket's options, and from then on nothing is given to the own socket any
 * more; when the daemon has gone, it has its place again.
 */
#include <linux/kmod.h>
#include <linux/net.h>
#include <linux/udp.h>
#include <net/sock.h>
#include <net/udp.h>
#include <net/xfrm.h>

#include "socket.h"

/**
 * esp_nat_socket_bound() - would a UDP packet find a socket?
 * @en: the namespace
 * @local: its destination
 * @remote: its source
 * @dif: index of the device that it comes by, or of that one's L3 master
 *
 * Context: any, RCU read side.
 * Return: true if it would.
 */
bool esp_nat_socket_bound(struct esp_nat_net *en,
			  const struct esp_nat_ep *local,
			  const struct esp_nat_ep *remote, int dif)
{
	struct sock *sk;

	sk = udp4_lib_lookup(en->net, remote->addr.ip.ip, remote->port,
			     local->addr.ip.ip, local->port, dif);
	if (!sk)
		return false;
	sock_put(sk);
	return true;
}

/* ---- the own socket ---- */

/*
 * Policies that cover any protocol must not eat what carries ESP: as daemons
 * do, let it bypass them.
 */
static int esp_nat_socket_bypass(struct socket *sock, u8 dir)
{
	struct xfrm_userpolicy_info bypass = {
		.sel.family	= AF_INET,
		.dir		= dir,
		.action		= XFRM_POLICY_ALLOW,
		.share		= XFRM_SHARE_ANY,
	};

	int err;

	err = sock->ops->setsockopt(sock, SOL_IP, IP_XFRM_POLICY,
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
	/* who understands policies of sockets is a module, like as not */
	request_module("net-pf-%d-proto-%d", PF_NETLINK, NETLINK_XFRM);
	/* nobody reads from it */
	WRITE_ONCE(sock->sk->sk_rcvbuf, 0);
	err = esp_nat_socket_bypass(sock, XFRM_POLICY_IN);
	if (err)
		return err;
	return esp_nat_socket_bypass(sock, XFRM_POLICY_OUT);
}

/**
 * esp_nat_socket_open() - have an own socket
 * @en: the namespace, without one
 *
 * Context: process with CAP_NET_ADMIN in the namespace,
 * &esp_nat_net.cfg_lock held.
 * Return: 0 or a negative errno.
 */
int esp_nat_socket_open(struct esp_nat_net *en)
{
	struct socket *sock;
	int err;

	err = sock_create_kern(en->net, PF_INET, SOCK_DGRAM, IPPROTO_UDP,
			       &sock);
	if (err)
		return err;
	err = esp_nat_socket_setup(sock);
	if (err) {
		sock_release(sock);
		return err;
	}
	rcu_assign_pointer(en->own, sock);
	return 0;
}

/**
 * esp_nat_socket_close() - have no own socket
 * @en: the namespace
 *
 * Context: process, &esp_nat_net.cfg_lock held or nobody else there.
 */
void esp_nat_socket_close(struct esp_nat_net *en)
{
	struct socket *sock = rcu_replace_pointer(en->own, NULL, true);

	if (!sock)
		return;
	/* it is given packets under RCU */
	synchronize_net();
	sock_release(sock);
}

/**
 * esp_nat_socket_own() - is a packet on nat_port the own socket's?
 * @en: the namespace
 * @local: the packet's endpoint at this host
 * @remote: its other endpoint
 * @dif: index of its device, or of that one's L3 master
 *
 * Context: any, RCU read side.
 * Return: false if there is none, or somebody else is bound there.
 */
bool esp_nat_socket_own(struct esp_nat_net *en, const struct esp_nat_ep *local,
			const struct esp_nat_ep *remote, int dif)
{
	return rcu_access_pointer(en->own) &&
	       !esp_nat_socket_bound(en, local, remote, dif);
}

/**
 * esp_nat_socket_give() - the own socket is to receive a packet
 * @en: the namespace
 * @skb: IPv4 UDP packet in LOCAL_IN; stays the caller's
 *
 * Context: softirq, RCU read side.
 * Return: false if the socket has just gone.
 */
bool esp_nat_socket_give(struct esp_nat_net *en, struct sk_buff *skb)
{
	struct socket *sock = rcu_dereference(en->own);

	if (!sock)
		return false;
	/* whom early demux has found */
	skb_orphan(skb);
	sock_hold(sock->sk);
	skb->sk = sock->sk;
	skb->destructor = sock_edemux;
	return true;
}
