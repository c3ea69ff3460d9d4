/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/esp_nat.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_ESP_NAT_H
#define _UAPI_LINUX_ESP_NAT_H

#define ESP_NAT_FAMILY_NAME	"esp_nat"
#define ESP_NAT_FAMILY_VERSION	1

/**
 * enum esp_nat_state - Where in its life a context is, in that order.
 * @ESP_NAT_CTX_HALF: Half-open, has not echoed an SPIr.
 * @ESP_NAT_CTX_ECHOED: Half-open, has echoed an SPIr that was sent there.
 * @ESP_NAT_CTX_LIVE: Confirmed, has an SA.
 * @ESP_NAT_CTX_LOST: Confirmed, has none any more.
 */
enum esp_nat_state {
	ESP_NAT_CTX_HALF,
	ESP_NAT_CTX_ECHOED,
	ESP_NAT_CTX_LIVE,
	ESP_NAT_CTX_LOST,
};

/**
 * enum esp_nat_role - Which end of the IKE SA this one is.
 * @ESP_NAT_ROLE_UNKNOWN: Its opening was not seen.
 * @ESP_NAT_ROLE_INITIATOR: This end opened it.
 * @ESP_NAT_ROLE_RESPONDER: The peer did.
 */
enum esp_nat_role {
	ESP_NAT_ROLE_UNKNOWN,
	ESP_NAT_ROLE_INITIATOR,
	ESP_NAT_ROLE_RESPONDER,
};

/**
 * enum esp_nat_behind - Whether an end is behind a NAT.
 * @ESP_NAT_BEHIND_UNKNOWN: No NAT detection payload (RFC 3947 3.2, RFC 7296
 *   2.23) has told.
 * @ESP_NAT_BEHIND_NO: It has the address that its peer sees.
 * @ESP_NAT_BEHIND_YES: A NAT is in front of it, or it says so.
 */
enum esp_nat_behind {
	ESP_NAT_BEHIND_UNKNOWN,
	ESP_NAT_BEHIND_NO,
	ESP_NAT_BEHIND_YES,
};

/**
 * enum esp_nat_rule - What the AssumeUDPEncapsulationContextOnSendRule says of
 *   a path.
 * @ESP_NAT_RULE_ALLOW: It is allowed; what IKE negotiated is done.
 * @ESP_NAT_RULE_ASSUME: It is allowed, and ESP is sent UDP-encapsulated even
 *   where IKE negotiated no encapsulation.
 * @ESP_NAT_RULE_OUTSIDE: The rule does not allow it.
 */
enum esp_nat_rule {
	ESP_NAT_RULE_ALLOW,
	ESP_NAT_RULE_ASSUME,
	ESP_NAT_RULE_OUTSIDE,
};

/**
 * enum esp_nat_event - What has happened.
 * @ESP_NAT_EVENT_BORN: A context is born.
 * @ESP_NAT_EVENT_CONFIRMED: It has got its first SA.
 * @ESP_NAT_EVENT_ALIASED: It was given an alias; comes with its birth.
 * @ESP_NAT_EVENT_MOVED: It is somewhere else; was tells where it was.
 * @ESP_NAT_EVENT_OUTSIDE: It was found to be outside the rule, which is only
 *   reported.
 * @ESP_NAT_EVENT_REFUSED: It was found to be outside the rule, and is refused.
 * @ESP_NAT_EVENT_BLOCKED: Block mode has dropped packets; peer and local are
 *   the ends of the first one.
 * @ESP_NAT_EVENT_LIMIT: Clients were not answered; peer is the first, reason
 *   says why.
 * @ESP_NAT_EVENT_ENDED: A context is no more; these are its totals, reason
 *   says why.
 */
enum esp_nat_event {
	ESP_NAT_EVENT_BORN,
	ESP_NAT_EVENT_CONFIRMED,
	ESP_NAT_EVENT_ALIASED,
	ESP_NAT_EVENT_MOVED,
	ESP_NAT_EVENT_OUTSIDE,
	ESP_NAT_EVENT_REFUSED,
	ESP_NAT_EVENT_BLOCKED,
	ESP_NAT_EVENT_LIMIT,
	ESP_NAT_EVENT_ENDED,
};

enum {
	ESP_NAT_A_ENDPOINT_ADDR4 = 1,
	ESP_NAT_A_ENDPOINT_ADDR6,
	ESP_NAT_A_ENDPOINT_PORT,

	__ESP_NAT_A_ENDPOINT_MAX,
	ESP_NAT_A_ENDPOINT_MAX = (__ESP_NAT_A_ENDPOINT_MAX - 1)
};

enum {
	ESP_NAT_A_CTX_PAD = 1,
	ESP_NAT_A_CTX_ID,
	ESP_NAT_A_CTX_ACTUAL,
	ESP_NAT_A_CTX_PRESENTED,
	ESP_NAT_A_CTX_HOME,
	ESP_NAT_A_CTX_LOCAL,
	ESP_NAT_A_CTX_STATE,
	ESP_NAT_A_CTX_ALIASED,
	ESP_NAT_A_CTX_GUEST,
	ESP_NAT_A_CTX_PLAIN_SA,
	ESP_NAT_A_CTX_ROLE,
	ESP_NAT_A_CTX_LOCAL_NAT,
	ESP_NAT_A_CTX_PEER_NAT,
	ESP_NAT_A_CTX_RULE,
	ESP_NAT_A_CTX_IKE_VERSION,
	ESP_NAT_A_CTX_SPII,
	ESP_NAT_A_CTX_USED_NAT_PORT,
	ESP_NAT_A_CTX_IKE_SA,
	ESP_NAT_A_CTX_AGE,
	ESP_NAT_A_CTX_IDLE,
	ESP_NAT_A_CTX_MOVES,
	ESP_NAT_A_CTX_RX_PACKETS,
	ESP_NAT_A_CTX_RX_BYTES,
	ESP_NAT_A_CTX_TX_PACKETS,
	ESP_NAT_A_CTX_TX_BYTES,
	ESP_NAT_A_CTX_DROPS,

	__ESP_NAT_A_CTX_MAX,
	ESP_NAT_A_CTX_MAX = (__ESP_NAT_A_CTX_MAX - 1)
};

enum {
	ESP_NAT_A_IKE_SA_PAD = 1,
	ESP_NAT_A_IKE_SA_SPII,
	ESP_NAT_A_IKE_SA_SPIR,
	ESP_NAT_A_IKE_SA_PEER,
	ESP_NAT_A_IKE_SA_NAT_PORT,

	__ESP_NAT_A_IKE_SA_MAX,
	ESP_NAT_A_IKE_SA_MAX = (__ESP_NAT_A_IKE_SA_MAX - 1)
};

enum {
	ESP_NAT_A_SOCKET_LOCAL = 1,
	ESP_NAT_A_SOCKET_INODE,
	ESP_NAT_A_SOCKET_UID,
	ESP_NAT_A_SOCKET_ENCAP,
	ESP_NAT_A_SOCKET_GRO,
	ESP_NAT_A_SOCKET_OWN,

	__ESP_NAT_A_SOCKET_MAX,
	ESP_NAT_A_SOCKET_MAX = (__ESP_NAT_A_SOCKET_MAX - 1)
};

enum {
	ESP_NAT_A_COUNTER_PAD = 1,
	ESP_NAT_A_COUNTER_NAME,
	ESP_NAT_A_COUNTER_VALUE,

	__ESP_NAT_A_COUNTER_MAX,
	ESP_NAT_A_COUNTER_MAX = (__ESP_NAT_A_COUNTER_MAX - 1)
};

enum {
	ESP_NAT_A_POOL_FIRST = 1,
	ESP_NAT_A_POOL_PREFIX_LEN,
	ESP_NAT_A_POOL_WRITTEN,
	ESP_NAT_A_POOL_COVERED,
	ESP_NAT_A_POOL_GIVEN,
	ESP_NAT_A_POOL_LINGERING,
	ESP_NAT_A_POOL_STATIC,

	__ESP_NAT_A_POOL_MAX,
	ESP_NAT_A_POOL_MAX = (__ESP_NAT_A_POOL_MAX - 1)
};

enum {
	ESP_NAT_A_ALIAS_PRESENTED = 1,
	ESP_NAT_A_ALIAS_ACTUAL,
	ESP_NAT_A_ALIAS_USED,

	__ESP_NAT_A_ALIAS_MAX,
	ESP_NAT_A_ALIAS_MAX = (__ESP_NAT_A_ALIAS_MAX - 1)
};

enum {
	ESP_NAT_A_MSG_PAD = 1,
	ESP_NAT_A_MSG_ID,
	ESP_NAT_A_MSG_PRESENTED,
	ESP_NAT_A_MSG_ACTUAL,
	ESP_NAT_A_MSG_SPI,
	ESP_NAT_A_MSG_CTX,
	ESP_NAT_A_MSG_ALIAS,
	ESP_NAT_A_MSG_SOCKET,
	ESP_NAT_A_MSG_COUNTER,
	ESP_NAT_A_MSG_POOL,
	ESP_NAT_A_MSG_EVENT,
	ESP_NAT_A_MSG_WAS,
	ESP_NAT_A_MSG_PEER,
	ESP_NAT_A_MSG_LOCAL,
	ESP_NAT_A_MSG_REASON,

	__ESP_NAT_A_MSG_MAX,
	ESP_NAT_A_MSG_MAX = (__ESP_NAT_A_MSG_MAX - 1)
};

enum esp_nat_cmd {
	ESP_NAT_CMD_CTX_GET = 1,
	ESP_NAT_CMD_CTX_DEL,
	ESP_NAT_CMD_CTX_FLUSH,
	ESP_NAT_CMD_CTX_IMPORT,
	ESP_NAT_CMD_ALIAS_ADD,
	ESP_NAT_CMD_ALIAS_DEL,
	ESP_NAT_CMD_ALIAS_GET,
	ESP_NAT_CMD_SOCKET_GET,
	ESP_NAT_CMD_COUNTER_GET,
	ESP_NAT_CMD_POOL_GET,
	ESP_NAT_CMD_EVENT,

	__ESP_NAT_CMD_MAX,
	ESP_NAT_CMD_MAX = (__ESP_NAT_CMD_MAX - 1)
};

#define ESP_NAT_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_ESP_NAT_H */
