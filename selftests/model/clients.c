// SPDX-License-Identifier: GPL-2.0
/* What clients do. */
#include "check.h"
#include "clients.h"
#include "daemon.h"
#include "nat.h"
#include "steps.h"

struct session *clients_session(struct world *w, int who)
{
	int n = w->client[who].session;

	return n == NOBODY || !w->session[n].at_client ||
	       w->session[n].owner != who ? NULL : &w->session[n];
}

struct child *clients_child(struct world *w, int who, bool heard)
{
	struct child *c, *newest = NULL;

	for (c = w->child; c < w->child + CHILDREN; c++)
		if (c->used && c->owner == who && (c->at_client || !heard) &&
		    (!newest || ntohl(c->in.id.spi) > ntohl(newest->in.id.spi)))
			newest = c;
	return newest;
}

struct esp_nat_ep clients_at(struct world *w, int who, bool float_port)
{
	const struct client *c = &w->client[who];

	return nat_out(w, who, c->nat, float_port, c->local);
}

static enum how clients_how(u8 choice)
{
	static const enum how ways[] = {
		HOW_ANSWERS, HOW_ANSWERS, HOW_ANSWERS, HOW_ANSWERS,
		HOW_ANSWERS, HOW_LATER, HOW_LATER, HOW_SILENT,
	};

	return ways[choice % ARRAY_SIZE(ways)];
}

/* Does a client speak on port 4500 from its authentication on? */
static bool clients_float(const struct client *c)
{
	return c->nat != NOBODY || c->major == 2 || !c->plain;
}

void clients_say(struct world *w, struct session *s, enum kind kind, u32 id,
		 bool response, enum how how)
{
	const struct client *c = &w->client[s->owner];
	struct message m = {
		.session = s, .kind = kind, .real = true, .response = response,
		.id = id, .who = s->owner, .local = c->local, .how = how,
		.again = s->said == id && s->asked == kind,
	};

	s->said = id;
	s->asked = kind;

	m.nat_port = s->from_float ||
		     (kind >= MSG_AUTH && clients_float(c));
	if (kind == (s->major == 2 ? MSG_FIRST : MSG_KEYS))
		m.peer_nat = c->nat == NOBODY ? ESP_NAT_BEHIND_NO :
						ESP_NAT_BEHIND_YES;
	m.from = clients_at(w, s->owner, m.nat_port);
	world_place(w, s->owner, &m.from, m.local);
	world_say(w, "  %s sends message %d of %llx from %s", world_name(s->owner),
		  kind, (unsigned long long)s->spii, world_ep(&m.from));
	daemon_send(w, &m);
}

/* It goes on with its handshake, or repeats what was not answered. */
static void clients_goes_on(struct world *w, struct session *s, enum how how)
{
	static const enum kind next[2][3] = {
		{ MSG_FIRST, MSG_KEYS, MSG_AUTH },
		{ MSG_FIRST, MSG_AUTH, MSG_AUTH },
	};
	enum kind kind;

	if (s->stage > MSG_AUTH)
		return;
	kind = next[s->major - 1][s->stage];
	clients_say(w, s, kind, s->major == 2 && kind == MSG_AUTH, false, how);
}

static void clients_dial(struct world *w, const struct step *s)
{
	struct client *c = &w->client[s->who];
	struct session *old = clients_session(w, s->who), *new;

	w->actor = s->who;
	if (old && old->stage <= MSG_AUTH) {
		old->at_client = false;
		daemon_free(old);
		old = NULL;
	}
	new = daemon_session(w, s->who, c->major, 0);
	if (!new)
		return;
	new->at_client = true;
	/* who renews does so from port 4500, or has forgotten that */
	new->from_float = old && s->b % 2;
	c->session = new - w->session;
	world_say(w, "%s %s", world_name(s->who), old ? "renews" : "dials");
	clients_goes_on(w, new, s->a % 16 == 15 ? HOW_REFUSES :
						  clients_how(s->a));
}

static void clients_go(struct world *w, const struct step *s)
{
	struct session *of = clients_session(w, s->who);

	w->actor = s->who;
	if (!of || of->stage > MSG_AUTH)
		return;
	world_say(w, "%s goes on", world_name(s->who));
	clients_goes_on(w, of, clients_how(s->a));
}

/* All of a handshake at once: what most clients do. */
static void clients_connects(struct world *w, const struct step *s)
{
	struct session *of = clients_session(w, s->who);
	int left = 4;

	w->actor = s->who;
	if (!of || (of->stage > MSG_AUTH && s->b % 4 == 0)) {
		clients_dial(w, &(struct step) { .who = s->who, .b = s->a });
		of = clients_session(w, s->who);
	}
	if (!of)
		return;
	world_say(w, "%s connects", world_name(s->who));
	while (left-- && of->at_client && of->stage <= MSG_AUTH)
		clients_goes_on(w, of, HOW_ANSWERS);
	if (of->at_client && of->stage > MSG_AUTH &&
	    !clients_child(w, s->who, true))
		clients_say(w, of, MSG_CHILD, ++of->msgid, false, HOW_ANSWERS);
}

/* An exchange under an IKE SA that is there. */
static void clients_exchange(struct world *w, const struct step *s)
{
	static const enum kind kinds[] = {
		MSG_CHILD, MSG_CHILD, MSG_ALIVE, MSG_ALIVE, MSG_HERE,
	};
	enum kind kind = kinds[s->b % ARRAY_SIZE(kinds)];
	struct session *of = clients_session(w, s->who);

	w->actor = s->who;
	if (!of || of->stage <= MSG_AUTH)
		return;
	if (kind == MSG_HERE && of->major == 1)
		kind = MSG_ALIVE;
	/* it repeats what was not answered, now and then */
	if (s->a / 8 % 4 == 0 && of->asked > MSG_AUTH &&
	    of->asked < MSG_DELETE && of->said == of->msgid)
		kind = of->asked;
	else
		of->msgid++;
	world_say(w, "%s has an exchange", world_name(s->who));
	clients_say(w, of, kind, of->msgid, false, clients_how(s->a));
}

static void clients_hangs_up(struct world *w, const struct step *s)
{
	struct session *of = clients_session(w, s->who);
	struct child *c;

	w->actor = s->who;
	if (!of)
		return;
	world_say(w, "%s hangs up", world_name(s->who));
	for (c = w->child; c < w->child + CHILDREN; c++)
		if (c->owner == s->who)
			c->at_client = false;
	of->at_client = false;
	if (of->stage > MSG_AUTH)
		clients_say(w, of, MSG_DELETE, ++of->msgid, false,
			    HOW_ANSWERS);
	daemon_free(of);
}

static void clients_crashes(struct world *w, const struct step *s)
{
	struct session *of;
	struct child *c;

	w->actor = s->who;
	world_say(w, "%s crashes", world_name(s->who));
	for (c = w->child; c < w->child + CHILDREN; c++)
		if (c->owner == s->who)
			c->at_client = false;
	for (of = w->session; of < w->session + SESSIONS; of++) {
		if (!of->used || of->owner != s->who)
			continue;
		of->at_client = false;
		daemon_free(of);
	}
}

/* It goes to another network. */
static void clients_roams(struct world *w, const struct step *s)
{
	struct session *of = clients_session(w, s->who);
	struct client *c = &w->client[s->who];

	w->actor = s->who;
	/*
	 * One that has no NAT, or is in its handshake, is not followed: it
	 * moves as without the module
	 */
	if (c->nat == NOBODY || (of && (of->stage <= MSG_AUTH ||
					!clients_child(w, s->who, true))))
		return;
	c->nat = s->a % NATS;
	world_say(w, "%s is behind NAT %d now", world_name(s->who), c->nat);
}

/* ---- ESP ---- */

struct esp_nat_ep clients_esp_at(struct world *w, int who,
				 const struct child *c)
{
	struct esp_nat_ep at = clients_at(w, who, true);

	if (!c->in.encap)
		at.port = 0;
	return at;
}

void clients_esp(struct world *w, struct child *c,
		 const struct esp_nat_ep *from, u32 seq)
{
	bool newest;

	world_say(w, "  ESP of %s, number %u, from %s", world_name(c->owner),
		  seq, world_ep(from));
	if (!gateway_esp_in(w, c, from, seq, ESP_REAL, &newest))
		return;
	w->proves = true;
	world_place(w, c->owner, from, world_local_of(&(struct esp_nat_addr) {
		.ip.ip = c->in.id.daddr.a4 }));
	if (newest)
		check_proved(w, c, from);
}

static void clients_sends(struct world *w, const struct step *s)
{
	struct child *c = clients_child(w, s->who, true);
	struct esp_nat_ep from;

	w->actor = s->who;
	if (!c)
		return;
	from = clients_esp_at(w, s->who, c);
	world_say(w, "%s sends ESP", world_name(s->who));
	switch (s->a % 16) {
	case 0:		/* it is late: others overtake it */
		c->sent++;
		break;
	case 1:		/* one that was late comes */
		if (c->sent > 2)
			clients_esp(w, c, &from, c->sent - 1 -
				    world_chance(w, 2));
		break;
	default:
		clients_esp(w, c, &from, ++c->sent);
	}
}

const struct deed clients_deeds[] = {
	{ "dials", 40, clients_dial },
	{ "goes on", 120, clients_go },
	{ "connects", 80, clients_connects },
	{ "exchange", 80, clients_exchange },
	{ "hangs up", 15, clients_hangs_up },
	{ "crashes", 12, clients_crashes },
	{ "roams", 15, clients_roams },
	{ "sends ESP", 220, clients_sends },
	{ }
};
