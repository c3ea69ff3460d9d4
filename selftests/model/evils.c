// SPDX-License-Identifier: GPL-2.0
/*
 * What an attacker does who is behind every NAT, knows all SPIs, hears all that
 * clients send, may be faster, and may claim any source. He has no keys.
 */
#include "check.h"
#include "clients.h"
#include "daemon.h"
#include "nat.h"
#include "steps.h"

/* From where? A client's endpoint, one that it had, one of its NAT, his own. */
static struct esp_nat_ep evils_at(struct world *w, int whose, u8 choice,
				  bool float_port)
{
	const struct client *c = &w->client[whose];
	int nat = c->nat == NOBODY ? 0 : c->nat;

	switch (choice % 5) {
	case 0:
		return clients_at(w, whose, float_port);
	case 1:
		if (c->places)
			return c->place[world_chance(w, min(c->places, PLACES))].at;
		fallthrough;
	case 2:
		return nat_any(w, nat, float_port);
	case 3:
		return nat_any(w, world_chance(w, NATS), float_port);
	default:
		return nat_out(w, EVIL, nat, float_port, c->local);
	}
}

/* A port that a packet may come from. */
static void evils_port(struct esp_nat_ep *at)
{
	if (!at->port)
		at->port = htons(4500);
}

static u8 evils_nat(struct world *w)
{
	return world_chance(w, 3);
}

/* One of those that the daemon or its client remembers. */
static struct session *evils_session(struct world *w, const struct step *s)
{
	struct session *of = &w->session[s->rnd % SESSIONS];
	int left;

	for (left = SESSIONS; left--; of++) {
		if (of == w->session + SESSIONS)
			of = w->session;
		if (of->used && of->owner != EVIL)
			return of;
	}
	return NULL;
}

/* A first message, of an IKE SA of his own, from where he likes. */
static void evils_first(struct world *w, const struct step *s)
{
	struct session *new = daemon_session(w, EVIL, 1 + s->b % 2, 0);
	struct message m = {
		.session = new, .kind = MSG_FIRST, .who = EVIL,
		.local = w->client[s->who].local,
		.nat_port = s->b / 2 % 2,
		.how = s->b / 4 % 4 ? HOW_ANSWERS : HOW_SILENT,
	};

	w->actor = EVIL;
	if (!new)
		return;
	m.from = evils_at(w, s->who, s->a, m.nat_port);
	evils_port(&m.from);
	m.peer_nat = evils_nat(w);
	world_say(w, "the attacker dials %llx from %s, to port %d",
		  (unsigned long long)new->spii, world_ep(&m.from),
		  m.nat_port ? 4500 : 500);
	daemon_send(w, &m);
	if (s->b / 16 % 2) {
		m.kind = MSG_KEYS;
		daemon_send(w, &m);
	}
	if (s->b / 32 % 2) {
		new->at_daemon = false;
		new->owes = false;
		daemon_free(new);
	}
}

/*
 * What is not looked at: an IKE SA whose context has gone; IKEv2's IKE_AUTH, which
 * comes as it came from an address that is new to its context.
 */
static bool evils_may(struct world *w, const struct session *s)
{
	return (!s->told || check_known_ike(w, s)) &&
	       (s->major == 1 || s->stage > MSG_AUTH);
}

/*
 * Who has no SA yet, and speaks from another address than it began at, is known by
 * what anybody names.
 */
static bool evils_names(const struct world *w, const struct session *s)
{
	int nat = w->client[s->owner].nat;
	const struct child *c;

	for (c = w->child; c < w->child + CHILDREN; c++)
		if (c->used && c->session == s - w->session)
			return false;
	return s->authed ||
	       (nat != NOBODY && w->nat[nat].kind == NAT_CARRIER);
}

/* Under the cookies of a client, what its daemon will not believe. */
static void evils_under(struct world *w, const struct step *s)
{
	struct session *of = evils_session(w, s);
	struct message m = {
		.session = of, .kind = s->b % MSG_KINDS, .who = EVIL,
		.nat_port = s->b / 8 % 4,
		.response = s->b / 32 % 2,
		.how = s->b / 64 % 2 ? HOW_ANSWERS : HOW_SILENT,
	};

	w->actor = EVIL;
	if (!of || (of->major == 2 && m.kind == MSG_KEYS) || evils_names(w, of))
		return;
	/* what is not known yet is whose it is named, see evils_names() */
	if (m.kind == MSG_FIRST && !of->told)
		return;
	m.id = m.kind <= MSG_AUTH ? of->major == 2 && m.kind == MSG_AUTH :
	       of->msgid + world_chance(w, 2);
	m.local = world_chance(w, 8) || !of->authed ?
		  w->client[of->owner].local : (int)world_chance(w, LOCALS);
	of->forged |= 1U << m.id % 32;
	m.from = evils_at(w, of->owner, s->a, m.nat_port);
	/* the module reads of NATs in what is not encrypted */
	if (m.kind <= MSG_KEYS && !(of->major == 2 && m.kind == MSG_KEYS))
		m.peer_nat = evils_nat(w);
	evils_port(&m.from);
	world_say(w, "the attacker says %d under %llx of %s from %s to port %d",
		  m.kind, (unsigned long long)of->spii, world_name(of->owner),
		  world_ep(&m.from), m.nat_port ? 4500 : 500);
	daemon_send(w, &m);
}

/*
 * He copies what a client says, and is faster: its own message then comes as a
 * repetition. What the daemon believes it believes of the client.
 */
static void evils_copy(struct world *w, const struct step *s)
{
	struct session *of = clients_session(w, s->who);
	struct message m = {
		.session = of, .real = true, .who = EVIL,
		.local = w->client[s->who].local,
		.how = HOW_ANSWERS,
	};

	if (!of || !evils_may(w, of))
		return;
	m.kind = of->stage > MSG_AUTH ? MSG_CHILD :
		 of->stage == 1 && of->major == 2 ? MSG_AUTH :
		 (enum kind)of->stage;
	m.id = m.kind == MSG_CHILD ? ++of->msgid :
	       of->major == 2 && m.kind == MSG_AUTH;
	m.nat_port = of->from_float || (m.kind >= MSG_AUTH &&
					!w->client[s->who].plain);
	m.from = evils_at(w, s->who, 2 + s->a % 3, m.nat_port);
	evils_port(&m.from);
	/* the daemon's words are to him; what they prove is of the client */
	w->actor = s->who;
	world_say(w, "the attacker copies %d of %llx of %s from %s", m.kind,
		  (unsigned long long)of->spii, world_name(s->who),
		  world_ep(&m.from));
	daemon_send(w, &m);
	if (s->b / 4 % 4 && of->used && of->at_client)
		clients_say(w, of, m.kind, m.id, false, HOW_ANSWERS);
}

/* ESP that he has made himself, or one that was accepted once. */
static void evils_esp(struct world *w, const struct step *s)
{
	struct child *c = clients_child(w, s->who, false);
	struct esp_nat_ep from;
	bool newest;
	u32 seq;

	w->actor = EVIL;
	if (!c)
		return;
	from = evils_at(w, s->who, s->a, true);
	from.port = c->in.encap || s->b % 4 ? from.port ?: htons(4500) : 0;
	seq = c->sent + (s->b % 2 ? 1 : 0);
	world_say(w, "the attacker sends ESP under an SA of %s from %s",
		  world_name(s->who), world_ep(&from));
	if (gateway_esp_in(w, c, &from, seq, ESP_FORGED, &newest))
		world_broken(w, "forged ESP is accepted");
}

/* He copies ESP of a client, and is faster. */
static void evils_race(struct world *w, const struct step *s)
{
	struct child *c = clients_child(w, s->who, true);
	struct esp_nat_ep from, real;

	w->actor = s->who;
	if (!c)
		return;
	real = clients_esp_at(w, s->who, c);
	from = evils_at(w, s->who, 2 + s->a % 3, true);
	if (!c->in.encap)
		from.port = 0;
	else
		evils_port(&from);
	world_say(w, "the attacker copies ESP of %s from %s",
		  world_name(s->who), world_ep(&from));
	c->sent++;
	clients_esp(w, c, &from, c->sent);
	clients_esp(w, c, &real, c->sent);
}

const struct deed evils_deeds[] = {
	{ "first message", 40, evils_first },
	{ "under cookies", 80, evils_under },
	{ "copies IKE", 30, evils_copy },
	{ "forges ESP", 30, evils_esp },
	{ "copies ESP", 30, evils_race },
	{ }
};
