/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_TRACE_DEFINE_TRACE_H
#define _UNIT_TRACE_DEFINE_TRACE_H

/* nothing is defined */

#endif /* _UNIT_TRACE_DEFINE_TRACE_H */
