// SPDX-License-Identifier: GPL-2.0
/* espnat diag: the checks, in their order. */
#include <string.h>

#include "cmd.h"
#include "diag_firewall.h"
#include "diag_host.h"
#include "diag_net.h"
#include "diag_sa.h"
#include "diag_state.h"
#include "finding.h"
#include "out.h"

/**
 * diag_main() - check what may be wrong, and say what to do
 * @argc: how many words
 * @argv: "--json": as -j
 *
 * Return: an enum cmd_status; CMD_FAILED if a check failed.
 */
int diag_main(int argc, char **argv)
{
	if (argc && !strcmp(*argv, "--json")) {
		out_json = true;
		argc--, argv++;
	}
	if (cmd_no_more(argc, argv))
		return CMD_USAGE;
	out_open(NULL, '[');
	if (diag_module()) {
		diag_sockets();
		diag_pool();
		diag_clients();
		diag_counters();
	}
	diag_kernel();
	diag_crypto();
	diag_sas();
	diag_routes();
	diag_firewall();
	diag_clear_text();
	diag_clock();
	out_close(']');
	return finding_failed() ? CMD_FAILED : CMD_OK;
}
