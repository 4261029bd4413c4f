package io.weft.path.ice;

import io.weft.node.PeerIdentity;
import io.weft.path.NatKind;
import io.weft.path.ice.check.Checker.Base;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.signaling.Signal;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What a session needs of the world. On the loop only. */
interface Surroundings {

  /** Labels of this node. */
  Map<String, String> labels();

  Policy policy(PeerIdentity peer);

  CandidateFilter filter();

  /** Addresses on which this node listens. */
  Set<InetSocketAddress> own();

  /** Whether notes can be exchanged with the peer now. */
  boolean canSignal(PeerIdentity peer);

  /** Completes with the way that took it, or exceptionally. */
  CompletableFuture<String> send(PeerIdentity peer, Signal signal);

  /** From where direct packets leave. */
  List<Base> bases();

  /** Addresses of this node's port as others see it, as far as is known. */
  List<RemoteAddress> mapped();

  /** Those who say how they see this node. */
  Set<InetSocketAddress> stunServers();

  /**
   * Looks for the addresses of this node; each is told on the loop, at once or later, and the end of it.
   *
   * @param relayed also those that relays lend
   */
  void gather(boolean direct, boolean relayed, Consumer<List<RemoteAddress>> found, Consumer<Wire> relay, Runnable done);

  /** What worked went silent: finds out soon whether this node, or what stands between it and the world, has changed. */
  void suspect();

  /** How the NAT of this node behaves, as far as is known. */
  NatKind nat();

  /** What is known of why nothing direct works, as a code. */
  String cause(Policy policy, NatKind theirs);

  /** A sentence on what the operator can do about this cause; may be empty. */
  String advice(String cause);
}
