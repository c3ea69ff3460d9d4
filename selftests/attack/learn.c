// SPDX-License-Identifier: GPL-2.0
/* What genuine traffic tells whom it passes: SPIs, cookies, ports. */
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "learn.h"

static void learn_spi(struct learned *l, __u32 spi)
{
	size_t i;

	for (i = 0; i < l->spis; i++)
		if (l->spi[i] == spi)
			return;
	if (spi && l->spis < LEARN_SPIS)
		l->spi[l->spis++] = spi;
}

static void learn_cookie(struct learned *l, const __u8 *ike, size_t len)
{
	size_t i;

	if (len < 28)
		return;
	for (i = 0; i < l->cookies; i++)
		if (!memcmp(l->cookie[i], ike, 16))
			return;
	if (l->cookies < LEARN_SPIS)
		memcpy(l->cookie[l->cookies++], ike, 16);
}

static void learn_port(struct learned *l, __u16 port)
{
	size_t i;

	for (i = 0; i < l->ports; i++)
		if (l->port[i] == port)
			return;
	if (l->ports < LEARN_SPIS)
		l->port[l->ports++] = port;
}

static void learn_udp(struct learned *l, const __u8 *udp, size_t len)
{
	const __u8 *data = udp + 8;

	if (len < 12)
		return;
	learn_port(l, packet_get16(udp));
	len -= 8;
	if (packet_get16(udp + 2) == 500)
		learn_cookie(l, data, len);
	else if (packet_get16(udp + 2) == 4500 && packet_get32(data))
		learn_spi(l, packet_get32(data));
	else if (packet_get16(udp + 2) == 4500)
		learn_cookie(l, data + 4, len - 4);
}

static void learn_frame(struct learned *l, const __u8 *frame, size_t len)
{
	const __u8 *ip = frame + PACKET_ETH;
	size_t head;

	if (len < PACKET_ETH + 28 || packet_get16(frame + 12) != ETHERTYPE_IP ||
	    packet_get32(ip + 16) != l->gateway)
		return;
	head = (ip[0] & 15) * 4;
	if (head < 20 || len < PACKET_ETH + head + 8 ||
	    (ip[9] != IPPROTO_UDP && ip[9] != IPPROTO_ESP))
		return;
	len -= PACKET_ETH + head;
	if (ip[9] == IPPROTO_UDP)
		learn_udp(l, ip + head, len);
	else
		learn_spi(l, packet_get32(ip + head));
	memcpy(l->eth, frame, PACKET_ETH);
	if (!l->frames)
		l->client = packet_get32(ip + 12);
	l->len[l->frames] = len + PACKET_ETH + head;
	memcpy(l->frame[l->frames], frame, l->len[l->frames]);
	l->frames++;
}

int learn_from(struct learned *l, const char *dev, __u32 gateway,
	       size_t frames, int seconds)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(dev),
	};
	struct pollfd pfd = { .events = POLLIN };
	time_t end = time(NULL) + seconds;
	__u8 frame[PACKET_MAX];
	ssize_t len;

	memset(l, 0, sizeof(*l));
	l->gateway = gateway;
	pfd.fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	if (pfd.fd < 0)
		return -1;
	if (!at.sll_ifindex || bind(pfd.fd, (void *)&at, sizeof(at)))
		goto err;
	while (l->frames < frames && l->frames < LEARN_FRAMES &&
	       time(NULL) < end) {
		if (poll(&pfd, 1, 200) <= 0)
			continue;
		len = recv(pfd.fd, frame, sizeof(frame), 0);
		if (len > 0)
			learn_frame(l, frame, len);
	}
	close(pfd.fd);
	if (l->frames)
		return 0;
	errno = ENODATA;
	return -1;
err:
	close(pfd.fd);
	return -1;
}
