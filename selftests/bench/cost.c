// SPDX-License-Identifier: GPL-2.0
/*
 * What packets cost, in nanoseconds of a clock that counts instructions.
 *
 *	cost single PACKET SINK <FRAMES
 *	cost batch PACKET SINK <FRAMES
 *	cost out SOCKET SIZE <BURSTS
 *
 * The numbers are those of open sockets. A line for each burst: packets, nanoseconds,
 * and how many have arrived.
 *
 * single, batch: frames go out by the packet socket; singly, and whatever they wake
 * runs before the next one, or all of a burst before anything that they wake. FRAMES
 * has records, a length of 16 bits and a frame; length 0 ends a burst. The last frame
 * of a burst is one that is answered, and the burst has taken until the answer is
 * there. What has arrived at SINK is read after it. out: BURSTS has, for each burst,
 * how many datagrams, then as many ends, of struct sockaddr_in; one whose port is 0
 * goes where the socket is connected to.
 */
#define _GNU_SOURCE
#include <err.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#define BURST_MAX	1024
#define FRAME_MAX	65536

/**
 * struct burst - what is sent by one system call
 * @count: how many
 * @message: of each
 * @data: of each
 * @end: where each goes
 */
struct burst {
	unsigned int		count;
	struct mmsghdr		message[BURST_MAX];
	struct iovec		data[BURST_MAX];
	struct sockaddr_in	end[BURST_MAX];
};

static struct burst burst;
static char spare[FRAME_MAX];

static unsigned long long now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * 1000000000ULL + at.tv_nsec;
}

/* Exactly so many bytes; false at the end of the input. */
static int take(void *to, size_t len)
{
	size_t got = fread(to, 1, len, stdin);

	if (got && got != len)
		errx(1, "the input is cut off");
	return got == len;
}

static void add(void *data, size_t len)
{
	unsigned int i = burst.count++;

	if (i == BURST_MAX)
		errx(1, "more than %d packets in a burst", BURST_MAX);
	burst.data[i] = (struct iovec) { .iov_base = data, .iov_len = len };
	burst.message[i].msg_hdr = (struct msghdr) {
		.msg_iov = &burst.data[i], .msg_iovlen = 1,
	};
}

/* So many by one system call, at most. */
static void send_all(int fd, unsigned int most)
{
	unsigned int sent = 0, left;
	int n;

	while (sent < burst.count) {
		left = burst.count - sent;
		n = sendmmsg(fd, burst.message + sent, left < most ? left : most, 0);
		if (n <= 0)
			err(1, "sendmmsg, packet %u", sent);
		sent += n;
	}
}

static unsigned int drain(int fd)
{
	unsigned int count = 0;

	while (recv(fd, spare, sizeof(spare), MSG_DONTWAIT | MSG_TRUNC) >= 0)
		count++;
	return count;
}

static void tell(unsigned long long took, unsigned int arrived)
{
	printf("%u %llu %u\n", burst.count, took, arrived);
}

/* ---- in ---- */

/* A burst of frames; false if there is none. */
static int read_frames(void)
{
	unsigned short len;
	char *frame;

	for (burst.count = 0; take(&len, sizeof(len)) && len; ) {
		frame = malloc(len);
		if (!frame || !take(frame, len))
			errx(1, "no frame of %u bytes", len);
		add(frame, len);
	}
	return burst.count;
}

static void schedule(int policy)
{
	struct sched_param param = { .sched_priority = policy == SCHED_FIFO };

	if (sched_setscheduler(0, policy, &param))
		err(1, "sched_setscheduler");
}

static void in(int packet, int sink, int batch)
{
	unsigned long long since;

	schedule(batch ? SCHED_FIFO : SCHED_IDLE);
	while (read_frames()) {
		drain(packet);
		since = now();
		send_all(packet, batch ? BURST_MAX : 1);
		if (recv(packet, spare, sizeof(spare), MSG_TRUNC) < 0)
			err(1, "no answer");
		since = now() - since;
		tell(since, drain(sink));
		while (burst.count)
			free(burst.data[--burst.count].iov_base);
	}
}

/* ---- out ---- */

/* A burst of datagrams of so many bytes; false if there is none. */
static int read_ends(size_t size)
{
	unsigned int count, i;

	burst.count = 0;
	if (!take(&count, sizeof(count)))
		return 0;
	for (i = 0; i < count; i++) {
		add(spare, size);
		if (!take(&burst.end[i], sizeof(burst.end[i])))
			errx(1, "no end");
		if (!burst.end[i].sin_port)
			continue;
		burst.message[i].msg_hdr.msg_name = &burst.end[i];
		burst.message[i].msg_hdr.msg_namelen = sizeof(burst.end[i]);
	}
	return burst.count;
}

static void out(int fd, size_t size)
{
	unsigned long long since;

	while (read_ends(size)) {
		since = now();
		send_all(fd, BURST_MAX);
		tell(now() - since, burst.count);
	}
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "single"))
		in(atoi(argv[2]), atoi(argv[3]), 0);
	else if (argc == 4 && !strcmp(argv[1], "batch"))
		in(atoi(argv[2]), atoi(argv[3]), 1);
	else if (argc == 4 && !strcmp(argv[1], "out"))
		out(atoi(argv[2]), atoi(argv[3]));
	else
		errx(2, "usage: cost single|batch PACKET SINK <FRAMES | out SOCKET SIZE <BURSTS");
	return 0;
}
