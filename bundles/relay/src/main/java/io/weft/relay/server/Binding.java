package io.weft.relay.server;

import java.net.InetSocketAddress;

/** A channel: a number that stands for a peer. */
final class Binding {

  final int number;
  final InetSocketAddress peer;
  final PeerSink sink;
  Permission permission;
  long until;

  Binding(int number, InetSocketAddress peer, PeerSink sink, Permission permission) {
    this.number = number;
    this.peer = peer;
    this.sink = sink;
    this.permission = permission;
  }

  boolean holds(long now) {
    return until - now > 0 && permission.holds(now);
  }
}
