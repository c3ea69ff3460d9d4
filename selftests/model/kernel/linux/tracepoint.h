/* SPDX-License-Identifier: GPL-2.0 */
/* Nobody listens. */
#ifndef _UNIT_LINUX_TRACEPOINT_H
#define _UNIT_LINUX_TRACEPOINT_H

#define TP_PROTO(...)		__VA_ARGS__
#define DECLARE_EVENT_CLASS(...)
#define DEFINE_EVENT(class, name, proto, ...) \
	static inline void trace_##name(proto) { }
#define TRACE_EVENT(name, proto, ...) \
	static inline void trace_##name(proto) { }

#endif /* _UNIT_LINUX_TRACEPOINT_H */
