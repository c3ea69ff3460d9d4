// SPDX-License-Identifier: GPL-2.0
/*
 * A half-open context is found to be a client that is known already: it is
 * folded into that one's context.
 */
#include "detect.h"
#include "fold.h"
#include "follow.h"
#include "lifecycle.h"
#include "place.h"

/**
 * enum esp_nat_fold_times - what is soon
 * @ESP_NAT_FOLD_ANSWER: a client that is there answers what it is sent within so
 *	many jiffies
 * @ESP_NAT_FOLD_DOUBT: jiffies for which another who speaks under the IKE SA
 *	may be its true peer, which the daemon has not answered
 */
enum esp_nat_fold_times {
	ESP_NAT_FOLD_ANSWER	= 2 * HZ,
	ESP_NAT_FOLD_DOUBT	= 90 * HZ,
};

/*
 * Is a half-open context the client whose binding this is? One that has crashed
 * and dials again does what one does that renews its IKE SA; but it has lost its
 * old SAs. So what came under one of those since it dialled proves it, even if
 * the daemon has dropped them since, as strongSwan does with the old IKE SA.
 *
 * A silent client that is alone at its address is served as without us: it is
 * known by its endpoint. But not one that has not answered what it was sent.
 */
static bool esp_nat_fold_same(struct esp_nat_net *en,
			      const struct esp_nat_ikesa *sa,
			      const struct esp_nat_binding *b)
{
	const struct esp_nat_ctx *half = sa->ctx, *ctx = b->ctx;

	if (!esp_nat_ctx_confirmed(ctx))
		return false;
	/* it has no SAs, and another is presented so */
	if (!esp_nat_place_shows(&en->table, b))
		return false;
	/* two are known there, or one races copies of the other's packets */
	if (b->is_taken && !time_before(b->taken, sa->born))
		return false;
	if (esp_nat_binding_believed_since(b, sa->born))
		return true;
	return ctx->state == ESP_NAT_CTX_LIVE && ctx->home == half->home &&
	       ctx->home->contexts == 2 && esp_nat_follow_is_there(en, b) &&
	       !time_after(READ_ONCE(ctx->sent),
			   READ_ONCE(b->believed) + ESP_NAT_FOLD_ANSWER);
}

/*
 * A carrier's NAT may have one address for ike_port and another for nat_port: then
 * both have the former in common.
 */
static bool esp_nat_fold_near(const struct esp_nat_ctx *half,
			      const struct esp_nat_binding *b)
{
	return half->home == b->ctx->home ||
	       esp_nat_addr_equal(&half->home->addr, &b->actual.peer.addr);
}

/**
 * esp_nat_fold_at() - may the peer of an IKE SA be a client that is known there?
 * @en: the namespace
 * @sa: the IKE SA
 * @from: the actual endpoint that it speaks from to nat_port, and this end's
 *	address
 *
 * An IKEv1 client renews its IKE SA from ike_port, where its NAT has forgotten
 * it: a context of its own, until it floats to nat_port, where it is known. Until
 * the daemon has authenticated it, anybody there may speak in its name: nothing
 * changes but how this message is shown. Once it has, the peer is where it was then.
 *
 * Context: &esp_nat_table.lock held.
 * Return: that client's binding there, or NULL.
 */
const struct esp_nat_binding *esp_nat_fold_at(struct esp_nat_net *en,
					      const struct esp_nat_ikesa *sa,
					      const struct esp_nat_flow *from)
{
	const struct esp_nat_ctx *half = sa->ctx;
	const struct esp_nat_binding *b;

	lockdep_assert_held(&en->table.lock);

	if (esp_nat_ctx_confirmed(half) || half->major != 1 ||
	    esp_nat_ctx_initiated(half) || !sa->key.spir ||
	    (sa->proven && !esp_nat_ep_equal(&sa->proven_at, &from->peer)))
		return NULL;
	b = esp_nat_binding_by_actual(&en->table.bindings, from);
	return b && esp_nat_fold_near(half, b) &&
	       esp_nat_fold_same(en, sa, b) ? b : NULL;
}

/**
 * esp_nat_fold() - the daemon has authenticated the peer of an IKE SA
 * @en: the namespace
 * @sa: the IKE SA, which the daemon answers where it was shown its last message;
 *	receives the context that it is folded into
 *
 * Context: softirq or process, &esp_nat_table.lock held.
 */
void esp_nat_fold(struct esp_nat_net *en, struct esp_nat_ikesa *sa)
{
	struct esp_nat_flow from = esp_nat_flow(&sa->from, &sa->local);
	struct esp_nat_ctx *half = sa->ctx;
	struct esp_nat_ikesa *each, *next;
	const struct esp_nat_binding *b;

	lockdep_assert_held(&en->table.lock);

	b = sa->nat_port ? esp_nat_fold_at(en, sa, &from) : NULL;
	if (!b || !esp_nat_ep_equal(&sa->presented, &b->presented.peer))
		return;
	list_for_each_entry_safe_reverse(each, next, &half->ikesas, list) {
		esp_nat_ctx_add_ikesa(&en->table, b->ctx, each);
		each->folded = jiffies;
		each->is_folded = true;
	}
	esp_nat_detect_learn(en, b->ctx, &half->pos);
	esp_nat_lifecycle_death(en, half, ESP_NAT_DEATH_FOLDED);
}

/**
 * esp_nat_fold_doubt() - is another than its context the peer of an IKE SA?
 * @en: the namespace
 * @sa: the IKE SA
 * @from: the actual endpoint that it speaks from to nat_port, and this end's
 *	address
 *
 * Who copies a neighbour's message, and is faster, is answered in its place. The
 * neighbour asks again, from where it is.
 *
 * Context: &esp_nat_table.lock held.
 * Return: true if the IKE SA was folded a moment ago, and nothing has proved its
 * context to be there.
 */
bool esp_nat_fold_doubt(struct esp_nat_net *en, const struct esp_nat_ikesa *sa,
			const struct esp_nat_flow *from)
{
	const struct esp_nat_binding *b;

	if (!sa->is_folded ||
	    !time_before(jiffies, sa->folded + ESP_NAT_FOLD_DOUBT))
		return false;
	b = esp_nat_place_bound(&en->table, sa->ctx, from);
	return !b || !b->proven;
}
