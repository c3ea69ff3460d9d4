/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_PROGRAM_H
#define _ESPNAT_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

bool program_run(const char * const *argv, char *said, size_t size);
bool program_loadable(const char *module);

#endif /* _ESPNAT_PROGRAM_H */
