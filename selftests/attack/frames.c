// SPDX-License-Identifier: GPL-2.0
/*
 * Hostile frames for a gateway, out of the genuine ones that pass by.
 *
 *	frames [option]... DEVICE GATEWAY
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "forge.h"

#define FRAMES_BATCH	32

/**
 * struct frames - a run
 * @fd: packet socket on the device
 * @learned: what genuine frames have told
 * @gateway6: its IPv6 address
 * @has_ipv6: there is one
 * @sent: frames that went, by kind
 * @count: how many are to go
 * @seed: what they are made by
 * @path: file of what was learned, or NULL
 * @seconds: learn for so long
 */
struct frames {
	int			fd;
	struct learned		learned;
	struct in6_addr		gateway6;
	bool			has_ipv6;
	unsigned long		sent[FORGE_KINDS];
	unsigned long		count;
	unsigned long		seed;
	const char		*path;
	int			seconds;
};

static void help(FILE *to)
{
	fputs("usage: frames [option]... DEVICE GATEWAY\n"
	      "\n"
	      "Learns SPIs, cookies and ports from what DEVICE sends to GATEWAY, an IPv4\n"
	      "address, and then sends it forged IKE, ESP, ICMP, fragments and flipped bits.\n"
	      "\n"
	      "  --count N       so many frames (20000)\n"
	      "  --seed N        the same frames again, if FILE is the same, too\n"
	      "  --learned FILE  read what was learned, or keep it there\n"
	      "  --seconds N     learn for at most so long (10)\n"
	      "  --ipv6 ADDRESS  the gateway's, for IPv6 frames\n", to);
}

static void frames_open(struct frames *run, const char *dev)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET, .sll_protocol = 0,
		.sll_ifindex = if_nametoindex(dev),
	};

	if (!at.sll_ifindex)
		err(1, "no device %s", dev);
	run->fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (run->fd < 0 || bind(run->fd, (void *)&at, sizeof(at)))
		err(1, "a packet socket on %s (are you root?)", dev);
}

/* Read it from the file; false if there is none. */
static bool frames_remember(struct frames *run)
{
	FILE *file = run->path ? fopen(run->path, "r") : NULL;
	bool whole;

	if (!file)
		return false;
	whole = fread(&run->learned, sizeof(run->learned), 1, file) == 1;
	fclose(file);
	if (!whole)
		errx(1, "%s is of another version: remove it", run->path);
	return true;
}

static void frames_keep(const struct frames *run)
{
	FILE *file = run->path ? fopen(run->path, "w") : NULL;

	if (!run->path)
		return;
	if (!file || fwrite(&run->learned, sizeof(run->learned), 1, file) != 1 ||
	    fclose(file))
		err(1, "%s", run->path);
}

static void frames_learn(struct frames *run, const char *dev,
			 const char *gateway)
{
	struct in_addr addr;

	if (inet_pton(AF_INET, gateway, &addr) != 1)
		errx(1, "%s is no IPv4 address", gateway);
	if (!frames_remember(run)) {
		if (learn_from(&run->learned, dev, ntohl(addr.s_addr),
			       LEARN_FRAMES, run->seconds))
			err(1, "no IKE or ESP to %s by %s", gateway, dev);
		frames_keep(run);
	}
	printf("learned %zu frames, %zu SPIs, %zu IKE SAs, %zu ports\n",
	       run->learned.frames, run->learned.spis, run->learned.cookies,
	       run->learned.ports);
}

/* A full queue makes way; what a device refuses is not sent. */
static void frames_flush(struct frames *run, struct mmsghdr *msgs, unsigned int n)
{
	unsigned int done = 0;
	int sent;

	while (done < n) {
		sent = sendmmsg(run->fd, msgs + done, n - done, 0);
		if (sent > 0)
			done += sent;
		else if (errno == ENOBUFS || errno == EAGAIN)
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
		else if (errno == EMSGSIZE || errno == EINVAL)
			done++;
		else
			err(1, "sending");
	}
}

static void frames_run(struct frames *run)
{
	static struct packet packets[FRAMES_BATCH + 1];
	struct mmsghdr msgs[FRAMES_BATCH + 1];
	struct iovec iov[FRAMES_BATCH + 1];
	const struct in6_addr *to6 = run->has_ipv6 ? &run->gateway6 : NULL;
	unsigned long done = 0;
	enum forge_kind kind;
	unsigned int n, i;

	while (done < run->count) {
		memset(msgs, 0, sizeof(msgs));
		for (n = 0; n < FRAMES_BATCH && done + n < run->count; ) {
			i = forge(&run->learned, to6, &packets[n], &kind);
			run->sent[kind] += i;
			n += i;
		}
		for (i = 0; i < n; i++) {
			iov[i].iov_base = packet_data(&packets[i]);
			iov[i].iov_len = packets[i].len;
			msgs[i].msg_hdr.msg_iov = &iov[i];
			msgs[i].msg_hdr.msg_iovlen = 1;
		}
		frames_flush(run, msgs, n);
		if (done / 100000 != (done + n) / 100000)
			fprintf(stderr, "%lu frames\n", done + n);
		done += n;
	}
}

static unsigned long frames_number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 0);

	if (!*text || *end || *text == '-')
		errx(1, "%s is no number", text);
	return n;
}

static void frames_option(struct frames *run, int option)
{
	switch (option) {
	case 'c':
		run->count = frames_number(optarg);
		break;
	case 's':
		run->seed = frames_number(optarg);
		break;
	case 'l':
		run->path = optarg;
		break;
	case 't':
		run->seconds = frames_number(optarg);
		break;
	case '6':
		if (inet_pton(AF_INET6, optarg, &run->gateway6) != 1)
			errx(1, "%s is no IPv6 address", optarg);
		run->has_ipv6 = true;
		break;
	case 'h':
		help(stdout);
		exit(0);
	default:
		help(stderr);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "count", required_argument, NULL, 'c' },
		{ "seed", required_argument, NULL, 's' },
		{ "learned", required_argument, NULL, 'l' },
		{ "seconds", required_argument, NULL, 't' },
		{ "ipv6", required_argument, NULL, '6' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	static struct frames run = { .count = 20000, .seconds = 10 };
	int c, kind;

	run.seed = time(NULL);
	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1)
		frames_option(&run, c);
	if (argc - optind != 2)
		frames_option(&run, '?');
	frames_open(&run, argv[optind]);
	frames_learn(&run, argv[optind], argv[optind + 1]);
	packet_seed(run.seed);
	frames_run(&run);
	printf("seed %lu, sent", run.seed);
	for (kind = 0; kind < FORGE_KINDS; kind++)
		printf(" %s %lu", forge_names[kind], run.sent[kind]);
	printf("\n");
	return 0;
}
