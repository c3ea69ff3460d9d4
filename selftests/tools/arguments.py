# SPDX-License-Identifier: GPL-2.0
"""What the words of a command mean."""


def pair(text, port=0):
    """addr:port, or addr with the given port; IPv6 in brackets."""
    if text.startswith("["):
        addr, _, number = text[1:].partition("]")
        number = number.lstrip(":")
    else:
        addr, _, number = text.partition(":")
    return addr, int(number or port)


def patience(a):
    """For how many seconds what is to come is awaited."""
    return float(a.get("timeout", "30"))


def number(text):
    """A number, decimal or 0x."""
    return int(text, 0)
