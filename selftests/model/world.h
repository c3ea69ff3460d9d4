/* SPDX-License-Identifier: GPL-2.0 */
/* The world around the module: who there is, and what is true of them. */
#ifndef _MODEL_WORLD_H
#define _MODEL_WORLD_H

#include <net/xfrm.h>

#include "net.h"
#include "proto.h"
#include "sa.h"

/**
 * enum world_size - how many there are
 * @LOCALS: addresses of the gateway
 * @NATS: NATs
 * @CLIENTS: clients
 * @EVIL: the attacker stands here among those that a NAT has mappings for
 * @SESSIONS: IKE SAs that anybody remembers
 * @CHILDREN: pairs of SAs
 * @MAPPINGS: what a NAT remembers
 * @PLACES: endpoints of a client that are remembered
 */
enum world_size {
	LOCALS		= 2,
	NATS		= 3,
	CLIENTS		= 7,
	EVIL		= CLIENTS,
	SESSIONS	= 48,
	CHILDREN	= 64,
	MAPPINGS	= 40,
	PLACES		= 32,
	NOBODY		= -1,
};

/**
 * enum nat_kind - how a NAT chooses ports
 * @NAT_KEEPS: the same port, if nobody has it
 * @NAT_RANDOM: any of a few
 * @NAT_PASSES: port 500 stays port 500 for everybody, others as NAT_RANDOM
 * @NAT_CARRIER: another address for port 500 than for the rest
 */
enum nat_kind { NAT_KEEPS, NAT_RANDOM, NAT_PASSES, NAT_CARRIER, NAT_KINDS };

/**
 * struct mapping - what a NAT remembers of somebody
 * @used: it does
 * @who: a client, or EVIL
 * @float_port: of the sender's port 4500, else of 500
 * @local: the gateway's address that it is for
 * @port: the port outside, host byte order
 * @age: the higher, the younger
 */
struct mapping {
	bool	used;
	int	who;
	bool	float_port;
	int	local;
	u16	port;
	u32	age;
};

struct nat {
	enum nat_kind	kind;
	struct mapping	map[MAPPINGS];
	u32		age;
};

/**
 * struct place - where a client has been
 * @at: the endpoint
 * @local: the gateway's address that it spoke to
 */
struct place {
	struct esp_nat_ep	at;
	int			local;
};

/**
 * struct client - a client
 * @nat: behind which NAT it is; NOBODY: it has an address of its own
 * @major: its IKE version
 * @local: the gateway's address that it dials
 * @plain: its SAs have no encapsulation
 * @session: its newest IKE SA, or NOBODY
 * @place: where it was, a ring
 * @places: how many they were
 */
struct client {
	int		nat;
	u8		major;
	int		local;
	bool		plain;
	int		session;
	struct place	place[PLACES];
	unsigned int	places;
};

/* Messages of IKE, in the order in which they come. */
enum kind {
	MSG_FIRST,	/* opens the IKE SA */
	MSG_KEYS,	/* IKEv1: the third message of Main Mode */
	MSG_AUTH,	/* authenticates the client */
	MSG_CHILD,	/* Quick Mode, CREATE_CHILD_SA: a new pair of SAs */
	MSG_ALIVE,	/* INFORMATIONAL: is the peer alive? */
	MSG_HERE,	/* IKEv2: MOBIKE's UPDATE_SA_ADDRESSES */
	MSG_DELETE,	/* the client hangs up */
	MSG_KINDS
};

/**
 * struct session - an IKE SA, or the beginning of one
 * @used: anybody remembers it
 * @owner: the client, or EVIL
 * @major: its IKE version
 * @spii: its SPIi
 * @spir: its SPIr, chosen by the daemon
 * @at_client: the client remembers it
 * @told: the client knows the SPIr
 * @from_float: it was opened on port 4500
 * @stage: the last message of the client that was answered, plus one
 * @msgid: message id of the client's last request after the handshake
 * @asked: what the client has said last, an enum kind
 * @said: message id of that
 * @at_daemon: the daemon remembers it
 * @reached: the last message of the handshake that it accepted, plus one
 * @poisoned: it took another's keys for the client's
 * @authed: it has authenticated the client
 * @peer: as which endpoint the daemon knows the client
 * @local: by which address of its own
 * @float_port: the peer is spoken to on nat_port
 * @owes: it has yet to answer @owed, of message id @owed_id, to @owed_to
 * @owed_at: jiffies since when
 * @own_id: message id of its own requests
 * @forged: requests with which message ids were forged, a bit each, by 32
 * @copied: the daemon has authenticated a copy, and not heard its client since
 */
struct session {
	bool			used;
	int			owner;
	u8			major;
	__be64			spii;
	__be64			spir;
	bool			at_client;
	bool			told;
	bool			from_float;
	int			stage;
	u32			msgid;
	enum kind		asked;
	u32			said;
	bool			at_daemon;
	int			reached;
	bool			poisoned;
	bool			authed;
	struct esp_nat_ep	peer;
	int			local;
	bool			float_port;
	bool			owes;
	enum kind		owed;
	u32			owed_id;
	struct esp_nat_ep	owed_to;
	bool			owed_float;
	unsigned long		owed_at;
	u32			own_id;
	u32			forged;
	bool			copied;
};

/**
 * struct child - a pair of SAs
 * @used: the kernel has it
 * @owner: the client whose it really is
 * @session: the IKE SA that the daemon knows it by
 * @at_client: the client has it
 * @in: the inbound SA
 * @out: the outbound one
 * @in_encap: of @in, if it has encapsulation
 * @out_encap: of @out
 * @esn: its replay window
 * @sent: the sequence number that the client has used last
 * @seen: which of the newest 64 have been accepted
 * @dest: where ESP to the client went, after the step before
 * @touched: the daemon has changed it in this step
 */
struct child {
	bool				used;
	int				owner;
	int				session;
	bool				at_client;
	struct xfrm_state		in;
	struct xfrm_state		out;
	struct xfrm_encap_tmpl		in_encap;
	struct xfrm_encap_tmpl		out_encap;
	struct xfrm_replay_state_esn	esn;
	u32				sent;
	u64				seen;
	struct esp_nat_ep		dest;
	bool				touched;
};

/**
 * struct setting - what is chosen once for a world
 * @unique: a new IKE SA of a client ends its older ones
 * @adopts: IKEv1: but their SAs become its, if address and port are equal
 * @memory: now and then there is none
 */
struct setting {
	bool	unique;
	bool	adopts;
	bool	memory;
};

/**
 * struct step - what happens next; all that it does follows from it and the world
 * @op: which step, an index of steps[]
 * @who: whom it is about
 * @a: a choice of the step
 * @b: another
 * @rnd: for all others
 */
struct step {
	u8	op;
	u8	who;
	u8	a;
	u8	b;
	u32	rnd;
};

/**
 * struct world - all there is
 * @en: the module
 * @net: the namespace
 * @set: what is chosen once
 * @nat: the NATs
 * @client: the clients
 * @session: the IKE SAs
 * @child: the SAs
 * @spis: how many SPIs have been used
 * @actor: who acts in this step: a client, EVIL, NOBODY
 * @proves: what the actor does proves that it is who it is
 * @rnd: state of the chances of this step
 * @ran: the module could get no memory in this step
 * @known: the module knew the IKE SA of the message that is under way
 * @excused: clients that the module may confuse, a bit each
 * @tells: print what happens
 * @broken: an invariant was broken, and which
 * @how: the same without names, for comparison
 */
struct world {
	struct esp_nat_net	en;
	struct net		net;
	struct setting		set;
	struct nat		nat[NATS];
	struct client		client[CLIENTS];
	struct session		session[SESSIONS];
	struct child		child[CHILDREN];
	u32			spis;
	int			actor;
	bool			proves;
	u64			rnd;
	bool			ran;
	bool			known;
	unsigned int		excused;
	bool			tells;
	char			broken[512];
	const char		*how;
};

/* a number below n, by chance */
u32 world_chance(struct world *w, u32 n);
struct esp_nat_addr world_local(int local);
int world_local_of(const struct esp_nat_addr *addr);
/* print, if the world is one that tells */
void world_say(struct world *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* an invariant is broken; the first one counts */
void world_broken(struct world *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
const char *world_ep(const struct esp_nat_ep *ep);
const char *world_name(int who);
void world_begin(struct world *w, u64 seed);
void world_end(struct world *w);
/* the client is there, or what was proved says so */
void world_place(struct world *w, int who, const struct esp_nat_ep *at,
		 int local);
bool world_was_at(const struct world *w, int who, const struct esp_nat_ep *at,
		  int local, bool port);

#endif /* _MODEL_WORLD_H */
