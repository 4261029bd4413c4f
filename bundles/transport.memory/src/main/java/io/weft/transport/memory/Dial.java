package io.weft.transport.memory;

import io.netty.channel.EventLoop;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.transport.HandshakeFailed;
import io.weft.transport.Link;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One attempt to open a link: starts on the dialer's loop, is answered on the acceptor's, ends on the dialer's. What the network
 * swallows is ended by the timeout.
 */
final class Dial {

  private final MemoryTransport from;
  private final PeerIdentity expected;
  private final String node;
  private final LinkLimits limits;
  private final LinkHandler handler;
  private final EventLoop loop;
  private final CompletableFuture<Link> result = new CompletableFuture<>();

  Dial(MemoryTransport from, PeerIdentity expected, String node, LinkLimits limits, LinkHandler handler) {
    this.from = from;
    this.expected = expected;
    this.node = node;
    this.limits = limits;
    this.handler = handler;
    this.loop = from.io().loops().next();
  }

  CompletableFuture<Link> result() {
    return result;
  }

  void start() {
    Registration timeout = from.timers().after(limits.handshakeTimeout(), loop,
        () -> fail("unreachable", "no answer within " + limits.handshakeTimeout().toMillis() + " ms"));
    result.whenComplete((link, failure) -> timeout.close());
    loop.execute(this::ask);
  }

  /** On the dialer's loop. */
  private void ask() {
    Optional<MemoryTransport> found = from.network().node(node);
    if (from.isClosed() || found.isEmpty()) {
      fail("unreachable", from.isClosed() ? "this transport is stopped" : "no node " + node + " in this network");
      return;
    }
    MemoryTransport to = found.get();
    if (isLost(from, to) || isLost(to, from)) {
      return;
    }
    if (!to.self().name().equals(expected.name())) {
      fail("wrong_name", "this is " + to.self().name());
    } else if (!to.self().equals(expected)) {
      fail("wrong_key", "it is not the key of " + expected.name());
    } else {
      EventLoop theirs = to.io().loops().next();
      Duration wait = roundTrip(to);
      if (wait.isZero()) {
        theirs.execute(() -> answer(to, theirs));
      } else {
        from.timers().after(wait, theirs, () -> answer(to, theirs));
      }
    }
  }

  /** On the acceptor's loop. */
  private void answer(MemoryTransport to, EventLoop theirs) {
    MemoryTransport.Accepting accepting = to.accepting();
    Optional<Reason> refused = to.isClosed() || accepting == null
        ? Optional.of(Reason.of("refused", "nobody accepts"))
        : check(accepting.acceptor().expected(from.self().name()));
    if (refused.isPresent()) {
      to.counter("handshakes_refused_" + refused.get().code()).incrementAndGet();
      loop.execute(() -> result.completeExceptionally(new HandshakeFailed(refused.get())));
      return;
    }
    int streamsHere = limits.streamsMax();
    int streamsThere = accepting.limits().streamsMax();
    MemoryLink near = new MemoryLink(to.self(), true, loop, from.terms(limits, streamsThere), from::remove);
    MemoryLink far = new MemoryLink(from.self(), false, theirs, to.terms(accepting.limits(), streamsHere), to::remove);
    Wire there = wire(theirs, far, from, to);
    Wire back = wire(loop, near, to, from);
    Flight outward = new Flight();
    Flight inward = new Flight();
    near.connect(back, there, outward, inward);
    far.connect(there, back, inward, outward);
    loop.execute(() -> complete(near)); // Before the acceptor can send anything: loops keep the order.
    far.start(accepting.acceptor()::accepted);
    to.add(far);
  }

  private Optional<Reason> check(Optional<PeerIdentity> allowed) {
    if (allowed.isEmpty()) {
      return Optional.of(Reason.of("unknown_peer", "no peer " + from.self().name() + " is expected here"));
    }
    return allowed.get().equals(from.self())
        ? Optional.empty()
        : Optional.of(Reason.of("wrong_key", "it is not the key of " + from.self().name()));
  }

  /** On the dialer's loop. */
  private void complete(MemoryLink link) {
    link.start(same -> handler);
    from.add(link);
    if (!result.complete(link)) {
      link.abandon(Reason.of("cancelled"));
    }
  }

  private void fail(String code, String detail) {
    result.completeExceptionally(new HandshakeFailed(Reason.of(code, detail)));
  }

  private Wire wire(EventLoop receiving, MemoryLink receiver, MemoryTransport sender, MemoryTransport to) {
    return new Wire(receiving, receiver, from.network().way(sender.self().name(), to.self().name()), to.clock(), to.timers());
  }

  private Duration roundTrip(MemoryTransport to) {
    MemoryNetwork network = from.network();
    String here = from.self().name();
    String there = to.self().name();
    return network.weather(here, there).delay().plus(network.weather(there, here).delay());
  }

  private boolean isLost(MemoryTransport sender, MemoryTransport receiver) {
    return from.network().isBlocked(sender.self().name(), receiver.self().name());
  }
}
