/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_SEQ_FILE_H
#define _UNIT_LINUX_SEQ_FILE_H

#include <stdio.h>

struct seq_file {
	void	*private;
	FILE	*to;
};

#define seq_printf(seq, ...)	fprintf((seq)->to, __VA_ARGS__)

#endif /* _UNIT_LINUX_SEQ_FILE_H */
