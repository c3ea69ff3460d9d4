// SPDX-License-Identifier: GPL-2.0
/*
 * The IKE daemon. It knows clients by the endpoints that it is shown; it answers
 * what anybody says until keys are there, and afterwards only what is real.
 */
#include "check.h"
#include "daemon.h"
#include "nat.h"

/* ---- what it remembers ---- */

struct session *daemon_session(struct world *w, int owner, u8 major, __be64 spii)
{
	struct session *s;

	for (s = w->session; s < w->session + SESSIONS; s++) {
		if (s->used)
			continue;
		*s = (struct session) {
			.used = true, .owner = owner, .major = major,
			.spii = spii, .msgid = 1,
		};
		w->spis++;
		if (!spii)
			s->spii = 0x1000 + w->spis;
		s->spir = 0x2000000 + w->spis;
		return s;
	}
	return NULL;
}

void daemon_free(struct session *s)
{
	if (!s->at_client && !s->at_daemon)
		s->used = false;
}

/* ---- SAs ---- */

static void daemon_child_at(struct child *c, const struct esp_nat_ep *peer)
{
	c->in.props.saddr.a4 = peer->addr.ip.ip;
	c->out.id.daddr.a4 = peer->addr.ip.ip;
	c->in_encap.encap_sport = peer->port;
	c->out_encap.encap_dport = peer->port;
}

static void daemon_child_make(struct world *w, struct child *c,
			      const struct session *s, u32 spi)
{
	__be32 local = world_local(s->local).ip.ip;
	static char keyed;

	*c = (struct child) {
		.used = true, .owner = s->owner, .session = s - w->session,
		.touched = true,
		.esn.replay_window = 32,
		.in_encap.encap_dport = htons(4500),
		.out_encap.encap_sport = htons(4500),
	};
	c->in.id.spi = htonl(spi);
	c->out.id.spi = htonl(spi + 1);
	c->in.id.daddr.a4 = local;
	c->out.props.saddr.a4 = local;
	c->in.props.family = AF_INET;
	c->out.props.family = AF_INET;
	c->in.km.state = XFRM_STATE_VALID;
	c->out.km.state = XFRM_STATE_VALID;
	c->in.aead = &keyed;
	c->out.aead = &keyed;
	c->in.net = &w->net;
	c->out.net = &w->net;
	c->in.replay_esn = &c->esn;
	c->in.encap = s->float_port ? &c->in_encap : NULL;
	c->out.encap = s->float_port ? &c->out_encap : NULL;
	daemon_child_at(c, &s->peer);
}

static void daemon_child_new(struct world *w, struct session *s)
{
	struct child *c;
	u32 spi;

	if (s->owner == EVIL)
		return;
	for (c = w->child; c < w->child + CHILDREN && c->used;)
		c++;
	if (c == w->child + CHILDREN)
		return;
	spi = 2 * (++w->spis * CHILDREN + (c - w->child));
	daemon_child_make(w, c, s, spi);
	world_say(w, "  daemon: makes SAs for %s with %s", world_name(s->owner),
		  world_ep(&s->peer));
	check_child(w, c);
	gateway_sa_new(w, &c->in);
	gateway_sa_new(w, &c->out);
}

void daemon_child_ends(struct world *w, struct child *c, bool event)
{
	world_say(w, "  daemon: SAs of %s end", world_name(c->owner));
	check_ends(w, c);
	c->used = false;
	if (!event) {
		w->en.table.dirty = 1;
		return;
	}
	gateway_sa_gone(w, &c->in);
	gateway_sa_gone(w, &c->out);
}

/* An SA with encapsulation goes where its client is; in place, or made anew. */
static void daemon_child_move(struct world *w, struct child *c,
			      const struct esp_nat_ep *peer)
{
	bool anew = c->in.props.saddr.a4 != peer->addr.ip.ip ||
		    world_chance(w, 2);

	if (!c->in.encap || (c->in.props.saddr.a4 == peer->addr.ip.ip &&
			     c->in_encap.encap_sport == peer->port))
		return;
	world_say(w, "  daemon: SAs of %s are with %s from now on",
		  world_name(c->owner), world_ep(peer));
	check_ends(w, c);
	if (anew) {
		c->used = false;
		gateway_sa_gone(w, &c->in);
		gateway_sa_gone(w, &c->out);
		c->used = true;
	}
	daemon_child_at(c, peer);
	c->touched = true;
	check_child(w, c);
	gateway_sa_new(w, &c->in);
	gateway_sa_new(w, &c->out);
}

static void daemon_move(struct world *w, struct session *s,
			const struct esp_nat_ep *peer)
{
	struct child *c;

	if (esp_nat_ep_equal(&s->peer, peer))
		return;
	s->peer = *peer;
	for (c = w->child; c < w->child + CHILDREN; c++)
		if (c->used && c->session == s - w->session)
			daemon_child_move(w, c, peer);
}

/* ---- IKE SAs ---- */

static struct esp_nat_ike_hdr daemon_hdr(const struct session *s, enum kind what,
					 u32 id, bool response)
{
	static const u8 exchange[2][MSG_KINDS] = {
		{ ESP_NAT_EXCH_MAIN, ESP_NAT_EXCH_MAIN, ESP_NAT_EXCH_MAIN,
		  ESP_NAT_EXCH_QUICK, ESP_NAT_EXCH_INFORMATIONAL,
		  ESP_NAT_EXCH_INFORMATIONAL, ESP_NAT_EXCH_INFORMATIONAL },
		{ ESP_NAT_EXCH_SA_INIT, 0, 35, ESP_NAT_EXCH_CREATE_CHILD,
		  ESP_NAT_EXCH_INFORMATIONAL2, ESP_NAT_EXCH_INFORMATIONAL2,
		  ESP_NAT_EXCH_INFORMATIONAL2 },
	};
	struct esp_nat_ike_hdr hdr = {
		.spii = s->spii,
		.spir = s->spir,
		.version = s->major << 4,
		.exchange = exchange[s->major - 1][what],
		.msgid = htonl(id),
		.length = htonl(ESP_NAT_IKE_HDR_LEN),
	};

	if (s->major == 1 && what >= MSG_AUTH)
		hdr.flags = ESP_NAT_IKE_ENCRYPTED;
	else if (s->major == 2 && response)
		hdr.flags = ESP_NAT_IKE_RESPONSE;
	return hdr;
}

/* What the client makes of what reaches it. */
static void daemon_reaches(struct world *w, struct session *s, enum kind kind,
			   const struct esp_nat_ep *to)
{
	struct child *c;

	if (s->owner == EVIL || !s->at_client ||
	    !nat_reaches(w, to, s->local, s->owner))
		return;
	world_say(w, "  %s hears the answer", world_name(s->owner));
	s->told = true;
	if (kind <= MSG_AUTH && s->stage == (s->major == 2 && kind == MSG_AUTH ?
					     kind - 1 : (int)kind))
		s->stage = kind + 1;
	if (kind == MSG_CHILD || (kind == MSG_AUTH && s->major == 2))
		for (c = w->child; c < w->child + CHILDREN; c++)
			if (c->used && c->session == s - w->session)
				c->at_client = true;
	if (kind == MSG_DELETE)
		s->at_client = false;
}

static bool daemon_says(struct world *w, struct session *s, enum kind kind,
			u32 id, bool response, const struct esp_nat_ep *to,
			bool float_port, bool refuses, struct esp_nat_ep *way)
{
	struct esp_nat_addr local = world_local(s->local);
	struct esp_nat_ike_out out = {
		.hdr = daemon_hdr(s, kind, id, response),
		.presented = esp_nat_flow(to, &local),
		.nat_port = float_port,
		.refuses = refuses,
	};

	world_say(w, "  daemon: %s %s%s",
		  response ? "answers" : "asks", world_ep(to),
		  refuses ? ": NO_PROPOSAL_CHOSEN" : "");
	return gateway_ike_out(w, &out, way);
}

/* An answer to a message, NULL: to one that came in an earlier step. */
static void daemon_answer(struct world *w, struct session *s, enum kind kind,
			  u32 id, const struct esp_nat_ep *to, bool float_port,
			  const struct message *m)
{
	bool refuses = m && m->how == HOW_REFUSES && kind == MSG_FIRST;
	struct esp_nat_ep way;

	/* IKEv1 answers "are you there?" in an exchange of its own */
	if (s->major == 1 && kind >= MSG_ALIVE)
		id = 0x70000000 + ++w->spis;
	if (!daemon_says(w, s, kind, id, true, to, float_port, refuses, &way))
		return;
	if (m)
		check_answer(w, s, m, &way);
	if (!refuses)
		daemon_reaches(w, s, kind, &way);
}

void daemon_answer_owed(struct world *w, struct session *s)
{
	s->owes = false;
	daemon_answer(w, s, s->owed, s->owed_id, &s->owed_to, s->owed_float,
		      NULL);
}

bool daemon_asks(struct world *w, struct session *s, u32 *id)
{
	struct esp_nat_ep way;

	*id = s->major == 1 ? 0x60000000 + ++w->spis : s->own_id++;
	if (!daemon_says(w, s, MSG_ALIVE, *id, false, &s->peer, s->float_port,
			 false, &way))
		return false;
	check_started(w, s, &way);
	return s->at_client && nat_reaches(w, &way, s->local, s->owner);
}

void daemon_ends(struct world *w, struct session *s, bool tells)
{
	struct esp_nat_ep way;
	struct child *c;

	for (c = w->child; c < w->child + CHILDREN; c++)
		if (c->used && c->session == s - w->session)
			daemon_child_ends(w, c, true);
	if (tells && s->authed &&
	    daemon_says(w, s, MSG_DELETE, s->major == 1 ?
			0x50000000 + ++w->spis : s->own_id++, false,
			&s->peer, s->float_port, false, &way))
		daemon_reaches(w, s, MSG_DELETE, &way);
	s->at_daemon = false;
	s->owes = false;
	daemon_free(s);
}

void daemon_restarts(struct world *w)
{
	struct session *s;
	struct child *c;

	for (c = w->child; c < w->child + CHILDREN; c++) {
		if (c->used)
			check_ends(w, c);
		c->used = false;
	}
	gateway_sa_flush(w);
	for (s = w->session; s < w->session + SESSIONS; s++) {
		if (!s->used)
			continue;
		s->at_daemon = false;
		s->owes = false;
		daemon_free(s);
	}
}

/* A client is authenticated: what becomes of its older IKE SAs, and of their SAs? */
static void daemon_unique(struct world *w, struct session *s)
{
	struct session *old;
	struct child *c;

	for (old = w->session; old < w->session + SESSIONS; old++) {
		if (!old->used || !old->authed || !old->at_daemon || old == s ||
		    old->owner != s->owner)
			continue;
		if (w->set.adopts && s->major == 1 && old->local == s->local &&
		    esp_nat_ep_equal(&old->peer, &s->peer))
			for (c = w->child; c < w->child + CHILDREN; c++)
				if (c->used && c->session == old - w->session)
					c->session = s - w->session;
		if (w->set.unique)
			daemon_ends(w, old, false);
	}
}

/* ---- what it hears ---- */

/* A first message: anybody may send one. */
static struct session *daemon_first(struct world *w, const struct message *m,
				    const struct esp_nat_ep *shown)
{
	struct session *s = m->session;
	bool again = s->at_daemon &&
		     esp_nat_addr_equal(&s->peer.addr, &shown->addr);

	/* the same SPIi from another address is another's */
	if (!again && (!m->real || s->at_daemon || s->stage))
		s = daemon_session(w, EVIL, s->major, s->spii);
	if (!s)
		return NULL;
	if (!again) {
		s->at_daemon = true;
		s->reached = 1;
		s->local = m->local;
		s->poisoned = false;
		s->authed = false;
		s->spir = 0x2000000 + ++w->spis;
	}
	if (s->reached == 1) {
		s->peer = *shown;
		s->float_port = m->nat_port;
	}
	return s;
}

static void daemon_auth(struct world *w, const struct message *m,
			const struct esp_nat_ep *shown)
{
	struct session *s = m->session;

	s->reached = MSG_AUTH + 1;
	s->authed = true;
	s->copied = m->who != s->owner;
	s->peer = *shown;
	s->float_port = m->nat_port;
	world_say(w, "  daemon: has authenticated %s", world_name(s->owner));
	daemon_unique(w, s);
	if (s->major == 2)
		daemon_child_new(w, s);
}

/* What is encrypted, under an IKE SA whose peer is authenticated. */
static void daemon_secure(struct world *w, const struct message *m,
			  const struct esp_nat_ep *shown)
{
	struct session *s = m->session;

	/* IKEv1: after what it believes; MOBIKE asks back first (RFC 4555, 3.7) */
	if (m->who == s->owner && m->nat_port &&
	    (m->kind == MSG_HERE || s->major == 1))
		daemon_move(w, s, shown);
	s->copied &= m->who != s->owner;
	if (m->kind == MSG_CHILD)
		daemon_child_new(w, s);
}

/* Does it accept a message? *@anew: it has not had it yet. */
static bool daemon_accepts(const struct world *w, const struct message *m,
			   bool *anew)
{
	const struct session *s = m->session;
	int before = m->kind == MSG_AUTH && s->major == 2 ? 1 : (int)m->kind;

	*anew = true;
	if (m->kind == MSG_FIRST)
		return true;
	if (!s->at_daemon)
		return false;
	if (m->kind > MSG_AUTH) {
		*anew = m->response || m->id != s->owed_id ||
			s->owed != m->kind;
		return m->real && s->authed;
	}
	*anew = s->reached == before;
	if (s->reached < before || (m->kind == MSG_AUTH && !m->real))
		return false;
	/* one whose context was evicted: what becomes of it is not looked at */
	return m->kind != MSG_AUTH || (!s->poisoned && w->known);
}

static void daemon_hears(struct world *w, const struct message *m,
			 const struct esp_nat_ep *shown)
{
	struct session *s = m->session;
	bool anew;

	if (!daemon_accepts(w, m, &anew))
		return;
	if (m->real && m->kind >= MSG_AUTH) {
		w->proves = true;
		world_place(w, s->owner, &m->from, m->local);
	}
	if (m->kind == MSG_FIRST) {
		s = daemon_first(w, m, shown);
	} else if (anew && m->kind == MSG_KEYS) {
		s->reached = MSG_KEYS + 1;
		s->poisoned = !m->real;
	} else if (anew && m->kind == MSG_AUTH) {
		daemon_auth(w, m, shown);
	} else if (anew) {
		daemon_secure(w, m, shown);
	}
	if (!s || m->response || m->how == HOW_SILENT)
		return;
	s->owed = m->kind;
	s->owed_id = m->id;
	s->owed_to = *shown;
	s->owed_float = m->nat_port;
	s->owed_at = jiffies;
	s->owes = m->how == HOW_LATER;
	if (!s->owes)
		daemon_answer(w, s, m->kind, m->id, shown, m->nat_port, m);
}

void daemon_send(struct world *w, const struct message *m)
{
	struct esp_nat_addr local = world_local(m->local);
	struct esp_nat_ike_in in = {
		.hdr = daemon_hdr(m->session, m->kind, m->id, m->response),
		.actual = esp_nat_flow(&m->from, &local),
		.nat_port = m->nat_port,
		.pos.peer_nat = m->peer_nat,
	};
	struct esp_nat_ike_shown shown;

	jiffies++;
	if (m->kind == MSG_FIRST) {
		in.hdr.spir = 0;
		in.pos.role = ESP_NAT_ROLE_RESPONDER;
	}
	if (m->session->major == 2)
		in.hdr.flags |= ESP_NAT_IKE_INITIATOR;
	w->known = m->kind == MSG_FIRST || check_known_ike(w, m->session);
	if (!gateway_ike_in(w, &in, &shown))
		return;
	check_shown(w, m, &shown.presented);
	daemon_hears(w, m, &shown.presented);
	/* it hangs up: the daemon has answered, and forgets */
	if (m->kind == MSG_DELETE && m->real && m->session->at_daemon &&
	    m->session->authed)
		daemon_ends(w, m->session, false);
}
