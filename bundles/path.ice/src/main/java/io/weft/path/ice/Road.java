package io.weft.path.ice;

import io.weft.node.Reason;
import io.weft.path.Conduit;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The way to one peer for one link: a conduit, and the pairs that carry it now, which change while it stays. On the loop only. */
final class Road {

  private final long link;
  private final Conduit conduit;
  private final Set<Wire> wires = new HashSet<>();
  private final List<IcePath> paths = new ArrayList<>();
  private @Nullable Pairs pairs;
  private boolean leads;
  private boolean closed;
  private final long opened;
  private long wanted;

  Road(long link, Conduit conduit, long now) {
    this.link = link;
    this.conduit = conduit;
    this.opened = now;
    this.wanted = now;
  }

  long link() {
    return link;
  }

  long opened() {
    return opened;
  }

  Conduit conduit() {
    return conduit;
  }

  /** The pairs that carry it, or null before the first. */
  @Nullable Pairs pairs() {
    return pairs;
  }

  /** Whether the pair in use answers. */
  boolean isAlive() {
    return pairs != null && pairs.active() != null && pairs.active().unanswered < 2;
  }

  boolean isRelayed() {
    return pairs != null && pairs.active() != null && pairs.active().isRelayed();
  }

  /** Whether packets of the peer came within this time. */
  boolean isInUse(long now, long within) {
    return pairs != null && now - Math.max(conduit.lastReceivedNanos(), Pair.NEVER) < within;
  }

  /** Where packets may come from; and where they go, as long as nothing better is known. */
  void admit(Wire wire, InetSocketAddress from, Pair provisional) {
    wires.add(wire);
    wire.admit(conduit, from);
    if (!leads) {
      leads = true;
      wire.lead(conduit, from, provisional.info());
    }
  }

  /** These carry it from now on, by this pair. Those before are closed. */
  void lead(Pairs by, Pair pair) {
    Pairs before = pairs;
    pairs = by;
    leads = true;
    wires.add(pair.wire);
    pair.wire.lead(conduit, pair.remote, pair.info());
    if (before != null && before != by) {
      before.close();
    }
    List.copyOf(paths).forEach(IcePath::changed);
  }

  IcePath path(java.util.concurrent.Executor loop) {
    IcePath path = new IcePath(conduit, closing -> loop.execute(() -> {
      paths.remove(closing);
    }));
    paths.add(path);
    return path;
  }

  /** Whether somebody uses it: a path of ours, or packets of the peer that came lately. */
  boolean isWanted(long now, long patience) {
    wanted = paths.isEmpty() ? Math.max(wanted, conduit.lastReceivedNanos()) : now;
    return now - wanted < patience;
  }

  void close(Reason why) {
    if (closed) {
      return;
    }
    closed = true;
    if (pairs != null) {
      pairs.close();
    }
    conduit.close();
    wires.forEach(wire -> wire.forget(conduit));
    List.copyOf(paths).forEach(path -> path.end(why));
    paths.clear();
  }
}
