package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.RelayUse;
import io.weft.path.ice.RelayChoice.Relay;
import io.weft.path.ice.turn.Allocation;
import io.weft.path.ice.turn.RelayTarget;
import io.weft.path.ice.turn.TurnFailed;
import io.weft.support.Causes;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relays that lend this node addresses. All sessions share them; they are asked for when the first attempt needs them, and given back
 * when nobody has anything to do with a peer any more. On the loop only, unless said otherwise.
 */
final class Relays {

  private static final Logger log = LoggerFactory.getLogger(Relays.class);
  private static final int AT_ONCE = 2;
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Duration RETRY_MOST = Duration.ofSeconds(60);
  private static final String CLOCK_SKEW = "clock_skew";

  /** What does not get better by asking often: the relay answered, and said no. */
  private static final Set<String> LASTING = Set.of("unauthorized", "turn_refused", CLOCK_SKEW);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** One relay and what we have of it. */
  private static final class Lent {

    private final Relay relay;
    private @Nullable RelayWire wire;
    private @Nullable CompletableFuture<Allocation> asking;
    private @Nullable Reason problem;
    private Registration retry = () -> {};
    private long since = Pair.NEVER;
    private long askAt = Pair.NEVER;
    private Duration pause = RETRY;

    Lent(Relay relay) {
      this.relay = relay;
      this.problem = relay.problem().isEmpty() ? null : Reason.of("config", relay.problem());
    }
  }

  private final Core core;
  private final Function<RelayTarget, CompletableFuture<Allocation>> client;
  private final Runnable changed;
  private final Map<String, Lent> known = new LinkedHashMap<>();
  private final List<Consumer<Wire>> waiting = new ArrayList<>();
  private boolean wanted;
  private boolean closed;

  /**
   * @param client lends addresses
   * @param changed runs when a relay was lost or came back
   */
  Relays(Core core, Function<RelayTarget, CompletableFuture<Allocation>> client, Runnable changed) {
    this.core = core;
    this.client = client;
    this.changed = changed;
  }

  /** The relays that there are now, those of this area first. */
  void choose(List<Relay> relays, String area) {
    List<Relay> sorted = relays.stream()
        .sorted(Comparator.comparing((Relay r) -> area.isEmpty() || !r.area().equals(area)))
        .toList();
    Map<String, Lent> before = new LinkedHashMap<>(known);
    known.clear();
    for (Relay relay : sorted) {
      Lent old = before.remove(relay.url());
      known.putIfAbsent(relay.url(), old != null && sameTarget(old.relay, relay) ? old : new Lent(relay));
    }
    before.values().forEach(this::giveBack);
  }

  private static boolean sameTarget(Relay a, Relay b) {
    return a.target() != null && b.target() != null && a.target().address().equals(b.target().address())
        && a.target().transport() == b.target().transport();
  }

  /** Tells the addresses that are lent, at once or when there are some; those too that take the place of lost ones within a while. */
  void gather(Consumer<Wire> found) {
    wanted = true;
    for (Lent lent : known.values()) {
      if (lent.wire != null) {
        found.accept(lent.wire);
      }
    }
    if (!known.isEmpty()) {
      waiting.add(found);
      core.timers().after(PATIENCE, core.loop(), () -> waiting.remove(found));
      ask();
    }
  }

  /** Asks each relay at once whether it still knows us. */
  void probe() {
    known.values().forEach(lent -> {
      if (lent.wire != null) {
        lent.wire.allocation().probe();
      }
    });
  }

  /** This node has other addresses: connections are dead, and to what UDP reaches we are somebody else, unless a NAT hides it. */
  void moved() {
    for (Lent lent : known.values()) {
      RelayWire wire = lent.wire;
      if (wire != null && wire.allocation().target().transport() == RelayTarget.Transport.udp) {
        wire.allocation().probe();
      } else if (wire != null) {
        wire.allocation().abandon();
      }
    }
  }

  private void ask() {
    int held = (int) known.values().stream().filter(l -> l.wire != null || l.asking != null).count();
    for (Lent lent : known.values()) {
      boolean pausing = core.clock().nanos() < lent.askAt;
      if (held < AT_ONCE && lent.wire == null && lent.asking == null && lent.relay.target() != null && !pausing) {
        held++;
        CompletableFuture<Allocation> asking = client.apply(lent.relay.target());
        lent.asking = asking;
        asking.whenComplete((allocation, failure) -> core.loop().execute(() -> answered(lent, asking, allocation, failure)));
      }
    }
  }

  private void answered(Lent lent, CompletableFuture<Allocation> asked, @Nullable Allocation allocation, @Nullable Throwable failure) {
    if (lent.asking != asked) {
      if (allocation != null) {
        allocation.close();
      }
      return;
    }
    lent.asking = null;
    if (allocation == null) {
      failed(lent, reason(failure));
      return;
    }
    RelayWire wire = new RelayWire(allocation);
    lent.wire = wire;
    lent.since = core.clock().nanos();
    lent.problem = null;
    lent.pause = RETRY;
    log.info("relay lends address url={} relayed={}", lent.relay.url(), Pair.text(allocation.relayed()));
    allocation.ended().whenComplete((why, never) -> core.loop().execute(() -> lost(lent, wire, why)));
    List.copyOf(waiting).forEach(found -> found.accept(wire));
  }

  private void failed(Lent lent, Reason why) {
    if (lent.problem == null || !lent.problem.code().equals(why.code())) {
      log.warn("relay not usable url={} why=\"{}\"", lent.relay.url(), why);
    }
    pause(lent, why);
    askAgain(lent);
  }

  private void lost(Lent lent, RelayWire wire, @Nullable Reason why) {
    if (lent.wire == wire) {
      long now = core.clock().nanos();
      lent.wire = null;
      pause(lent, why);
      if (now - lent.since >= RETRY.toNanos()) {
        lent.askAt = Pair.NEVER; // What worked for a while is asked again at once.
      }
      changed.run();
      askAgain(lent);
    }
  }

  private void pause(Lent lent, @Nullable Reason why) {
    boolean lasting = why != null && LASTING.contains(why.code());
    lent.problem = why;
    lent.askAt = core.clock().nanos() + lent.pause.toNanos();
    Duration next = lent.pause.multipliedBy(2);
    lent.pause = !lasting ? RETRY : next.compareTo(RETRY_MOST) < 0 ? next : RETRY_MOST;
  }

  /** Another one at once; this one after a while. */
  private void askAgain(Lent lent) {
    if (!wanted || closed) {
      return;
    }
    ask();
    lent.retry.close();
    Duration left = Duration.ofNanos(Math.max(lent.askAt - core.clock().nanos(), RETRY.toNanos()));
    lent.retry = core.timers().after(left, core.loop(), () -> {
      if (wanted && !closed) {
        ask();
      }
    });
  }

  /** A packet came through a relay; only lent. */
  void check(StunDesk desk, ByteBuf packet, InetSocketAddress from, Allocation through) {
    for (Lent lent : known.values()) {
      if (lent.wire != null && lent.wire.allocation() == through) {
        desk.packet(lent.wire, packet, from);
        return;
      }
    }
  }

  /** Nobody needs them any more. */
  void rest() {
    if (wanted) {
      wanted = false;
      known.values().forEach(this::giveBack);
    }
  }

  private void giveBack(Lent lent) {
    lent.retry.close();
    if (lent.asking != null) {
      CompletableFuture<Allocation> asking = lent.asking;
      lent.asking = null;
      asking.cancel(false);
    }
    if (lent.wire != null) {
      RelayWire wire = lent.wire;
      lent.wire = null;
      wire.allocation().close();
    }
  }

  int count() {
    return known.size();
  }

  /** Why each one that was asked lends nothing: {@code clock_skew} if that is what all say; empty if one may still lend something. */
  String refusal() {
    boolean all = !known.isEmpty()
        && known.values().stream().allMatch(l -> l.wire == null && l.problem != null && l.asking == null);
    boolean clocks = all && known.values().stream().allMatch(l -> l.problem.code().equals(CLOCK_SKEW));
    return clocks ? CLOCK_SKEW : all ? "turn_refused" : "";
  }

  List<RelayUse> uses(ToIntFunction<Wire> paths) {
    return known.values().stream().map(lent -> use(lent, paths)).toList();
  }

  private static RelayUse use(Lent lent, ToIntFunction<Wire> paths) {
    RelayWire wire = lent.wire;
    Relay relay = lent.relay;
    return wire == null
        ? new RelayUse(relay.url(), relay.source(), "", 0, 0, 0, null, lent.problem)
        : new RelayUse(relay.url(), relay.source(), wire.name(), paths.applyAsInt(wire), wire.allocation().bytesSent(),
            wire.allocation().bytesReceived(), wire.allocation().expires(), lent.problem);
  }

  /** The same, after those that lend nothing were asked; what they lend is given back. */
  CompletableFuture<List<RelayUse>> ask(ToIntFunction<Wire> paths) {
    List<CompletableFuture<RelayUse>> all = new ArrayList<>();
    for (Lent lent : known.values()) {
      RelayTarget target = lent.relay.target();
      all.add(lent.wire != null || target == null
          ? CompletableFuture.completedFuture(use(lent, paths))
          : client.apply(target).handle((allocation, failure) -> asked(lent.relay, allocation, failure)));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
  }

  private static RelayUse asked(Relay relay, @Nullable Allocation allocation, @Nullable Throwable failure) {
    if (allocation == null) {
      return new RelayUse(relay.url(), relay.source(), "", 0, 0, 0, null, reason(failure));
    }
    RelayUse use = new RelayUse(relay.url(), relay.source(), Pair.text(allocation.relayed()), 0, 0, 0, allocation.expires(), null);
    allocation.close();
    return use;
  }

  private static Reason reason(@Nullable Throwable failure) {
    Throwable cause = Causes.of(failure);
    return cause instanceof TurnFailed turn ? turn.reason() : Reason.of("unreachable", String.valueOf(cause));
  }

  void close() {
    closed = true;
    waiting.clear();
    known.values().forEach(this::giveBack);
    known.clear();
  }
}
