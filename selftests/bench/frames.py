# SPDX-License-Identifier: GPL-2.0
"""Frames that a gateway gets: plain UDP, and ESP in UDP, encrypted here."""

import ctypes
import socket
import struct

import wire

KEY = bytes(range(1, 17))
SALT = bytes(range(17, 21))
ICV = 16
SPI_IN, SPI_OUT = 0xc0000000, 0xd0000000
TRANSPORT, TUNNEL = "transport", "tunnel"


def ethernet(dst, src, packet):
    """A frame of IPv4, MACs as text."""
    macs = dst + ":" + src
    return bytes.fromhex(macs.replace(":", "")) + b"\x08\x00" + packet


def ipv4(src, dst, proto, payload, ttl=64):
    """A whole packet."""
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0x4000,
                       ttl, proto, 0, socket.inet_aton(src),
                       socket.inet_aton(dst))
    return head[:10] + struct.pack("!H", wire.checksum(head)) + head[12:] + \
        payload


def udp(src, dst, sport, dport, size, ttl=64):
    """A datagram of so many bytes, without UDP checksum."""
    return ipv4(src, dst, socket.IPPROTO_UDP, wire.udp_datagram(
        src, dst, sport, dport, bytes(size), "none"), ttl)


class Cipher:
    """ESP with AES-GCM (RFC 4106), by OpenSSL's libcrypto."""

    GET_TAG = 0x10

    def __init__(self):
        self.lib = ctypes.CDLL("libcrypto.so.3")
        self.lib.EVP_CIPHER_CTX_new.restype = ctypes.c_void_p
        self.lib.EVP_aes_128_gcm.restype = ctypes.c_void_p
        self.state = ctypes.c_void_p(self.lib.EVP_CIPHER_CTX_new())
        self._must("Init_ex", ctypes.c_void_p(self.lib.EVP_aes_128_gcm()),
                   None, KEY, None)
        self.out = ctypes.create_string_buffer(65536)
        self.len = ctypes.c_int()

    def _must(self, what, *args):
        if getattr(self.lib, "EVP_Encrypt" + what)(self.state, *args) != 1:
            raise SystemExit("libcrypto: EVP_Encrypt%s fails" % what)

    def _seal(self, nonce, head, plain):
        size = ctypes.byref(self.len)
        self._must("Init_ex", None, None, None, nonce)
        self._must("Update", None, size, head, len(head))
        self._must("Update", self.out, size, plain, len(plain))
        sealed = ctypes.string_at(self.out, len(plain))
        self._must("Final_ex", self.out, size)
        if self.lib.EVP_CIPHER_CTX_ctrl(self.state, self.GET_TAG, ICV,
                                        self.out) != 1:
            raise SystemExit("libcrypto: no tag")
        return sealed + ctypes.string_at(self.out, ICV)

    def esp(self, spi, seq, following, payload):
        """An ESP packet around a payload of that protocol (RFC 4303)."""
        pad = -(len(payload) + 2) % 4
        plain = payload + bytes(range(1, pad + 1)) + bytes([pad, following])
        head, nonce = struct.pack("!II", spi, seq), struct.pack("!Q", seq)
        return head + nonce + self._seal(SALT + nonce, head, plain)


class Client:
    """One behind the NAT: where it sends from, and what it has sent."""

    def __init__(self, number, address, port, inner, server):
        self.number = number
        self.address, self.port = address, port
        self.inner, self.server = inner, server
        self.seq = 0

    def packet(self, cipher, mode, size, dport):
        """Its next packet: a datagram of so many bytes to that port."""
        self.seq += 1
        whole = udp(self.inner, self.server, 1701, dport, size)
        following, payload = (socket.IPPROTO_UDP, whole[20:]) \
            if mode == TRANSPORT else (socket.IPPROTO_IPIP, whole)
        esp = cipher.esp(SPI_IN + self.number, self.seq, following, payload)
        return ipv4(self.address, self.server, socket.IPPROTO_UDP, struct.pack(
            "!HHHH", self.port, 4500, 8 + len(esp), 0) + esp)
