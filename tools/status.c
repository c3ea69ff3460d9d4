// SPDX-License-Identifier: GPL-2.0
/* espnat status: a summary on one screen. */
#include <stdio.h>
#include <string.h>

#include "attr.h"
#include "cmd.h"
#include "counter.h"
#include "ctx.h"
#include "out.h"
#include "pool.h"
#include "sock.h"
#include "tunable.h"

/**
 * struct status_clients - numbers of clients
 * @total: all clients
 * @state: by enum esp_nat_state
 * @aliased: those with an alias
 * @moved: those that have moved
 * @outside: those outside the rule
 */
struct status_clients {
	unsigned int	total;
	unsigned int	state[ESP_NAT_CTX_LOST + 1];
	unsigned int	aliased;
	unsigned int	moved;
	unsigned int	outside;
};

/* ---- parts ---- */

static void status_module(void)
{
	char version[64];

	out_open("module", '{');
	if (!tunable_file("/sys/module/esp_nat/version", version,
			  sizeof(version)))
		strcpy(version, "?");
	out_str("version", "esp_nat ", version);
	out_bool("enabled", tunable_number("enabled") == 1);
	if (tunable_number("enabled") != 1) {
		out_colour(OUT_BAD);
		out_text(", disabled in this network namespace: sysctl net.esp_nat.enabled=1");
		out_colour(OUT_NORMAL);
	}
	out_close('}');
	out_line();
}

static bool status_see_socket(const struct nlattr **msg, void *data)
{
	struct sock sock;
	char name[32];
	int *count = data;

	if (!sock_read(msg, &sock))
		return true;
	out_open(NULL, '{');
	out_text(++*count == 1 ? "sockets   " : "          ");
	out_ep("local", "", &sock.local);
	if (sock.own)
		out_flag("own", " own socket of esp_nat", true);
	else if (sock_process(&sock, name, sizeof(name)))
		out_str("process", " ", name);
	out_flag("encap", " UDP_ENCAP", sock.encap);
	out_close('}');
	out_line();
	return true;
}

static int status_sockets(void)
{
	int count = 0, err;

	out_open("sockets", '[');
	err = nl_ask(nl_begin(ESP_NAT_CMD_SOCKET_GET, NLM_F_DUMP),
		     status_see_socket, &count);
	out_close(']');
	if (err || count || out_json)
		return err;
	out_text("sockets   ");
	out_colour(OUT_WARN);
	out_text("no process is on nat_port or ike_port: no IKE daemon runs");
	out_colour(OUT_NORMAL);
	out_line();
	return 0;
}

static void status_count(const struct ctx *ctx, struct status_clients *clients)
{
	uint64_t state = attr_number(ctx->tb[ESP_NAT_A_CTX_STATE]);

	clients->total++;
	if (state <= ESP_NAT_CTX_LOST)
		clients->state[state]++;
	clients->aliased += !!ctx->tb[ESP_NAT_A_CTX_ALIASED];
	clients->moved += attr_number(ctx->tb[ESP_NAT_A_CTX_MOVES]) > 0;
	clients->outside += attr_number(ctx->tb[ESP_NAT_A_CTX_RULE]) ==
			    ESP_NAT_RULE_OUTSIDE;
}

static int status_clients(struct status_clients *clients)
{
	struct ctx_filter any = { .state = -1 };
	struct ctx_list list;
	size_t i;
	int err;

	memset(clients, 0, sizeof(*clients));
	err = ctx_get(&list, &any);
	for (i = 0; !err && i < list.count; i++)
		status_count(&list.ctx[i], clients);
	ctx_free(&list);
	if (err)
		return err;
	out_open("contexts", '{');
	out_u64("total", "clients   ", clients->total);
	out_u64("live", ", with SAs ", clients->state[ESP_NAT_CTX_LIVE]);
	out_u64("half-open", ", half-open ", clients->state[ESP_NAT_CTX_HALF] +
		clients->state[ESP_NAT_CTX_ECHOED]);
	out_u64("aliased", ", with alias ", clients->aliased);
	out_u64("moved", ", moved ", clients->moved);
	out_u64("outside", NULL, clients->outside);
	out_close('}');
	out_line();
	return 0;
}

static int status_pool(void)
{
	struct pool pool;
	int err = pool_get(&pool);

	if (err)
		return err;
	out_text("pool      ");
	out_open("pool", '{');
	pool_print(&pool);
	out_close('}');
	return 0;
}

static const char *status_word(const char * const *words, long number,
			       long count)
{
	return number >= 0 && number < count ? words[number] : "?";
}

static void status_modes(void)
{
	static const char * const rule[] = {
		"no server is behind NAT", "the server may be behind NAT",
		"both ends may be behind NAT",
	};
	static const char * const block[] = {
		"off", "while no IKE daemon runs", "always",
	};
	long value = tunable_number("assume_udp_encap_context_on_send");
	bool refuse = tunable_number("refuse_outside_rule") == 1;
	long mode = tunable_number("block_mode");
	char ports[64];

	out_open("rule", '{');
	out_text("rule      %ld, %s", value, status_word(rule, value, 3));
	out_u64("value", NULL, value);
	out_bool("refuse", refuse);
	out_text(refuse ? "; others are refused" : "");
	out_close('}');
	out_line();
	out_open("block", '{');
	out_text("block     %ld, %s", mode, status_word(block, mode, 3));
	out_u64("mode", NULL, mode);
	if (tunable_text("block_ports", ports, sizeof(ports)))
		out_str("ports", "; UDP ", ports);
	out_close('}');
	out_line();
}

/* ---- problems ---- */

static void status_problem(const char *name, uint64_t value, const char *what,
			   const char *remedy)
{
	out_open(NULL, '{');
	out_colour(OUT_WARN);
	out_str("name", "problem   ", name);
	out_u64("value", " ", value);
	out_colour(OUT_NORMAL);
	out_str("meaning", ": ", what);
	out_str("remedy", "\n          ", remedy);
	out_close('}');
	out_line();
}

static void status_problems(const struct status_clients *clients)
{
	const struct counter *c;

	out_open("problems", '[');
	if (clients->outside)
		status_problem("outside", clients->outside,
			       "clients that the rule does not allow",
			       "espnat context show; sysctl net.esp_nat.assume_udp_encap_context_on_send");
	for (c = counters; c->name; c++)
		if (c->value && *c->remedy && strcmp(c->name, "rule_outside"))
			status_problem(c->name, c->value, c->meaning,
				       c->remedy);
	out_close(']');
}

/**
 * status_show() - print a summary
 * @argc: 0
 * @argv: nothing
 *
 * Return: an enum cmd_status.
 */
int status_show(int argc, char **argv)
{
	struct status_clients clients;
	int err;

	if (cmd_no_more(argc, argv))
		return CMD_USAGE;
	if (!nl_open())
		return CMD_FAILED;
	out_open(NULL, '{');
	status_module();
	err = status_sockets();
	if (!err)
		err = status_clients(&clients);
	if (!err)
		err = status_pool();
	if (!err) {
		status_modes();
		err = counter_get();
	}
	if (!err)
		status_problems(&clients);
	out_close('}');
	return cmd_status(err);
}
