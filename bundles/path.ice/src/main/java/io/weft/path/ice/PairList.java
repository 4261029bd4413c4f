package io.weft.path.ice;

import io.weft.path.CandidateKind;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The pairs of one attempt that are checked by checks of our own. On the loop of its session only. */
final class PairList {

  /** As many again may be with the {@link Checker}, see {@link DirectSearch#MAX}: 32 in all. */
  static final int MAX = 16;

  static final int STRANGERS_MAX = 8;

  /** A pair that is not in use is checked at least so often. */
  static final long STANDBY_INTERVAL = Duration.ofSeconds(20).toNanos();

  private final List<Pair> pairs = new ArrayList<>();
  private @Nullable Pair active;

  /** The pair that packets take, or null before the first. */
  @Nullable Pair active() {
    return active;
  }

  void use(Pair pair) {
    active = pair;
  }

  @Nullable Pair find(Wire wire, InetSocketAddress remote) {
    for (Pair pair : pairs) {
      if (pair.is(wire, remote)) {
        return pair;
      }
    }
    return null;
  }

  /** Returns whether there was room. */
  boolean add(Pair pair) {
    return pairs.size() < MAX && pairs.add(pair);
  }

  /** One that is known to work takes the place of one that is not, if need be. */
  boolean addProved(Pair pair) {
    if (pairs.size() >= MAX) {
      pairs.stream().filter(this::isIdle).findFirst().ifPresent(pairs::remove);
    }
    return add(pair);
  }

  /** There may be only so many addresses that the peer never told of. */
  void makeRoomForStranger() {
    if (pairs.stream().filter(p -> p.kind() == CandidateKind.prflx).count() >= STRANGERS_MAX) {
      removeIf(p -> p.kind() == CandidateKind.prflx && isIdle(p));
    }
  }

  private boolean isIdle(Pair pair) {
    return pair != active && !pair.isValid();
  }

  void remove(Pair pair) {
    pairs.remove(pair);
  }

  void removeIf(Predicate<Pair> condition) {
    pairs.removeIf(condition);
  }

  boolean isEmpty() {
    return pairs.isEmpty();
  }

  int size() {
    return pairs.size();
  }

  /** Those that there are now; the list may change meanwhile. */
  List<Pair> all() {
    return List.copyOf(pairs);
  }

  void clear() {
    pairs.clear();
  }

  /** The best that works, or null. */
  @Nullable Pair best(@Nullable Pair not, long now) {
    Pair best = null;
    for (Pair pair : pairs) {
      boolean answers = pair.unanswered < 2 + pair.silentAfter() / 2 && now - pair.answered < 2 * STANDBY_INTERVAL;
      if (pair != not && pair.isValid() && answers && (best == null || rank(pair) < rank(best))) {
        best = pair;
      }
    }
    return best;
  }

  /** Direct before one relay before two; then the faster. */
  private static long rank(Pair pair) {
    int relays = (pair.local == CandidateKind.relay ? 1 : 0) + (pair.kind() == CandidateKind.relay ? 1 : 0);
    return ((long) relays << 40) + Math.min(pair.roundTripNanos() / 1_000, 1L << 39);
  }

  /** When the peer last proved that it is there by an answer. */
  long answeredNanos() {
    return pairs.stream().mapToLong(p -> p.answered).max().orElse(Pair.NEVER);
  }
}
