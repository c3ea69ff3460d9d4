// SPDX-License-Identifier: GPL-2.0
/* espnat top: who speaks most, again and again. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "ctx.h"
#include "field.h"
#include "out.h"

#define TOP_SECONDS	2

/**
 * struct top_row - a client in an interval
 * @ctx: the client
 * @in: bytes a second from it
 * @out: bytes a second to it
 */
struct top_row {
	const struct ctx	*ctx;
	uint64_t		in;
	uint64_t		out;
};

/**
 * enum top_order - what the rows are sorted by
 * @TOP_BOTH: bytes both ways
 * @TOP_IN: bytes from the client
 * @TOP_OUT: bytes to it
 * @TOP_IDLE: who was heard last
 * @TOP_ORDERS: how many there are
 */
enum top_order {
	TOP_BOTH,
	TOP_IN,
	TOP_OUT,
	TOP_IDLE,
	TOP_ORDERS,
};

static const char * const top_orders[] = { "traffic", "in", "out", "idle" };

static enum top_order top_order;
static char top_filter[64];
static struct termios top_saved;
static volatile sig_atomic_t top_stopped;

/* ---- rows ---- */

static uint64_t top_value(const struct ctx *ctx, int type)
{
	return nl_number(ctx->tb[type]);
}

/* A dump goes by the numbers, and so does the list. */
static const struct ctx *top_before(const struct ctx_list *list, uint64_t id)
{
	size_t low = 0, high = list->count, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (top_value(&list->ctx[middle], ESP_NAT_A_CTX_ID) < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == list->count ||
	    top_value(&list->ctx[low], ESP_NAT_A_CTX_ID) != id)
		return NULL;
	return &list->ctx[low];
}

static uint64_t top_rate(const struct ctx *now, const struct ctx *was, int type,
			 double seconds)
{
	uint64_t before = was ? top_value(was, type) : 0;
	uint64_t after = top_value(now, type);

	return after > before ? (after - before) / seconds : 0;
}

static int top_compare(const void *left, const void *right)
{
	const struct top_row *a = left, *b = right;
	uint64_t x, y;

	switch (top_order) {
	case TOP_IN:
		x = a->in, y = b->in;
		break;
	case TOP_OUT:
		x = a->out, y = b->out;
		break;
	case TOP_IDLE:
		y = top_value(a->ctx, ESP_NAT_A_CTX_IDLE);
		x = top_value(b->ctx, ESP_NAT_A_CTX_IDLE);
		break;
	default:
		x = a->in + a->out, y = b->in + b->out;
	}
	return (x < y) - (x > y);
}

static bool top_passes(const struct ctx *ctx)
{
	char actual[EP_TEXT], presented[EP_TEXT];

	return strstr(ep_format(&ctx->actual, actual), top_filter) ||
	       strstr(ep_format(&ctx->presented, presented), top_filter);
}

static size_t top_rows(const struct ctx_list *now, const struct ctx_list *was,
		       double seconds, struct top_row *rows)
{
	size_t i, count = 0;

	for (i = 0; i < now->count; i++) {
		const struct ctx *ctx = &now->ctx[i], *before;

		if (!top_passes(ctx))
			continue;
		before = top_before(was, top_value(ctx, ESP_NAT_A_CTX_ID));
		rows[count++] = (struct top_row) {
			.ctx = ctx,
			.in = top_rate(ctx, before, ESP_NAT_A_CTX_RX_BYTES,
				       seconds),
			.out = top_rate(ctx, before, ESP_NAT_A_CTX_TX_BYTES,
					seconds),
		};
	}
	qsort(rows, count, sizeof(*rows), top_compare);
	return count;
}

/* ---- the table ---- */

static void top_print_row(const struct top_row *row)
{
	uint64_t state = top_value(row->ctx, ESP_NAT_A_CTX_STATE);
	char text[EP_TEXT];

	out_open(NULL, '{');
	out_text("%-22s", ep_format(&row->ctx->actual, text));
	out_text(" %-22s", ep_format(&row->ctx->presented, text));
	out_text(" %-6s", field_name(field_states, state));
	out_text(" %10llu %10llu", (unsigned long long)row->in,
		 (unsigned long long)row->out);
	out_text(" %7.1f",
		 top_value(row->ctx, ESP_NAT_A_CTX_IDLE) / 1000.0);
	if (out_json)
		ctx_print(row->ctx, false);
	out_u64("rx-rate", NULL, row->in);
	out_u64("tx-rate", NULL, row->out);
	out_line();
	out_close('}');
}

static void top_print(const struct top_row *rows, size_t count, size_t most)
{
	size_t i;

	out_text("%-22s %-22s %-6s %10s %10s %7s\n", "CLIENT", "PRESENTED",
		 "STATE", "IN B/s", "OUT B/s", "IDLE s");
	out_open(NULL, '[');
	for (i = 0; i < count && i < most; i++)
		top_print_row(&rows[i]);
	out_close(']');
}

static int top_once(struct ctx_list *was, double seconds, size_t most)
{
	struct ctx_filter any = { .state = -1 };
	struct top_row *rows;
	struct ctx_list now;
	size_t count;
	int err;

	err = ctx_get(&now, &any);
	if (err)
		return err;
	rows = calloc(now.count + 1, sizeof(*rows));
	if (!rows)
		abort();
	count = top_rows(&now, was, seconds, rows);
	top_print(rows, count, most);
	free(rows);
	ctx_free(was);
	*was = now;
	return 0;
}

/* ---- the terminal ---- */

static void top_restore(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &top_saved);
	printf("\033[?25h\n");
	fflush(stdout);
}

static void top_stop(int signal)
{
	(void)signal;
	top_stopped = 1;
}

static void top_raw(void)
{
	struct termios raw = top_saved;

	raw.c_lflag &= ~(ICANON | ECHO);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

static void top_ask_filter(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &top_saved);
	printf("\033[?25h\nonly addresses with: ");
	fflush(stdout);
	if (!fgets(top_filter, sizeof(top_filter), stdin))
		*top_filter = '\0';
	top_filter[strcspn(top_filter, "\n")] = '\0';
	top_raw();
}

static void top_key(void)
{
	char key;

	if (read(STDIN_FILENO, &key, 1) != 1 || key == 'q')
		top_stopped = 1;
	else if (key == 's')
		top_order = (top_order + 1) % TOP_ORDERS;
	else if (key == 'f')
		top_ask_filter();
}

static size_t top_lines(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row < 5)
		return 20;
	return size.ws_row - 4;
}

static int top_live(struct ctx_list *was)
{
	struct pollfd key = { .fd = STDIN_FILENO, .events = POLLIN };
	struct timespec last, now;
	double seconds = 1e9;
	int err = 0;

	tcgetattr(STDIN_FILENO, &top_saved);
	atexit(top_restore);
	signal(SIGINT, top_stop);
	signal(SIGTERM, top_stop);
	signal(SIGQUIT, top_stop);
	signal(SIGHUP, top_stop);
	signal(SIGTSTP, SIG_IGN);
	top_raw();
	clock_gettime(CLOCK_MONOTONIC, &last);
	while (!top_stopped && !err) {
		printf("\033[?25l\033[H\033[Jespnat top, by %s%s%s   q quit, s sort, f filter\n",
		       top_orders[top_order], *top_filter ? ", only " : "",
		       top_filter);
		err = top_once(was, seconds, top_lines());
		fflush(stdout);
		if (poll(&key, 1, TOP_SECONDS * 1000) > 0)
			top_key();
		clock_gettime(CLOCK_MONOTONIC, &now);
		seconds = now.tv_sec - last.tv_sec +
			  (now.tv_nsec - last.tv_nsec) / 1e9;
		last = now;
	}
	return err;
}

/* A first look, to compare with; then so many tables. */
static int top_batch(struct ctx_list *was, long times)
{
	struct ctx_filter any = { .state = -1 };
	int err = ctx_get(was, &any);

	while (!err && times--) {
		sleep(TOP_SECONDS);
		err = top_once(was, TOP_SECONDS, -1);
		fflush(stdout);
	}
	return err;
}

/**
 * top_run() - who speaks most
 * @argc: how many words
 * @argv: "-b" and a number: so many tables, without a terminal
 *
 * Return: an enum cmd_status.
 */
int top_run(int argc, char **argv)
{
	struct ctx_list was = { };
	long times = 1;
	bool live = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !out_json;
	int err;

	if (argc && !strcmp(*argv, "-b")) {
		live = false;
		times = argc == 2 ? atol(argv[1]) : 0;
		if (times < 1) {
			fprintf(stderr, "espnat: top -b NUMBER\n");
			return CMD_USAGE;
		}
	} else if (cmd_no_more(argc, argv)) {
		return CMD_USAGE;
	}
	if (!nl_open())
		return CMD_FAILED;
	err = live ? top_live(&was) : top_batch(&was, times);
	ctx_free(&was);
	return cmd_status(err);
}
