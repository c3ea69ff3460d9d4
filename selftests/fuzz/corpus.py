#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Takes the corpus' messages out of captures.

    corpus.py NAME CAPTURE DIRECTORY

Each unencrypted message of main and aggressive mode and IKE_SA_INIT in a
capture of tcpdump (of Ethernet) is written to DIRECTORY/NAME-NUMBER.bin, the
UDP payload without non-ESP marker, but none that differs from another only in
cookies and the like. interop_detect.sh makes such captures: run.sh --verbose.
"""

import os
import struct
import sys

HEADER = struct.Struct("!16sBBBBII")


def frames(data):
    """The frames of a capture file."""
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") \
        else ">"
    at = 24
    while at + 16 <= len(data):
        size = struct.unpack_from(order + "I", data, at + 8)[0]
        yield data[at + 16:at + 16 + size]
        at += 16 + size


def payload(frame):
    """The UDP payload of a whole IPv4 packet, without marker, or b""."""
    if frame[12:14] != b"\x08\0":
        return b""
    packet = frame[14:]
    head = (packet[0] & 15) * 4
    if packet[9] != 17 or struct.unpack_from("!H", packet, 6)[0] & 0x3fff:
        return b""
    length = struct.unpack_from("!H", packet, head + 4)[0]
    data = packet[head + 8:head + length]
    return data[4:] if data[:4] == bytes(4) else data


def wanted(data):
    """Whether esp_nat looks into it."""
    if len(data) < HEADER.size:
        return False
    _, _, version, exchange, flags, _, length = HEADER.unpack_from(data)
    if length > len(data):
        return False
    return (version >> 4 == 2 and exchange == 34) or \
        (version >> 4 == 1 and exchange in (2, 4) and not flags & 1)


def shape(data):
    """What two messages of a kind have in common: types and lengths."""
    found = [data[16:20], bool(any(data[8:16]))]
    at, kind = HEADER.size, data[16]
    while kind and at + 4 <= len(data):
        length = struct.unpack_from("!H", data, at + 2)[0]
        found.append((kind, length))
        if length < 4:
            break
        kind, at = data[at], at + length
    return repr(found)


def main():
    """One capture."""
    name, capture, directory = sys.argv[1:]
    with open(capture, "rb") as stream:
        data = stream.read()
    seen = set()
    for frame in frames(data):
        message = payload(frame)
        if not wanted(message) or shape(message) in seen:
            continue
        seen.add(shape(message))
        path = os.path.join(directory, "%s-%d.bin" % (name, len(seen)))
        with open(path, "wb") as out:
            out.write(message)


if __name__ == "__main__":
    main()
