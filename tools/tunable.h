/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_TUNABLE_H
#define _ESPNAT_TUNABLE_H

#include <stdbool.h>
#include <stddef.h>

bool tunable_text(const char *name, char *text, size_t size);
long tunable_number(const char *name);
bool tunable_file(const char *path, char *text, size_t size);

#endif /* _ESPNAT_TUNABLE_H */
