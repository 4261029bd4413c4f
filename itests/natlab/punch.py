"""punch.py ME PEER DIRECTORY: learns its own address by STUN, swaps it through the directory, fires both ways as ICE would (answers go to where
packets really came from). Prints the milliseconds until the peer acknowledged, or "failed"."""

import json
import os
import socket
import struct
import sys
import time

STUN = ("198.51.100.10", 3478)
COOKIE = 0x2112A442
XOR_MAPPED_ADDRESS = 0x20
MEETING_SECONDS = 10
FIRING_SECONDS = 4
INTERVAL_SECONDS = 0.05


def mapped_address(answer):
    at = 20
    while at < len(answer):
        kind, length = struct.unpack("!HH", answer[at:at + 4])
        if kind == XOR_MAPPED_ADDRESS:
            port = struct.unpack("!H", answer[at + 6:at + 8])[0] ^ (COOKIE >> 16)
            address = bytes(x ^ y for x, y in zip(answer[at + 8:at + 12], struct.pack("!I", COOKIE)))
            return socket.inet_ntoa(address), port
        at += 4 + length + -length % 4
    return None


def own_address(sock):
    transaction = os.urandom(12)
    sock.settimeout(0.3)
    for _ in range(10):
        sock.sendto(struct.pack("!HHI", 1, 0, COOKIE) + transaction, STUN)
        try:
            answer, _ = sock.recvfrom(2048)
        except TimeoutError:
            continue
        if answer[8:20] == transaction:
            return mapped_address(answer)
    return None


def swap(directory, me, peer, address):
    with open(f"{directory}/{me}.new", "w") as file:
        json.dump(address, file)
    os.rename(f"{directory}/{me}.new", f"{directory}/{me}")
    end = time.monotonic() + MEETING_SECONDS
    while not os.path.exists(f"{directory}/{peer}"):
        if time.monotonic() > end:
            return None
        time.sleep(0.005)
    with open(f"{directory}/{peer}") as file:
        return json.load(file)


def fire(sock, me, peer, target):
    """Milliseconds until the peer acknowledged, or None."""
    sock.settimeout(0.02)
    start = time.monotonic()
    end = start + FIRING_SECONDS
    next_shot = start
    heard_from = None
    acknowledged = None
    while time.monotonic() < end:
        if time.monotonic() >= next_shot:
            next_shot = time.monotonic() + INTERVAL_SECONDS
            word = b"ack " if heard_from else b"syn "
            for destination in {target, heard_from or target}:
                try:
                    sock.sendto(word + me.encode(), destination)
                except OSError:
                    pass  # an ICMP error of an earlier packet; the next shot may get through
        try:
            packet, sender = sock.recvfrom(2048)
        except OSError:
            continue
        if packet[4:] != peer.encode():
            continue
        heard_from = sender
        if packet[:4] == b"ack " and acknowledged is None:
            acknowledged = time.monotonic()
            end = acknowledged + 0.3  # so that the peer gets its acknowledgement too
    return None if acknowledged is None else round((acknowledged - start) * 1000)


def main(me, peer, directory):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("", 0))
    target = swap(directory, me, peer, own_address(sock))
    took = fire(sock, me, peer, tuple(target)) if target else None
    print("failed" if took is None else took)


main(*sys.argv[1:4])
