#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Do one thing again and again, each time with another allocation failing.

    fault.py module FILE            load and unload it; only what its own init
                                    allocates fails
    fault.py write NETNS FILE VALUE a sysctl write ('-': our own namespace)

Prints how often it was tried, and failed. What failed must have left
nothing: no module, the old value. Needs failslab (/proc/thread-self/fail-nth).
"""

import ctypes
import errno
import os
import sys

import wire

LIBC = ctypes.CDLL(None, use_errno=True)
SYS_DELETE_MODULE = 176
SYS_FINIT_MODULE = 313


class Wrong(Exception):
    """What the test is there to find."""


def result(value):
    """0 or the errno of a libc call."""
    return ctypes.get_errno() if value < 0 else 0


def failing(call, number):
    """Call it with that allocation failing. Its errno, and how many more
    there would have had to be."""
    nth = os.open("/proc/thread-self/fail-nth", os.O_RDWR)
    os.pwrite(nth, b"%d" % number, 0)
    error = call()
    left = int(os.pread(nth, 16, 0).split(b"\0")[0])
    os.pwrite(nth, b"0", 0)
    os.close(nth)
    return error, left


def each_allocation(call, after):
    """Call it with the first, second, ... allocation failing, until there
    is no further one; after(error) looks at what is left each time."""
    tried = failed = 0
    while True:
        error, left = failing(call, tried + 1)
        after(error)
        if left:
            return "tried=%d failed=%d" % (tried, failed)
        tried += 1
        failed += error != 0


TRACING = "/sys/kernel/tracing/"
MANY = 1000000


class Loaded:
    """Tells, by a tracepoint, whether a module got as far as its init: that
    is the last thing that loading does."""

    def __init__(self, name):
        self.name = name
        self.put("events/module/module_load/enable", "1")

    @staticmethod
    def put(name, text):
        """Write to tracing; opening `trace` to write empties it."""
        with open(TRACING + name, "w", encoding="ascii") as f:
            f.write(text)

    def forget(self):
        """What was loaded before."""
        self.put("trace", "")

    def seen(self):
        """Whether it was since."""
        with open(TRACING + "trace", encoding="ascii") as f:
            return "module_load: %s" % self.name in f.read()

    def close(self):
        """No more tracing."""
        self.put("events/module/module_load/enable", "0")
        self.forget()


def module(path):
    """Load and unload a module, the last allocation failing, the one before
    that, ... back to the first one of its init."""
    name = os.path.basename(path).split(".")[0]
    ko = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    loaded = Loaded(name)

    def load():
        return result(LIBC.syscall(SYS_FINIT_MODULE, ko, b"", 0))

    def after(error):
        there = os.path.exists("/sys/module/" + name)
        if error:
            if there:
                raise Wrong("loading failed, and yet it is there")
            return
        if LIBC.syscall(SYS_DELETE_MODULE, name.encode(), os.O_NONBLOCK):
            raise Wrong("it cannot be unloaded")

    error, left = failing(load, MANY)
    after(error)
    number = MANY - left
    tried = failed = 0
    while True:
        loaded.forget()
        error, left = failing(load, number)
        after(error)
        if not loaded.seen():
            break
        tried += not left
        failed += error != 0
        number -= 1
    loaded.close()
    return "tried=%d failed=%d" % (tried, failed)


def write(path, value):
    """Write a sysctl."""
    def get():
        with open(path, "rb") as f:
            return f.read()

    def put(text):
        file = os.open(path, os.O_WRONLY)
        try:
            return result(LIBC.pwrite(file, text, len(text), 0))
        finally:
            os.close(file)

    text = value.encode()
    old = get()
    if put(text):
        raise Wrong("%s: cannot be %s" % (path, value))
    new = get()
    put(old)
    file = os.open(path, os.O_WRONLY)

    def call():
        return result(LIBC.pwrite(file, text, len(text), 0))

    def after(error):
        now = get()
        if now != (old if error else new):
            raise Wrong("%s: %r after %s" % (
                path, now, errno.errorcode.get(error, "success")))
        if not error and put(old):
            raise Wrong("%s: the old value is refused" % path)

    return each_allocation(call, after)


def write_in(netns, path, value):
    """The same in a namespace; it is entered for all of it."""
    with wire.netns("" if netns == "-" else netns):
        return write(path, value)


if __name__ == "__main__":
    try:
        print({"module": module, "write": write_in}[sys.argv[1]](*sys.argv[2:]))
    except (KeyError, IndexError, TypeError):
        sys.exit(__doc__)
    except Wrong as wrong:
        sys.exit("fault.py: %s" % wrong)
