// SPDX-License-Identifier: GPL-2.0
/* What the gateway, its daemon, the NATs and time do. */
#include "check.h"
#include "clients.h"
#include "daemon.h"
#include "nat.h"
#include "steps.h"

/* One of those that the daemon remembers. */
static struct session *daemons_session(struct world *w, const struct step *s)
{
	struct session *of = &w->session[s->rnd % SESSIONS];
	int left;

	for (left = SESSIONS; left--; of++) {
		if (of == w->session + SESSIONS)
			of = w->session;
		if (of->used && of->at_daemon)
			return of;
	}
	return NULL;
}

static struct child *daemons_child(struct world *w, const struct step *s)
{
	struct child *c = &w->child[s->rnd % CHILDREN];
	int left;

	for (left = CHILDREN; left--; c++) {
		if (c == w->child + CHILDREN)
			c = w->child;
		if (c->used)
			return c;
	}
	return NULL;
}

/* After a minute a daemon has given up what it was about to answer. */
static bool daemons_owes(struct session *of)
{
	if (time_after(jiffies, of->owed_at + 60 * HZ))
		of->owes = false;
	return of->owes;
}

static void daemons_answers(struct world *w, const struct step *s)
{
	struct session *of;

	for (of = w->session; of < w->session + SESSIONS; of++)
		if (of->used && of->at_daemon && daemons_owes(of))
			break;
	if (of == w->session + SESSIONS)
		return;
	(void)s;
	world_say(w, "the daemon answers %llx, late",
		  (unsigned long long)of->spii);
	/* what it says may prove somebody */
	w->actor = of->owner;
	w->proves = of->authed;
	daemon_answer_owed(w, of);
}

static void daemons_asks(struct world *w, const struct step *s)
{
	struct session *of = daemons_session(w, s);
	u32 id;

	if (!of || !of->authed)
		return;
	world_say(w, "the daemon asks whether %s is alive",
		  world_name(of->owner));
	if (!daemon_asks(w, of, &id) || s->a % 4 == 0)
		return;
	w->actor = of->owner;
	clients_say(w, of, MSG_ALIVE, id, true, HOW_SILENT);
}

/* A client is dead, or so it seems. */
static void daemons_ends(struct world *w, const struct step *s)
{
	struct session *of = daemons_session(w, s);

	if (!of)
		return;
	world_say(w, "the daemon ends %llx of %s",
		  (unsigned long long)of->spii, world_name(of->owner));
	daemon_ends(w, of, s->a % 2);
}

/* Are there SAs of an IKE SA? */
static bool daemons_has(const struct world *w, const struct session *s)
{
	const struct child *c;

	for (c = w->child; c < w->child + CHILDREN; c++)
		if (c->used && c->session == s - w->session)
			return true;
	return false;
}

static void daemons_child_ends(struct world *w, const struct step *s)
{
	struct child *c = daemons_child(w, s), *older;
	struct session *of;

	if (!c)
		return;
	/* the oldest of a client goes first */
	for (older = w->child; older < w->child + CHILDREN; older++)
		if (older->used && older->owner == c->owner &&
		    ntohl(older->in.id.spi) < ntohl(c->in.id.spi))
			c = older;
	world_say(w, "SAs expire%s", s->a % 4 ? "" : ", without an event");
	daemon_child_ends(w, c, s->a % 4);
	of = &w->session[c->session];
	if (of->used && of->at_daemon && !daemons_has(w, of))
		daemon_ends(w, of, true);
}

static void daemons_sends(struct world *w, const struct step *s)
{
	struct child *c = daemons_child(w, s);

	if (!c)
		return;
	world_say(w, "the gateway sends ESP to %s", world_name(c->owner));
	gateway_esp_out(w, c);
}

static void daemons_restarts(struct world *w, const struct step *s)
{
	(void)s;
	world_say(w, "the daemon restarts");
	daemon_restarts(w);
}

static void daemons_wait(struct world *w, const struct step *s)
{
	static const u32 ticks[] = {
		1, HZ / 10, HZ / 2, HZ, 2 * HZ + 1, 3 * HZ, 8 * HZ, 20 * HZ,
		31 * HZ, 95 * HZ, 301 * HZ,
	};
	struct session *of;
	u32 n = ticks[s->a % 32 < 26 ? s->a % 26 * 7 / 26 :
		      7 + s->b % (ARRAY_SIZE(ticks) - 7)];

	world_say(w, "%u.%02u s pass", n / HZ, n % HZ * 100 / HZ);
	gateway_wait(w, n);
	if (n < 20 * HZ)
		return;
	/* the daemon gives handshakes up, and what has led to nothing */
	for (of = w->session; of < w->session + SESSIONS; of++)
		if (of->used && of->at_daemon &&
		    (!of->authed || (n > 60 * HZ && !daemons_has(w, of))))
			daemon_ends(w, of, false);
}

static void daemons_forget(struct world *w, const struct step *s)
{
	int nat = s->a % NATS, who = s->b % 4 ? s->who : NOBODY;

	world_say(w, "NAT %d forgets %s", nat,
		  who == NOBODY ? "all" : world_name(who));
	nat_forget(w, nat, who);
}

/* The next step finds no memory, after so many allocations. */
static void daemons_memory(struct world *w, const struct step *s)
{
	if (!w->set.memory)
		return;
	world_say(w, "memory for %d more", s->a % 4);
	gateway_memory(w, s->a % 4);
}

const struct deed daemons_deeds[] = {
	{ "answers late", 40, daemons_answers },
	{ "asks", 40, daemons_asks },
	{ "ends", 10, daemons_ends },
	{ "SAs expire", 10, daemons_child_ends },
	{ "sends ESP", 60, daemons_sends },
	{ "restarts", 1, daemons_restarts },
	{ "time", 80, daemons_wait },
	{ "NAT forgets", 30, daemons_forget },
	{ "no memory", 6, daemons_memory },
	{ }
};
