/* SPDX-License-Identifier: GPL-2.0 */
/* Attributes, and how a family of today has them validated: strictly. */
#ifndef _UNIT_NET_NETLINK_H
#define _UNIT_NET_NETLINK_H

#include <linux/kernel.h>
#include <linux/netlink.h>
#include <linux/skbuff.h>

enum {
	NLA_UNSPEC,
	NLA_U8,
	NLA_U16,
	NLA_U32,
	NLA_U64,
	NLA_FLAG,
	NLA_NESTED,
	NLA_BINARY,
};

/**
 * struct nla_policy - what an attribute has to be
 * @type: one of the above; NLA_UNSPEC: there is no such attribute
 * @len: of NLA_BINARY, its bytes; of NLA_NESTED, the highest type
 * @limited: @max counts
 * @max: greatest value
 * @nested_policy: of NLA_NESTED
 */
struct nla_policy {
	u8			type;
	u16			len;
	bool			limited;
	u64			max;
	const struct nla_policy	*nested_policy;
};

#define NLA_POLICY_NESTED(policy) \
	{ .type = NLA_NESTED, .nested_policy = policy, \
	  .len = ARRAY_SIZE(policy) - 1 }
#define NLA_POLICY_MAX(of, most)	{ .type = of, .limited = true, .max = most }
#define NLA_POLICY_EXACT_LEN(bytes)	{ .type = NLA_BINARY, .len = bytes }

struct netlink_ext_ack {
	const char		*_msg;
	const struct nlattr	*bad_attr;
};

#define NL_SET_ERR_MSG_ATTR(extack, attr, msg) \
	do { \
		(extack)->_msg = msg; \
		(extack)->bad_attr = attr; \
	} while (0)

struct sock {
	struct net *net;
};

struct netlink_skb_parms {
	u32 portid;
};

struct netlink_callback {
	struct sk_buff		*skb;
	const struct nlmsghdr	*nlh;
};

#define NETLINK_CB(skb)		((struct netlink_skb_parms) { .portid = !(skb) })
#define sock_net(sk)		((sk)->net)
#define nlmsg_data(nlh)		((void *)((char *)(nlh) + NLMSG_HDRLEN))
#define nla_type(nla)		((nla)->nla_type & NLA_TYPE_MASK)
#define nla_data(nla)		((void *)((char *)(nla) + NLA_HDRLEN))
#define nla_len(nla)		((int)(nla)->nla_len - NLA_HDRLEN)
#define nla_for_each_attr(pos, head, len, rem) \
	for (pos = (head), rem = (len); nla_ok(pos, rem); \
	     pos = nla_next(pos, &(rem)))
#define nla_for_each_nested(pos, nla, rem) \
	nla_for_each_attr(pos, nla_data(nla), nla_len(nla), rem)
#define nlmsg_for_each_attr(pos, nlh, hdrlen, rem) \
	nla_for_each_attr(pos, \
			  (void *)((char *)nlmsg_data(nlh) + NLMSG_ALIGN(hdrlen)), \
			  (int)((nlh)->nlmsg_len - NLMSG_HDRLEN - \
				NLMSG_ALIGN(hdrlen)), rem)

static inline bool nla_ok(const struct nlattr *nla, int rem)
{
	return rem >= NLA_HDRLEN && nla->nla_len >= NLA_HDRLEN &&
	       nla->nla_len <= rem;
}

static inline struct nlattr *nla_next(const struct nlattr *nla, int *rem)
{
	*rem -= NLA_ALIGN(nla->nla_len);
	return (struct nlattr *)((char *)nla + NLA_ALIGN(nla->nla_len));
}

#define NLA_GET(name, type) \
static inline type nla_get_##name(const struct nlattr *nla) \
{ \
	type value; \
	memcpy(&value, nla_data(nla), sizeof(value)); \
	return value; \
}

NLA_GET(u8, u8)
NLA_GET(u32, u32)
NLA_GET(be16, __be16)
NLA_GET(be64, __be64)
NLA_GET(in_addr, __be32)
NLA_GET(in6_addr, struct in6_addr)

/* kernel/netlink.c */
int nlmsg_parse(const struct nlmsghdr *nlh, int hdrlen, struct nlattr *tb[],
		int maxtype, const struct nla_policy *policy,
		struct netlink_ext_ack *extack);
int nla_parse_nested(struct nlattr *tb[], int maxtype, const struct nlattr *nla,
		     const struct nla_policy *policy,
		     struct netlink_ext_ack *extack);
struct nlmsghdr *nlmsg_put(struct sk_buff *skb, u32 portid, u32 seq, int type,
			   int payload, int flags);
int nla_put(struct sk_buff *skb, int type, int len, const void *data);
struct nlattr *nla_nest_start(struct sk_buff *skb, int type);
void nla_nest_end(struct sk_buff *skb, struct nlattr *nest);
void nla_nest_cancel(struct sk_buff *skb, struct nlattr *nest);

#define NLA_PUT(name, type) \
static inline int nla_put_##name(struct sk_buff *skb, int attr, type value) \
{ \
	return nla_put(skb, attr, sizeof(value), &value); \
}

NLA_PUT(u8, u8)
NLA_PUT(u32, u32)
NLA_PUT(be16, __be16)
NLA_PUT(in_addr, __be32)
NLA_PUT(plain64, u64)

#define nla_put_flag(skb, attr)			nla_put(skb, attr, 0, NULL)
#define nla_put_in6_addr(skb, attr, ip)		nla_put(skb, attr, 16, ip)
/* no padding: this machine reads 64 bits wherever they are */
#define nla_put_be64(skb, attr, value, pad) \
	((void)(pad), nla_put_plain64(skb, attr, value))
#define nla_put_u64_64bit		nla_put_be64

#endif /* _UNIT_NET_NETLINK_H */
