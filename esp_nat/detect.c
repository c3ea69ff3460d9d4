// SPDX-License-Identifier: GPL-2.0
/*
 * Which end is behind a NAT? Each end sends the digests of the addresses that
 * it knows: HASH(SPIi | SPIr | IP | port) (RFC 3947 3.2, RFC 7296 2.23). Those
 * that differ from what is on the wire went through a NAT.
 */
#include <crypto/hash.h>

#include "classify.h"
#include "detect.h"
#include "trace.h"

/**
 * struct esp_nat_detect_hash - a hash that an IKE SA may use
 * @name: its name in the crypto API
 * @len: bytes of its digest, an enum esp_nat_digest
 */
struct esp_nat_detect_hash {
	const char	*name;
	unsigned int	len;
};

static const struct esp_nat_detect_hash esp_nat_detect_hashes[] = {
	{ "sha1", ESP_NAT_DIGEST_SHA1 },
	{ "sha256", ESP_NAT_DIGEST_SHA256 },
	{ "md5", ESP_NAT_DIGEST_MD5 },
	{ "sha384", ESP_NAT_DIGEST_SHA384 },
	{ "sha512", ESP_NAT_DIGEST_SHA512 },
};

/* of each of these, NULL: this kernel does not have it */
static struct crypto_shash *
esp_nat_detect_tfm[ARRAY_SIZE(esp_nat_detect_hashes)];

/**
 * esp_nat_detect_init() - get the hashes ready
 *
 * A digest by one that cannot be had tells nothing, that is all.
 *
 * Context: process.
 */
void esp_nat_detect_init(void)
{
	struct crypto_shash *tfm;
	int i;

	for (i = 0; i < ARRAY_SIZE(esp_nat_detect_hashes); i++) {
		tfm = crypto_alloc_shash(esp_nat_detect_hashes[i].name, 0, 0);
		esp_nat_detect_tfm[i] = IS_ERR(tfm) ? NULL : tfm;
	}
}

/**
 * esp_nat_detect_exit() - the reverse of esp_nat_detect_init()
 *
 * Context: process. Nobody detects any more.
 */
void esp_nat_detect_exit(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(esp_nat_detect_tfm); i++)
		crypto_free_shash(esp_nat_detect_tfm[i]);
}

static struct crypto_shash *esp_nat_detect_by_len(unsigned int len)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(esp_nat_detect_hashes); i++)
		if (esp_nat_detect_hashes[i].len == len)
			return esp_nat_detect_tfm[i];
	return NULL;
}

/* HASH(SPIi | SPIr | IP | port), with the SPIs of the message's header. */
static int esp_nat_detect_digest(struct crypto_shash *tfm,
				 const struct esp_nat_ike_hdr *hdr,
				 const struct esp_nat_ep *ep, u8 *digest)
{
	unsigned int ip_len = ep->addr.family == AF_INET6 ?
			      sizeof(ep->addr.ip.in6) : sizeof(ep->addr.ip.ip);
	u8 buf[sizeof(hdr->spii) + sizeof(hdr->spir) +
	       sizeof(ep->addr.ip.in6) + sizeof(ep->port)];
	SHASH_DESC_ON_STACK(desc, tfm);
	u8 *at = buf;
	int err;

	memcpy(at, &hdr->spii, sizeof(hdr->spii));
	at += sizeof(hdr->spii);
	memcpy(at, &hdr->spir, sizeof(hdr->spir));
	at += sizeof(hdr->spir);
	memcpy(at, &ep->addr.ip, ip_len);
	at += ip_len;
	memcpy(at, &ep->port, sizeof(ep->port));
	at += sizeof(ep->port);

	desc->tfm = tfm;
	err = crypto_shash_digest(desc, buf, at - buf, digest);
	shash_desc_zero(desc);
	return err;
}

/* One end: it has the address on the wire if any of its digests says so. */
static enum esp_nat_behind
esp_nat_detect_end(const struct esp_nat_ike_msg *msg,
		   const struct esp_nat_ike_hdr *hdr,
		   const struct esp_nat_ike_end *end, unsigned int len,
		   const struct esp_nat_ep *wire)
{
	struct crypto_shash *tfm = esp_nat_detect_by_len(len);
	u8 digest[ESP_NAT_DIGEST_SHA512], buf[ESP_NAT_DIGEST_SHA512];
	const void *claim;
	int i;

	if (!end->count || !tfm ||
	    esp_nat_detect_digest(tfm, hdr, wire, digest))
		return ESP_NAT_BEHIND_UNKNOWN;
	for (i = 0; i < end->count; i++) {
		claim = msg->read(msg, end->at[i], len, buf);
		if (!claim)
			return ESP_NAT_BEHIND_UNKNOWN;
		if (!memcmp(claim, digest, len))
			return ESP_NAT_BEHIND_NO;
	}
	return end->more ? ESP_NAT_BEHIND_UNKNOWN : ESP_NAT_BEHIND_YES;
}

/**
 * esp_nat_detect_position() - what does a message from the peer tell of
 *	NATs?
 * @en: the namespace
 * @msg: how to read it
 * @hdr: its header, whose length fits what was received
 * @peer: the actual endpoint that it comes from
 * @local: the endpoint of this end that it came to
 * @pos: receives what it tells
 *
 * Context: softirq.
 */
void esp_nat_detect_position(struct esp_nat_net *en,
			     const struct esp_nat_ike_msg *msg,
			     const struct esp_nat_ike_hdr *hdr,
			     const struct esp_nat_ep *peer,
			     const struct esp_nat_ep *local,
			     struct esp_nat_position *pos)
{
	struct esp_nat_ike_nat nat;

	memset(pos, 0, sizeof(*pos));
	if (esp_nat_classify_opens(hdr))
		pos->role = ESP_NAT_ROLE_RESPONDER;
	if (!esp_nat_ike_find(msg, hdr, &nat))
		return;
	pos->peer_nat = esp_nat_detect_end(msg, hdr, &nat.source, nat.len,
					   peer);
	pos->local_nat = esp_nat_detect_end(msg, hdr, &nat.dest, nat.len,
					    local);
	if ((nat.source.count && !pos->peer_nat) ||
	    (nat.dest.count && !pos->local_nat))
		esp_nat_inc(en, detect_unknown);
}

/* Readers have no lock. */
static void esp_nat_detect_take(u8 *fact, u8 told)
{
	if (!*fact && told)
		WRITE_ONCE(*fact, told);
}

/**
 * esp_nat_detect_note() - the first word counts
 * @pos: what is known, and receives what was not known
 * @told: what was told now
 *
 * Context: any; @pos's writers are serialised by the caller.
 */
void esp_nat_detect_note(struct esp_nat_position *pos,
			 const struct esp_nat_position *told)
{
	esp_nat_detect_take(&pos->role, told->role);
	esp_nat_detect_take(&pos->local_nat, told->local_nat);
	esp_nat_detect_take(&pos->peer_nat, told->peer_nat);
}

static void esp_nat_detect_count(struct esp_nat_net *en,
				 const struct esp_nat_position *was,
				 const struct esp_nat_position *now)
{
	if (was->peer_nat != now->peer_nat &&
	    now->peer_nat == ESP_NAT_BEHIND_YES)
		esp_nat_inc(en, detect_peer_nat);
	if (was->local_nat != now->local_nat &&
	    now->local_nat == ESP_NAT_BEHIND_YES)
		esp_nat_inc(en, detect_local_nat);
	if (now->peer_nat == ESP_NAT_BEHIND_NO &&
	    now->local_nat == ESP_NAT_BEHIND_NO)
		esp_nat_inc(en, detect_no_nat);
}

/**
 * esp_nat_detect_learn() - a context learns of roles and NATs
 * @en: the namespace
 * @ctx: the context
 * @told: what its IKE SA has told; what it knows already stays
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_detect_learn(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			  const struct esp_nat_position *told)
{
	struct esp_nat_position was = ctx->pos;

	lockdep_assert_held(&en->table.lock);

	esp_nat_detect_note(&ctx->pos, told);
	if (!memcmp(&was, &ctx->pos, sizeof(was)))
		return;
	esp_nat_ctx_own(ctx);
	esp_nat_detect_count(en, &was, &ctx->pos);
	trace_esp_nat_ctx_position(en->net->ns.inum, &ctx->home->addr,
				   &ctx->presented, ctx->spii, &ctx->pos);
}
