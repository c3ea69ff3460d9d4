// SPDX-License-Identifier: GPL-2.0
/* espnat monitor: events, one a line. */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "attr.h"
#include "cmd.h"
#include "ctx.h"
#include "field.h"
#include "out.h"

static const char * const monitor_events[] = {
	"born", "confirmed", "aliased", "moved", "outside", "refused",
	"blocked", "limit", "ended", NULL
};

static void monitor_time(void)
{
	char date[32], zone[16], text[64];
	struct timespec now;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	snprintf(text, sizeof(text), "%s.%03ld%s", date,
		 now.tv_nsec / 1000000, zone);
	out_str("time", "", text);
	out_text(" ");
}

static void monitor_end(const struct nlattr *attr, const char *key,
			const char *before)
{
	struct ep ep;

	if (attr && ep_get(attr, &ep))
		out_ep(key, before, &ep);
}

/**
 * monitor_see() - print an event
 * @msg: its attributes
 * @data: not used
 *
 * Return: true.
 */
bool monitor_see(const struct nlattr **msg, void *data)
{
	const char *event;
	struct ctx ctx;

	(void)data;
	if (!msg[ESP_NAT_A_MSG_EVENT])
		return true;
	event = field_name(monitor_events,
			   attr_number(msg[ESP_NAT_A_MSG_EVENT]));
	out_open(NULL, '{');
	monitor_time();
	out_str("event", "", event);
	if (msg[ESP_NAT_A_MSG_CTX] && ctx_read(msg[ESP_NAT_A_MSG_CTX], &ctx)) {
		ctx.nest = (struct nlattr *)msg[ESP_NAT_A_MSG_CTX];
		out_open("ctx", '{');
		out_text(" ");
		ctx_print(&ctx, out_json);
		out_close('}');
	}
	monitor_end(msg[ESP_NAT_A_MSG_WAS], "was", " was ");
	monitor_end(msg[ESP_NAT_A_MSG_PEER], "peer", " peer ");
	monitor_end(msg[ESP_NAT_A_MSG_LOCAL], "local", " local ");
	if (msg[ESP_NAT_A_MSG_REASON])
		out_str("reason", ": ", attr_text(msg[ESP_NAT_A_MSG_REASON]));
	out_line();
	out_close('}');
	fflush(stdout);
	return true;
}

/**
 * monitor_run() - print events until the program is stopped
 * @argc: 0
 * @argv: nothing
 *
 * Return: an enum cmd_status.
 */
int monitor_run(int argc, char **argv)
{
	int err;

	if (cmd_no_more(argc, argv))
		return CMD_USAGE;
	if (!nl_open())
		return CMD_FAILED;
	out_pretty = false;
	do {
		err = nl_listen(monitor_see, NULL);
		if (err == -ENOBUFS)
			fprintf(stderr,
				"espnat: too many events at once, some were lost\n");
	} while (err == -ENOBUFS);
	return cmd_status(err);
}
