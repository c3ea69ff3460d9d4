/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_SEQ_FILE_H
#define _UNIT_LINUX_SEQ_FILE_H

#include <stdio.h>

struct seq_file {
	void *private;
};

#define seq_printf(seq, ...)	((void)(seq), printf(__VA_ARGS__))

#endif /* _UNIT_LINUX_SEQ_FILE_H */
