/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_NL_H
#define _ESPNAT_NL_H

#include <libmnl/libmnl.h>
#include <linux/esp_nat.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * typedef nl_see - receives an answer or event
 * @tb: its attributes by ESP_NAT_A_MSG_*, NULL for those that are not there
 * @data: belongs to the caller
 *
 * Return: false if no more are wanted.
 */
typedef bool (*nl_see)(const struct nlattr **tb, void *data);

bool nl_open(void);
struct nlmsghdr *nl_begin(uint8_t cmd, uint16_t flags);
struct nlmsghdr *nl_begin_in(void *buffer, uint8_t cmd, uint16_t flags);
int nl_ask(struct nlmsghdr *nlh, nl_see see, void *data);
bool nl_send_large(size_t bytes);
int nl_listen(nl_see see, void *data);
void nl_complain(int err);

#endif /* _ESPNAT_NL_H */
