# SPDX-License-Identifier: GPL-2.0
"""esp_nat's counters."""

import wire
from arguments import number, patience


def of(ns):
    """esp_nat's counters of a namespace."""
    with wire.netns(ns):
        with open("/proc/thread-self/net/esp_nat_stat",
                  encoding="ascii") as text:
            return {w[0]: int(w[1]) for w in map(str.split, text)}


def do_stat(scene, a):
    """ns= [names=x,y]: esp_nat's counters."""
    scene.loop.settle(0.01)
    have = of(a["ns"])
    names = a["names"].split(",") if "names" in a else have
    return " ".join("%s=%d" % (n, have[n]) for n in names)


def do_await(scene, a):
    """ns= name= min=|is= [timeout=]: serve everybody until a counter
    is there; value=."""
    def there():
        value = of(a["ns"])[a["name"]]
        return value >= number(a["min"]) if "min" in a \
            else value == number(a["is"])

    good = scene.loop.until(there, patience(a))
    return "good=%d value=%d" % (
        bool(good), of(a["ns"])[a["name"]])
