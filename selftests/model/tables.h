/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_TABLES_H
#define _MODEL_TABLES_H

#include "world.h"

/* are the module's tables in keeping with each other? */
void tables_check(struct world *w);

#endif /* _MODEL_TABLES_H */
