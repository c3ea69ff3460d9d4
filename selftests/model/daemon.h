/* SPDX-License-Identifier: GPL-2.0 */
/* The IKE daemon: it believes what is authenticated, and knows what it is shown. */
#ifndef _MODEL_DAEMON_H
#define _MODEL_DAEMON_H

#include "gateway.h"

/* what it does with a message that it accepts */
enum how {
	HOW_ANSWERS,
	HOW_LATER,	/* it answers in a later step */
	HOW_SILENT,
	HOW_REFUSES,	/* NO_PROPOSAL_CHOSEN, to a first message */
};

/**
 * struct message - an IKE message to the daemon
 * @session: the IKE SA that its SPIs are of
 * @kind: what it is
 * @real: its client has made it
 * @response: it answers the daemon's own request
 * @again: the client repeats it
 * @id: its message id
 * @who: who sends it
 * @from: from where
 * @local: to which address of the gateway
 * @nat_port: to nat_port
 * @peer_nat: what it tells of a NAT, an enum esp_nat_behind
 * @how: what the daemon does if it accepts it
 */
struct message {
	struct session		*session;
	enum kind		kind;
	bool			real;
	bool			response;
	bool			again;
	u32			id;
	int			who;
	struct esp_nat_ep	from;
	int			local;
	bool			nat_port;
	u8			peer_nat;
	enum how		how;
};

struct session *daemon_session(struct world *w, int owner, u8 major, __be64 spii);
void daemon_free(struct session *s);
/* a message to the daemon, by way of the module */
void daemon_send(struct world *w, const struct message *m);
/* it answers what it owes an answer to */
void daemon_answer_owed(struct world *w, struct session *s);
/* it asks whether the client is alive; true: the client hears that */
bool daemon_asks(struct world *w, struct session *s, u32 *id);
/* it ends an IKE SA, with its SAs */
void daemon_ends(struct world *w, struct session *s, bool tells);
/* one pair of SAs ends, with or without an event */
void daemon_child_ends(struct world *w, struct child *c, bool event);
/* all SAs and IKE SAs end */
void daemon_restarts(struct world *w);

#endif /* _MODEL_DAEMON_H */
