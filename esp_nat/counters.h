/* SPDX-License-Identifier: GPL-2.0 */
/* Counters: one entry here is enum, name and documentation. Builds in user space. */
#ifndef _ESP_NAT_COUNTERS_H
#define _ESP_NAT_COUNTERS_H

/*
 * ESP_NAT_STAT(name, meaning, what to do if it rises, or "" if that is as it
 * should be); what begins with drop_ is a drop reason
 */
#define ESP_NAT_STATS(ESP_NAT_STAT) \
	ESP_NAT_STAT(in_keepalive, "NAT keepalives on nat_port", \
		     "") \
	ESP_NAT_STAT(in_runt, "UDP payloads on nat_port too short for anything", \
		     "somebody sends what is neither IKE nor ESP: see tcpdump port 4500") \
	ESP_NAT_STAT(in_ike, "IKE messages to nat_port and ike_port", \
		     "") \
	ESP_NAT_STAT(in_ike_short, "IKE shorter than its header", \
		     "not IKE: see tcpdump port 500 or port 4500") \
	ESP_NAT_STAT(in_ike_length, "IKE whose length field does not fit", \
		     "not IKE, or fragments that were lost: see tcpdump port 500 or port 4500") \
	ESP_NAT_STAT(in_csum, "IKE with a wrong UDP checksum", \
		     "packets are damaged on their way, or by a device's offload") \
	ESP_NAT_STAT(in_ike_presented, "IKE messages whose source was rewritten", \
		     "") \
	ESP_NAT_STAT(in_esp, "UDP-encapsulated ESP packets", \
		     "") \
	ESP_NAT_STAT(in_esp_plain, "ESP packets without UDP header", \
		     "") \
	ESP_NAT_STAT(in_esp_gro, "UDP-encapsulated ESP packets taken in GRO", \
		     "") \
	ESP_NAT_STAT(in_esp_presented, "ESP packets whose source was rewritten", \
		     "") \
	ESP_NAT_STAT(in_esp_converted, "ESP packets in the other form than their SA's", \
		     "") \
	ESP_NAT_STAT(in_esp_no_sa, "ESP packets without an SA", \
		     "a client uses SAs that this gateway has forgotten: it has to dial again") \
	ESP_NAT_STAT(in_spi_zero, "plain ESP with SPI 0", \
		     "somebody sends nonsense: see tcpdump esp") \
	ESP_NAT_STAT(in_own, "packets to nat_port given to the own socket", \
		     "") \
	ESP_NAT_STAT(in_own_ike, "IKE messages to nat_port handed to ike_port", \
		     "") \
	ESP_NAT_STAT(out_own, "IKE and ESP from ike_port sent from nat_port", \
		     "") \
	ESP_NAT_STAT(out_ike, "IKE messages translated to the actual endpoint", \
		     "") \
	ESP_NAT_STAT(out_esp, "ESP packets translated to the actual endpoint", \
		     "") \
	ESP_NAT_STAT(out_assumed, "ESP packets sent UDP-encapsulated by the rule", \
		     "") \
	ESP_NAT_STAT(out_keepalive, "NAT keepalives sent to silent clients", \
		     "") \
	ESP_NAT_STAT(out_no_route, "packets without a route to the actual endpoint", \
		     "ip route get the client's address") \
	ESP_NAT_STAT(out_error, "packets that could not be translated", \
		     "packets without room for a header, or no memory") \
	ESP_NAT_STAT(ctx_created, "contexts born", \
		     "") \
	ESP_NAT_STAT(ctx_destroyed, "contexts that died", \
		     "") \
	ESP_NAT_STAT(ctx_confirmed, "contexts that got their first SA", \
		     "") \
	ESP_NAT_STAT(ctx_evicted, "half-open contexts that made room for others", \
		     "more clients dial than can be half-open: a flood, or raise max_contexts") \
	ESP_NAT_STAT(ctx_expired, "contexts that died by timeout", \
		     "") \
	ESP_NAT_STAT(ctx_folded, "half-open contexts found to be a client that is known", \
		     "") \
	ESP_NAT_STAT(ctx_refused, "half-open contexts whose alias the daemon refused", \
		     "it knows the peer by address: never_alias=PREFIX spares a second try") \
	ESP_NAT_STAT(ctx_failed, "contexts not born for want of memory", \
		     "the machine is short of memory") \
	ESP_NAT_STAT(ctx_healed, "contexts made again by an authenticated packet", \
		     "") \
	ESP_NAT_STAT(ctx_moved, "moves of contexts to where an authenticated packet came from", \
		     "") \
	ESP_NAT_STAT(ctx_move_early, "moves not believed: too soon after the last", \
		     "a client is at two places by turns, as two devices with its keys would be") \
	ESP_NAT_STAT(rule_outside, "contexts found to be outside the rule", \
		     "see assume_udp_encap_context_on_send, and espnat context show") \
	ESP_NAT_STAT(detect_peer_nat, "contexts found to be behind a NAT", \
		     "") \
	ESP_NAT_STAT(detect_local_nat, "contexts to which this end is behind a NAT", \
		     "") \
	ESP_NAT_STAT(detect_no_nat, "contexts found to have no NAT at either end", \
		     "") \
	ESP_NAT_STAT(detect_unknown, "IKE messages whose digests could not be checked", \
		     "the kernel lacks a digest that IKE uses, sha1 or md5") \
	ESP_NAT_STAT(alias_given, "aliases taken from the pool", \
		     "") \
	ESP_NAT_STAT(alias_released, "aliases given back to the pool", \
		     "") \
	ESP_NAT_STAT(pool_covered, "aliases not given: a route covers the pool", \
		     "sysctl net.esp_nat.alias_pool4=PREFIX, one that no route covers") \
	ESP_NAT_STAT(drop_no_alias, "requests not answered: pool exhausted", \
		     "sysctl net.esp_nat.alias_pool4=PREFIX, a larger one") \
	ESP_NAT_STAT(drop_ctx_max, "requests not answered: max_contexts", \
		     "sysctl net.esp_nat.max_contexts=NUMBER, or a flood") \
	ESP_NAT_STAT(drop_peer_max, "requests not answered: max_contexts_per_peer", \
		     "sysctl net.esp_nat.max_contexts_per_peer=NUMBER, if so many are there") \
	ESP_NAT_STAT(drop_refused, "the daemon's refusals of an alias, which is taken back", \
		     "") \
	ESP_NAT_STAT(drop_evicted, "IKE of clients whose half-open context had to go", \
		     "they dial again; see ctx_evicted") \
	ESP_NAT_STAT(drop_no_memory, "requests not answered: no memory", \
		     "the machine is short of memory") \
	ESP_NAT_STAT(drop_stray_out, "packets to an alias without an SA", \
		     "a program speaks to a client whose SA has gone: it will notice") \
	ESP_NAT_STAT(drop_offload, "packets to an alias that xfrm has left to a device", \
		     "packet offload does not serve aliases: have the SAs made without it") \
	ESP_NAT_STAT(drop_stray_in, "packets from the wire with an alias as source", \
		     "addresses of the pool are in use on the network: another alias_pool4") \
	ESP_NAT_STAT(drop_own, "packets to nat_port that the own socket has no use for", \
		     "no IKE daemon runs, or somebody sends neither IKE nor ESP of a live SA") \
	ESP_NAT_STAT(drop_block_in, "packets in of block_ports without an SA", \
		     "L2TP in clear text: the client's IPsec is off, or the IKE daemon is down") \
	ESP_NAT_STAT(drop_block_out, "packets out of block_ports without an SA", \
		     "L2TP in clear text: the client's IPsec is off, or the IKE daemon is down") \
	ESP_NAT_STAT(fwd_csum, "forwarded packets whose checksum was made right", \
		     "") \
	ESP_NAT_STAT(fwd_csum_left, "forwarded packets whose checksum could not be made right", \
		     "forwarded packets may be dropped by who receives them") \
	ESP_NAT_STAT(drop_outside_rule, "packets of contexts that the rule does not allow", \
		     "if that NAT is meant to be: assume_udp_encap_context_on_send=1 or 2") \
	ESP_NAT_STAT(drop_assume_offload, "packets to be assumed that are not encrypted yet", \
		     "rmmod esp4_offload: with it SAs that the rule assumes for cannot be sent") \
	ESP_NAT_STAT(pmtu_quoted, "ICMP errors whose quoted header was rewritten", \
		     "") \
	ESP_NAT_STAT(pmtu_told, "presented routes told of a smaller MTU", \
		     "") \
	ESP_NAT_STAT(pmtu_lowered, "ICMP errors lowered by a UDP header that xfrm does not count", \
		     "") \
	ESP_NAT_STAT(sa_new, "SAs installed for a context", \
		     "") \
	ESP_NAT_STAT(sa_gone, "SAs of a context that went", \
		     "")

#endif /* _ESP_NAT_COUNTERS_H */
