#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""terminal.py STEP... -- COMMAND...: run a command on a terminal

see=TEXT    wait until it has printed that, from where the last one was found
type=KEYS   type that; \\n is Enter

Exit status: the command's; 1 if it does not print what is awaited, and if it
leaves the terminal in another state than it was in. All that it printed goes to
standard output, escape sequences and all."""
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

PATIENCE = 60


class Terminal:
    def __init__(self, command):
        self.text, self.at = b"", 0
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.execvp(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("4H", 40, 132, 0, 0))

    def read(self, until):
        """More of what it prints; False: that was all, or the time is over."""
        if not select.select([self.fd], [], [], max(0, until - time.time()))[0]:
            return False
        try:
            new = os.read(self.fd, 65536)
        except OSError:
            return False
        self.text += new
        return bool(new)

    def see(self, want):
        until = time.time() + PATIENCE
        while True:
            found = self.text.find(want, self.at)
            if found >= 0:
                self.at = found + len(want)
                return
            if not self.read(until):
                sys.exit("# not printed: %r, but %r" % (want, self.text[self.at:]))

    def end(self):
        until = time.time() + PATIENCE
        while self.read(until):
            pass
        if time.time() >= until:
            sys.exit("# it does not end")
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def main():
    cut = sys.argv.index("--")
    steps, command = sys.argv[1:cut], sys.argv[cut + 1:]
    # What ends on a terminal would take the terminal's state with it.
    keep = ["sh", "-c", '"$@"; status=$?; stty -a | grep -q " icanon" && '
            'stty -a | grep -q " echo " || status=1; exit "$status"', "sh"]
    terminal = Terminal(keep + command)
    for step in steps:
        what, text = step.split("=", 1)
        if what == "see":
            terminal.see(text.encode())
        elif what == "type":
            os.write(terminal.fd, text.replace("\\n", "\n").encode())
        else:
            sys.exit("# no such step: %s" % step)
    status = terminal.end()
    sys.stdout.buffer.write(terminal.text)
    sys.exit(status)


main()
