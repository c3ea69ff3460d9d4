/* SPDX-License-Identifier: GPL-2.0 */
/* As much of an SA as a rule looks at; which there are, the test knows. */
#ifndef _UNIT_NET_XFRM_H
#define _UNIT_NET_XFRM_H

#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <netinet/in.h>

#define XFRM_STATE_VALID	1
#define XFRM_MODE_TRANSPORT	0

struct net;

typedef union {
	__be32		a4;
	__be32		a6[4];
	struct in6_addr	in6;
} xfrm_address_t;

struct xfrm_encap_tmpl {
	__be16 encap_sport;
	__be16 encap_dport;
};

struct xfrm_algo_auth {
	char alg_name[16];
};

struct xfrm_replay_state_esn {
	u32 seq;
	u32 replay_window;
};

struct xfrm_state {
	struct {
		xfrm_address_t	daddr;
		__be32		spi;
		u8		proto;
	} id;
	struct {
		xfrm_address_t	saddr;
		unsigned short	family;
		u8		mode;
		u8		replay_window;
	} props;
	struct {
		u8		state;
	} km;
	struct {
		u32		seq;
	} replay;
	struct xfrm_encap_tmpl		*encap;
	void				*aead;
	struct xfrm_algo_auth		*aalg;
	struct xfrm_replay_state_esn	*replay_esn;
	struct net			*net;
	spinlock_t			lock;	/* replay */
};

struct xfrm_state_walk {
	int unused;
};

#define xs_net(x)			((x)->net)
#define xfrm_state_put(x)		((void)(x))
#define xfrm_state_walk_init(w, proto, filter)	((void)(w))
#define xfrm_state_walk_done(w, net)	((void)(w))

/* the test's SAs */
struct xfrm_state *xfrm_state_lookup(struct net *net, u32 mark,
				     const xfrm_address_t *daddr, __be32 spi,
				     u8 proto, unsigned short family);
int xfrm_state_walk(struct net *net, struct xfrm_state_walk *walk,
		    int (*visit)(struct xfrm_state *x, int seq, void *data),
		    void *data);

#endif /* _UNIT_NET_XFRM_H */
