#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Put an asynchronous template in front of an algorithm, and take it away.

    crypto.py add cryptd|pcrypt ALGORITHM   SAs made from now on are on it
    crypto.py del cryptd|pcrypt ALGORITHM   not any more, if none is
    crypto.py users cryptd|pcrypt ALGORITHM how many use it

By the kernel's crypto user configuration (NETLINK_CRYPTO).
"""

import os
import struct
import sys

import netlink

NETLINK_CRYPTO = 21
CRYPTO_MSG_NEWALG, CRYPTO_MSG_DELALG = 0x10, 0x11
CRYPTO_ALG_TYPE_AEAD = 3
CRYPTO_ALG_TYPE_MASK = 0xf


def request(message, name, driver):
    """One request, its errno."""
    alg = struct.pack("=64s64s64sIIII", name.encode(), driver.encode(), b"",
                      CRYPTO_ALG_TYPE_AEAD, CRYPTO_ALG_TYPE_MASK, 0, 0)
    return netlink.request(NETLINK_CRYPTO, message, alg)


def find(template, name):
    """(driver, users) of the template's instance for an algorithm."""
    with open("/proc/crypto", encoding="ascii") as f:
        entries = f.read().split("\n\n")
    for entry in entries:
        words = dict(line.split(":", 1) for line in entry.split("\n")
                     if ":" in line)
        words = {k.strip(): v.strip() for k, v in words.items()}
        if (words.get("name") == name and
                words.get("driver", "").startswith(template + "(")):
            return words["driver"], int(words["refcnt"]) - 1
    return None, 0


def add(template, name):
    """Instantiate it; its priority is above that of what it wraps. The
    kernel makes the instance and then says EAGAIN, since it goes by the name
    of the algorithm and not by the one that was asked for."""
    if find(template, name)[0]:
        sys.exit("crypto.py: %s(%s) is there already" % (template, name))
    error = request(CRYPTO_MSG_NEWALG, name, "%s(%s)" % (template, name))
    driver, _ = find(template, name)
    if not driver:
        sys.exit("crypto.py: no %s(%s): %s" % (template, name,
                                               os.strerror(error)))
    print(driver)


def delete(template, name):
    """Take it away."""
    driver, _ = find(template, name)
    if not driver:
        return
    error = request(CRYPTO_MSG_DELALG, name, driver)
    if error:
        sys.exit("crypto.py: %s stays: %s" % (driver, os.strerror(error)))


def users(template, name):
    """How many use it."""
    print(find(template, name)[1])


if __name__ == "__main__":
    try:
        {"add": add, "del": delete, "users": users}[sys.argv[1]](*sys.argv[2:])
    except (KeyError, IndexError, TypeError):
        sys.exit(__doc__)
