// SPDX-License-Identifier: GPL-2.0
/* espnat - show and change what esp_nat does: options and commands. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "cmd.h"
#include "out.h"

#define ESPNAT_VERSION	"0.1.0"

static const struct cmd espnat_cmds[] = {
	{ "status", "", status_show, NULL },
	{ "context", "", NULL, context_cmds },
	{ "resolve", "ALIAS | PEER[:PORT]", context_resolve, NULL },
	{ "alias", "", NULL, alias_cmds },
	{ "pool", "", pool_show, NULL },
	{ "socket", "", socket_show, NULL },
	{ "stats", "[all | -s] [--openmetrics]", stats_show, NULL },
	{ "monitor", "", monitor_run, NULL },
	{ "top", "[-b NUMBER]", top_run, NULL },
	{ "diag", "[--json]", diag_main, NULL },
	{ "export", "> FILE", transfer_export, NULL },
	{ "import", "< FILE", transfer_import, NULL },
	{ }
};

static const char espnat_usage[] =
"usage: espnat [OPTIONS] [OBJECT [COMMAND]]\n"
"\n"
"  espnat                    status\n"
"  espnat context show       the clients\n"
"  espnat resolve ADDRESS    the client that has this address or alias\n"
"  espnat help               all commands; \"espnat OBJECT help\" for one object\n"
"\n"
"  -j          JSON\n"
"  -p          indented JSON\n"
"  -s          more details: packets, IKE SAs, meanings of counters\n"
"  -n NETNS    network namespace\n"
"  -V          version\n"
"  -h          help\n";

static bool espnat_enter(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s%s",
		 strchr(name, '/') ? "" : "/run/netns/", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET)) {
		fprintf(stderr, "espnat: network namespace %s: %s\n", name,
			strerror(errno));
		return false;
	}
	close(fd);
	/* /sys shows the namespace in which it was mounted */
	if (unshare(CLONE_NEWNS) ||
	    mount("", "/", NULL, MS_SLAVE | MS_REC, NULL) ||
	    (umount2("/sys", MNT_DETACH) && errno != EINVAL) ||
	    mount("sysfs", "/sys", "sysfs", MS_RDONLY, NULL))
		fprintf(stderr, "espnat: /sys of network namespace %s: %s\n",
			name, strerror(errno));
	return true;
}

int main(int argc, char **argv)
{
	int option;

	if (argc > 1 && !strcmp(argv[1], "--complete")) {
		cmd_complete(espnat_cmds, argc - 2, argv + 2);
		return CMD_OK;
	}
	while ((option = getopt(argc, argv, "+jpsn:Vh")) != -1) {
		switch (option) {
		case 'j':
			out_json = true;
			break;
		case 'p':
			out_pretty = true;
			break;
		case 's':
			cmd_more = true;
			break;
		case 'n':
			if (!espnat_enter(optarg))
				return CMD_FAILED;
			break;
		case 'V':
			printf("espnat " ESPNAT_VERSION "\n");
			return CMD_OK;
		case 'h':
			fputs(espnat_usage, stdout);
			return CMD_OK;
		default:
			fputs(espnat_usage, stderr);
			return CMD_USAGE;
		}
	}
	out_begin();
	return cmd_run(espnat_cmds, "espnat", argc - optind, argv + optind);
}
