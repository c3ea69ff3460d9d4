// SPDX-License-Identifier: GPL-2.0
/* espnat top: the clients by their traffic, updated continuously. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "attr.h"
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
 * struct top_view - two lists of the clients
 * @now: the newest
 * @was: the one before
 * @at: when the newest was taken
 * @seconds: how long after the one before; 0: there is none before
 */
struct top_view {
	struct ctx_list	now;
	struct ctx_list	was;
	struct timespec	at;
	double		seconds;
};

/**
 * enum top_order - what the rows are sorted by
 * @TOP_BOTH: bytes both ways
 * @TOP_IN: bytes from the client
 * @TOP_OUT: bytes to it
 * @TOP_IDLE: time since the last packet
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
	return attr_number(ctx->tb[type]);
}

/* The list is sorted by number, as the kernel dumps it. */
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

	return seconds && after > before ? (after - before) / seconds : 0;
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

static size_t top_rows(const struct top_view *view, struct top_row *rows)
{
	size_t i, count = 0;

	for (i = 0; i < view->now.count; i++) {
		const struct ctx *ctx = &view->now.ctx[i], *was;

		if (!top_passes(ctx))
			continue;
		was = top_before(&view->was, top_value(ctx, ESP_NAT_A_CTX_ID));
		rows[count++] = (struct top_row) {
			.ctx = ctx,
			.in = top_rate(ctx, was, ESP_NAT_A_CTX_RX_BYTES,
				       view->seconds),
			.out = top_rate(ctx, was, ESP_NAT_A_CTX_TX_BYTES,
					view->seconds),
		};
	}
	qsort(rows, count, sizeof(*rows), top_compare);
	return count;
}

/* ---- looks ---- */

static double top_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - then->tv_sec + (now.tv_nsec - then->tv_nsec) / 1e9;
}

static int top_look(struct top_view *view)
{
	struct ctx_filter any = { .state = -1 };
	struct ctx_list next;
	int err = ctx_get(&next, &any);

	if (err)
		return err;
	view->seconds = view->at.tv_sec ? top_since(&view->at) : 0;
	clock_gettime(CLOCK_MONOTONIC, &view->at);
	ctx_free(&view->was);
	view->was = view->now;
	view->now = next;
	return 0;
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

static void top_show(const struct top_view *view, size_t most)
{
	struct top_row *rows = calloc(view->now.count + 1, sizeof(*rows));

	if (!rows)
		abort();
	top_print(rows, top_rows(view, rows), most);
	free(rows);
	fflush(stdout);
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

static void top_begin(void)
{
	tcgetattr(STDIN_FILENO, &top_saved);
	atexit(top_restore);
	signal(SIGINT, top_stop);
	signal(SIGTERM, top_stop);
	signal(SIGQUIT, top_stop);
	signal(SIGHUP, top_stop);
	signal(SIGTSTP, SIG_IGN);
	top_raw();
}

/* A key shows the same list in another way; the next list comes in its time. */
static int top_live(struct top_view *view)
{
	struct pollfd key = { .fd = STDIN_FILENO, .events = POLLIN };
	double left;
	int err;

	top_begin();
	err = top_look(view);
	while (!top_stopped && !err) {
		printf("\033[?25l\033[H\033[Jespnat top, by %s%s%s   q quit, s sort, f filter\n",
		       top_orders[top_order], *top_filter ? ", only " : "",
		       top_filter);
		top_show(view, top_lines());
		left = TOP_SECONDS - top_since(&view->at);
		if (poll(&key, 1, left > 0 ? left * 1000 : 0) > 0)
			top_key();
		else if (!top_stopped)
			err = top_look(view);
	}
	return err;
}

/* One list to compare with, then a number of tables. */
static int top_batch(struct top_view *view, long times)
{
	int err = top_look(view);

	while (!err && times--) {
		sleep(TOP_SECONDS);
		err = top_look(view);
		if (!err)
			top_show(view, -1);
	}
	return err;
}

/**
 * top_run() - show the clients by their traffic
 * @argc: how many words
 * @argv: "-b" and the number of tables, for use without a terminal
 *
 * Return: an enum cmd_status.
 */
int top_run(int argc, char **argv)
{
	struct top_view view = { };
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
	err = live ? top_live(&view) : top_batch(&view, times);
	ctx_free(&view.was);
	ctx_free(&view.now);
	return cmd_status(err);
}
