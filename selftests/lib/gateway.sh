# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The differential bench without daemons: a gateway of some kind, and clients of
# it behind one NAT that keeps ports, with scripted IKE and SAs set by hand.
# Sourced after sa.sh and harmless.sh.

# gateway [COMMAND [ARG]...]: it is made what it is by that, before there are a
# daemon and clients.
gateway()
{
	topo_again && "$@" && topo_crowd preserving c1 c2 && daemon "$SERVER" &&
		be_patient
}

# be_patient: everyone() waits, less long where most that fails has to.
# shellcheck disable=SC2034 # sa.sh's
be_patient()
{
	BURST=(wait=3)
	! harmless_module || BURST=(wait=8)
}

# clients_work NAME...: all at the same time, once the server has heard each. Where
# a gateway has rules for NAT, the first packets of both ends can meet: conntrack
# then takes one of them for another connection, and gives it another port.
clients_work()
{
	hello "$@" && everyone udp "$@"
}

# clients: one after the other, then at the same time.
clients()
{
	one_after_the_other && step_better "both work" returns c1
}

one_after_the_other()
{
	step_both "a client dials" connect_client c1 || return
	step "it works" clients_work c1
	step "it hangs up and dials again" hangs_up_and_dials c1
	step "it hangs up, another one dials" takes_turns
}

hangs_up_and_dials()
{
	disconnect_client "$1"
	connect_client "$1" && clients_work "$1"
}

takes_turns()
{
	disconnect_client c1
	connect_client c2 && clients_work c2
}

# returns NAME: beside who is there.
returns()
{
	connect_client "$1" && clients_work c1 c2
}

# with_clients COMMAND...: the scene of a gateway made by that.
with_clients()
{
	step_both "set up" gateway "$@" || return
	clients
}
