#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Random contexts, as espnat exports them.

    contexts.py COUNT SEED      print an export of so many
    contexts.py sorted          what of an export does not depend on its order
"""

import ipaddress
import random
import sys

POOL = ipaddress.ip_network("198.18.0.0/15")
TELLS = ("unknown", "no", "yes")


def spi(rng):
    """One that is not zero."""
    return "0x%016x" % rng.randrange(1, 1 << 64)


def public(rng):
    """An address that a client may have."""
    return "%d.%d.%d.%d" % (rng.choice((31, 46, 62, 80, 91, 109)),
                            rng.randrange(256), rng.randrange(256),
                            rng.randrange(1, 255))


def ike_sas(rng, home):
    """Up to sixteen, the halves of them by their peer."""
    for _ in range(rng.choice((0, 1, 1, 2, 3, 16))):
        begun = rng.random() < 0.3
        words = "ike-sa %s/%s" % (spi(rng), "0x%016x" % 0 if begun else spi(rng))
        if rng.random() < 0.5:
            words += "/nat-port"
        yield words + ("/" + rng.choice((home, public(rng))) if begun else "")


def end(address, port):
    """An endpoint; plain ESP has no port."""
    return "%s:%d" % (address, port) if port else address


def ports(rng, plain):
    """Where it is and what it is presented at."""
    if plain and rng.random() < 0.5:
        return 0, 0
    actual = rng.randrange(1, 65536)
    return actual, actual if rng.random() < 0.5 else rng.randrange(1, 65536)


def context(rng, homes, taken):
    """One; taken: endpoints and aliases that others are presented as."""
    home = rng.choice(homes) if homes and rng.random() < 0.3 else public(rng)
    at = home if rng.random() < 0.6 else public(rng)
    plain, aliased = rng.random() < 0.2, rng.random() < 0.6
    mine = None
    while mine is None or mine in taken:
        port, shown = ports(rng, plain)
        address = str(POOL[rng.randrange(1, POOL.num_addresses - 1)]) \
            if aliased else home
        mine = address if aliased else end(address, shown)
        if mine in taken and not (shown or aliased):
            return context(rng, homes, taken)
    homes.append(home)
    taken.add(mine)
    words = ["context actual", end(at, port), "presented", end(address, shown),
             "home", home, "local 203.0.113.1"]
    words += ["aliased"] * aliased + ["plain-sa"] * plain
    words += ["used-nat-port"] * (rng.random() < 0.5)
    words += ["role " + rng.choice(("unknown", "initiator", "responder")),
              "local-nat " + rng.choice(TELLS), "peer-nat " + rng.choice(TELLS),
              "ike-version %d" % rng.choice((1, 2)), "spii " + spi(rng)]
    return " ".join(words + list(ike_sas(rng, home)))


def export(count, seed):
    """All of them."""
    rng = random.Random(seed)
    homes, taken = [], set()
    print("esp_nat-export 1")
    for _ in range(count):
        print(context(rng, homes, taken))
    print("end %d" % count)


def order():
    """Contexts in an order of their own, words but IKE SAs, too."""
    lines = []
    for line in sys.stdin:
        head, *sas = line.strip().split(" ike-sa ")
        lines.append(" ".join(sorted(head.split())) + " ike-sa ".join([""] + sas))
    print("\n".join(sorted(lines)))


if __name__ == "__main__":
    if sys.argv[1] == "sorted":
        order()
    else:
        export(int(sys.argv[1]), int(sys.argv[2]))
