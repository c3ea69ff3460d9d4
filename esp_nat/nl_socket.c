// SPDX-License-Identifier: GPL-2.0
/* Sockets in netlink: whose are nat_port and ike_port? */
#include <linux/udp.h>
#include <net/inet_sock.h>
#include <net/udp.h>

#include "nl_attr.h"
#include "socket.h"
#include "nl_socket.h"

/**
 * struct esp_nat_nl_socket - a socket, as it is told of
 * @local: what it is bound to
 * @inode: its inode's number, 0 if no process has it
 * @uid: its owner, as who asks sees that
 * @encap: UDP_ENCAP is set
 * @gro: UDP_GRO is set
 * @own: it is an own socket
 */
struct esp_nat_nl_socket {
	struct esp_nat_ep	local;
	u32			inode;
	u32			uid;
	bool			encap;
	bool			gro;
	bool			own;
};

static struct esp_nat_ep esp_nat_nl_socket_local(const struct sock *sk)
{
	__be16 port = htons(inet_sk(sk)->inet_num);

#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6)
		return esp_nat_ep6(&sk->sk_v6_rcv_saddr, port);
#endif
	return esp_nat_ep4(inet_sk(sk)->inet_rcv_saddr, port);
}

static struct esp_nat_nl_socket esp_nat_nl_socket_of(struct sock *sk,
						     struct user_namespace *user_ns)
{
	return (struct esp_nat_nl_socket) {
		.local	= esp_nat_nl_socket_local(sk),
		.inode	= sock_i_ino(sk),
		.uid	= from_kuid_munged(user_ns, READ_ONCE(sk->sk_uid)),
		.encap	= READ_ONCE(udp_sk(sk)->encap_type) ==
			  UDP_ENCAP_ESPINUDP,
		.gro	= udp_test_bit(GRO_ENABLED, sk),
	};
}

static int esp_nat_nl_socket_fill(struct sk_buff *skb,
				  const struct esp_nat_nl_socket *whose)
{
	struct nlattr *nest = nla_nest_start(skb, ESP_NAT_A_MSG_SOCKET);

	if (!nest ||
	    esp_nat_nl_attr_put_ep(skb, ESP_NAT_A_SOCKET_LOCAL, &whose->local) ||
	    nla_put_u32(skb, ESP_NAT_A_SOCKET_INODE, whose->inode) ||
	    nla_put_u32(skb, ESP_NAT_A_SOCKET_UID, whose->uid) ||
	    esp_nat_nl_attr_put_flag(skb, ESP_NAT_A_SOCKET_ENCAP, whose->encap) ||
	    esp_nat_nl_attr_put_flag(skb, ESP_NAT_A_SOCKET_GRO, whose->gro) ||
	    esp_nat_nl_attr_put_flag(skb, ESP_NAT_A_SOCKET_OWN, whose->own))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int esp_nat_nl_socket_put(struct sk_buff *skb, struct netlink_callback *cb,
				 const struct esp_nat_nl_socket *whose)
{
	struct nlmsghdr *nlh;

	nlh = esp_nat_nl_attr_next(skb, cb, ESP_NAT_CMD_SOCKET_GET);
	if (!nlh)
		return -EMSGSIZE;
	if (esp_nat_nl_socket_fill(skb, whose)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/* The sockets of a port from the args[1]th on. */
static int esp_nat_nl_socket_port(struct sk_buff *skb, struct netlink_callback *cb,
				  struct esp_nat_net *en, int port)
{
	struct user_namespace *user_ns = sk_user_ns(NETLINK_CB(cb->skb).sk);
	struct udp_hslot *slot = udp_hashslot(esp_nat_udp_table(en->net),
					      en->net, port);
	struct esp_nat_nl_socket whose;
	struct sock *sk;
	int err = 0;
	long n = 0;

	spin_lock_bh(&slot->lock);
	sk_for_each(sk, &slot->head) {
		if (!net_eq(sock_net(sk), en->net) ||
		    inet_sk(sk)->inet_num != port || n++ < cb->args[1])
			continue;
		whose = esp_nat_nl_socket_of(sk, user_ns);
		err = esp_nat_nl_socket_put(skb, cb, &whose);
		if (err)
			break;
		cb->args[1]++;
	}
	spin_unlock_bh(&slot->lock);
	return err;
}

/* The own sockets are bound to nothing; they are given what nobody else is. */
static int esp_nat_nl_socket_own(struct sk_buff *skb, struct netlink_callback *cb,
				 struct esp_nat_net *en)
{
	struct esp_nat_nl_socket whose = { .encap = true, .own = true };
	int family;

	for (; cb->args[1] < 2; cb->args[1]++) {
		family = cb->args[1] ? AF_INET6 : AF_INET;
		if (!esp_nat_socket_has(en, family))
			continue;
		whose.local.addr.family = family;
		whose.local.port = htons(READ_ONCE(en->cfg.nat_port));
		if (esp_nat_nl_socket_put(skb, cb, &whose))
			return -EMSGSIZE;
	}
	return 0;
}

static int esp_nat_nl_socket_part(struct sk_buff *skb, struct netlink_callback *cb,
				  struct esp_nat_net *en)
{
	switch (cb->args[0]) {
	case 0:
		return esp_nat_nl_socket_port(skb, cb, en,
					      READ_ONCE(en->cfg.nat_port));
	case 1:
		return esp_nat_nl_socket_port(skb, cb, en,
					      READ_ONCE(en->cfg.ike_port));
	default:
		return esp_nat_nl_socket_own(skb, cb, en);
	}
}

/**
 * esp_nat_nl_socket_dump() - the sockets on nat_port and ike_port
 * @skb: where to
 * @cb: the dump; args[0] is the part, args[1] the place in it
 *
 * Context: process.
 * Return: bytes written, 0: that was all.
 */
int esp_nat_nl_socket_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct esp_nat_net *en = esp_nat_nl_attr_net(cb);

	for (; cb->args[0] < 3; cb->args[0]++, cb->args[1] = 0)
		if (esp_nat_nl_socket_part(skb, cb, en))
			break;
	return skb->len;
}
