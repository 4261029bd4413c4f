package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.DatagramPort;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A conduit of the port. What is told from elsewhere happens on the port's loop, which owns all but what is volatile. */
final class PortConduit implements Conduit {

  private static final Logger log = LoggerFactory.getLogger(PortConduit.class);
  private static final PathInfo NOWHERE =
      new PathInfo(Candidate.UDP, PathType.direct, CandidateKind.host, CandidateKind.host, "nowhere");

  /** What stands for the peer; leads back to its conduit without a look-up. */
  static final class Address extends InetSocketAddress {

    private static final long serialVersionUID = 1L;
    private final transient PortConduit conduit;

    private Address(InetAddress host, int port, PortConduit conduit) {
      super(host, port);
      this.conduit = conduit;
    }

    PortConduit conduit() {
      return conduit;
    }
  }

  /** An address as one socket of ours sees it. */
  record Source(Gate gate, InetSocketAddress address) {

    void list(PortConduit conduit) {
      gate.usedBy(conduit);
      gate.list(address, conduit);
    }

    void unlist(PortConduit conduit) {
      gate.unlist(address, conduit);
    }
  }

  private final Conduits conduits;
  private final Address address;
  private final ArrayDeque<Source> admitted = new ArrayDeque<>(Conduits.ADMITTED_MAX);
  private final Set<Gate> gates = new HashSet<>();
  private @Nullable Source target;
  private @Nullable Carrier carrier;
  private boolean carrierFailed;
  private boolean closed;
  private long heard = Long.MIN_VALUE;
  private volatile PathInfo info = NOWHERE;
  private volatile long lastReceivedNanos = Long.MIN_VALUE;

  PortConduit(Conduits conduits, InetAddress host, int port) {
    this.conduits = conduits;
    this.address = new Address(host, port, this);
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void sendTo(@Nullable InetSocketAddress to, PathInfo next) {
    if (to != null) {
      onWire(to);
    }
    info = next;
    conduits.onLoop(() -> lead(to == null ? null : new Source(conduits.main(), to), null));
  }

  @Override
  public void sendTo(DatagramPort by, InetSocketAddress to, PathInfo next) {
    onWire(to);
    info = next;
    conduits.onLoop(() -> lead(new Source(conduits.gate(by), to), null));
  }

  @Override
  public void sendThrough(Carrier by, PathInfo next) {
    info = next;
    conduits.onLoop(() -> lead(null, by));
  }

  private void lead(@Nullable Source to, @Nullable Carrier by) {
    if (closed) {
      return;
    }
    Source before = target;
    target = to;
    carrier = by;
    carrierFailed = false;
    if (before != null && !before.equals(to) && !admitted.contains(before)) {
      before.unlist(this);
    }
    if (to != null) {
      gates.add(to.gate);
      to.list(this);
    }
  }

  @Override
  public void admit(InetSocketAddress from) {
    onWire(from);
    conduits.onLoop(() -> admitNow(new Source(conduits.main(), from)));
  }

  @Override
  public void admit(DatagramPort at, InetSocketAddress from) {
    onWire(from);
    conduits.onLoop(() -> admitNow(new Source(conduits.gate(at), from)));
  }

  private void admitNow(Source from) {
    if (closed) {
      return;
    }
    admitted.remove(from);
    if (admitted.size() == Conduits.ADMITTED_MAX) {
      Source oldest = admitted.remove();
      if (!oldest.equals(target)) {
        oldest.unlist(this);
      }
    }
    admitted.add(from);
    gates.add(from.gate);
    from.list(this);
  }

  private static void onWire(InetSocketAddress other) {
    if (other.isUnresolved() || other instanceof Address) {
      throw new IllegalArgumentException(other + " is no address on a wire");
    }
  }

  /** Another conduit admitted the address. */
  void lost(Source from) {
    admitted.remove(from);
  }

  /** Whether a connectivity check proved that the peer receives at this address. */
  boolean admitted(Gate at, InetSocketAddress from) {
    return admitted.contains(new Source(at, from));
  }

  @Override
  public void received(ByteBuf packet) {
    conduits.received(this, packet);
  }

  @Override
  public PathInfo info() {
    return info;
  }

  @Override
  public long lastReceivedNanos() {
    return lastReceivedNanos;
  }

  /** A packet of the peer came. */
  void heard(long nanos) {
    if (nanos != heard) {
      heard = nanos;
      lastReceivedNanos = nanos;
    }
  }

  /** Where packets go straight to, or null. */
  @Nullable Source target() {
    return target;
  }

  /** Gives packets to the carrier. Returns false, and leaves them to the caller, if there is none. */
  boolean carry(ByteBuf packets, int segmentSize) {
    Carrier by = carrier;
    if (by == null) {
      return false;
    }
    try {
      by.send(packets, segmentSize);
    } catch (RuntimeException e) {
      conduits.counters().add(Counters.PACKETS_UNSENT);
      if (!carrierFailed) {
        carrierFailed = true;
        log.error("carrier of a path failed to={}", info.remoteAddress(), e);
      }
    }
    return true;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    conduits.onLoop(this::closeNow);
  }

  /** On the loop. */
  void closeNow() {
    if (closed) {
      return;
    }
    closed = true;
    if (target != null) {
      target.unlist(this);
    }
    admitted.forEach(from -> from.unlist(this));
    admitted.clear();
    target = null;
    carrier = null;
    gates.forEach(gate -> gate.noMore(this));
    gates.clear();
    conduits.gone(this);
  }
}
