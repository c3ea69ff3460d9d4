// SPDX-License-Identifier: GPL-2.0
/* Of <net/netlink.h>, what is more than a line. */
#include <net/netlink.h>

/* ---- reading ---- */

static int nla_wrong(const struct nlattr *nla, int err, const char *why,
		     struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_ATTR(extack, nla, why);
	return err;
}

static int nla_validate_all(const struct nlattr *head, int len, int maxtype,
			    const struct nla_policy *policy,
			    struct nlattr *tb[],
			    struct netlink_ext_ack *extack);

static int nla_validate_nested(const struct nlattr *nla,
			       const struct nla_policy *p,
			       struct netlink_ext_ack *extack)
{
	if (!nla_len(nla))
		return 0;
	if (nla_len(nla) < NLA_HDRLEN)
		return nla_wrong(nla, -ERANGE, "too short", extack);
	return nla_validate_all(nla_data(nla), nla_len(nla), p->len,
				p->nested_policy, NULL, extack);
}

static int nla_validate_number(const struct nlattr *nla,
			       const struct nla_policy *p,
			       struct netlink_ext_ack *extack)
{
	int len = 1 << (p->type - NLA_U8);
	u64 value = 0;

	if (nla_len(nla) != len)
		return nla_wrong(nla, -EINVAL, "wrong length", extack);
	/* the least significant byte comes first */
	memcpy(&value, nla_data(nla), len);
	if (p->limited && value > p->max)
		return nla_wrong(nla, -ERANGE, "too large", extack);
	return 0;
}

static int nla_validate_one(const struct nlattr *nla,
			    const struct nla_policy *p,
			    struct netlink_ext_ack *extack)
{
	bool is = nla->nla_type & NLA_F_NESTED, has_to = p->type == NLA_NESTED;

	if (p->type != NLA_UNSPEC && is != has_to)
		return nla_wrong(nla, -EINVAL, "nested, or not", extack);
	switch (p->type) {
	case NLA_UNSPEC:
		return nla_wrong(nla, -EINVAL, "unsupported", extack);
	case NLA_FLAG:
		return nla_len(nla) ?
		       nla_wrong(nla, -ERANGE, "no flag", extack) : 0;
	case NLA_NESTED:
		return nla_validate_nested(nla, p, extack);
	case NLA_BINARY:
		return nla_len(nla) != p->len ?
		       nla_wrong(nla, -ERANGE, "wrong length", extack) : 0;
	default:
		return nla_validate_number(nla, p, extack);
	}
}

/* Of those that are there more than once, the last one is found. */
static int nla_validate_all(const struct nlattr *head, int len, int maxtype,
			    const struct nla_policy *policy,
			    struct nlattr *tb[],
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *nla;
	int rem, err, type;

	if (tb)
		memset(tb, 0, (maxtype + 1) * sizeof(*tb));
	nla_for_each_attr(nla, head, len, rem) {
		type = nla_type(nla);
		if (!type || type > maxtype)
			return nla_wrong(nla, -EINVAL, "unknown", extack);
		err = nla_validate_one(nla, &policy[type], extack);
		if (err)
			return err;
		if (tb)
			tb[type] = (struct nlattr *)nla;
	}
	return rem > 0 ? nla_wrong(nla, -EINVAL, "leftover", extack) : 0;
}

int nlmsg_parse(const struct nlmsghdr *nlh, int hdrlen, struct nlattr *tb[],
		int maxtype, const struct nla_policy *policy,
		struct netlink_ext_ack *extack)
{
	unsigned int before = NLMSG_HDRLEN + NLMSG_ALIGN(hdrlen);

	if (nlh->nlmsg_len < before)
		return -EINVAL;
	return nla_validate_all((const void *)((const char *)nlh + before),
				nlh->nlmsg_len - before, maxtype, policy, tb,
				extack);
}

int nla_parse_nested(struct nlattr *tb[], int maxtype, const struct nlattr *nla,
		     const struct nla_policy *policy,
		     struct netlink_ext_ack *extack)
{
	if (!(nla->nla_type & NLA_F_NESTED))
		return nla_wrong(nla, -EINVAL, "not nested", extack);
	return nla_validate_all(nla_data(nla), nla_len(nla), maxtype, policy,
				tb, extack);
}

/* ---- writing ---- */

struct nlmsghdr *nlmsg_put(struct sk_buff *skb, u32 portid, u32 seq, int type,
			   int payload, int flags)
{
	unsigned int len = NLMSG_HDRLEN + NLMSG_ALIGN(payload);
	struct nlmsghdr *nlh;

	if (skb_tailroom(skb) < len)
		return NULL;
	nlh = skb_put(skb, len);
	memset(nlh, 0, len);
	*nlh = (struct nlmsghdr) {
		.nlmsg_len = len, .nlmsg_type = type, .nlmsg_flags = flags,
		.nlmsg_seq = seq, .nlmsg_pid = portid,
	};
	return nlh;
}

int nla_put(struct sk_buff *skb, int type, int len, const void *data)
{
	struct nlattr *nla;

	if (skb_tailroom(skb) < NLA_ALIGN(NLA_HDRLEN + len))
		return -EMSGSIZE;
	nla = skb_put(skb, NLA_ALIGN(NLA_HDRLEN + len));
	memset(nla, 0, NLA_ALIGN(NLA_HDRLEN + len));
	nla->nla_type = type;
	nla->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy(nla_data(nla), data, len);
	return 0;
}

struct nlattr *nla_nest_start(struct sk_buff *skb, int type)
{
	void *nest = skb->data + skb->len;

	return nla_put(skb, type | NLA_F_NESTED, 0, NULL) ? NULL : nest;
}

void nla_nest_end(struct sk_buff *skb, struct nlattr *nest)
{
	nest->nla_len = skb->data + skb->len - (unsigned char *)nest;
}

void nla_nest_cancel(struct sk_buff *skb, struct nlattr *nest)
{
	skb_trim(skb, (unsigned char *)nest - skb->data);
}
