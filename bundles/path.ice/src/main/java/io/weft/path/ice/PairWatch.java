package io.weft.path.ice;

import java.time.Duration;
import java.util.function.Consumer;

/** Says when which pair of an attempt is checked, and notices that the one in use went silent. On the loop of its session only. */
final class PairWatch {

  private static final long SEARCH = Negotiation.LIMIT.toNanos();
  private static final long QUIET = Duration.ofMillis(300).toNanos();
  private static final long AGAIN = Duration.ofMillis(100).toNanos();
  private static final long AGAIN_SLOW = Duration.ofMillis(500).toNanos();
  private static final long CONSENT = Duration.ofSeconds(15).toNanos();
  private static final int GIVE_UP = 60;
  private static final int AGAIN_MANY = 20;
  private static final int ASK_OTHERS = 3;

  /** What worked this long ago is not asked just because the peer asks. */
  static final long FRESH = Duration.ofSeconds(3).toNanos();

  private final Keepalive keepalive;
  private final Attempt attempt;
  private final PairList pairs;
  private final Probes probes;
  private final Consumer<Pair> silent;
  private boolean shaken;

  /** @param silent hears, once, that the pair in use does not answer any more */
  PairWatch(Keepalive keepalive, Attempt attempt, PairList pairs, Probes probes, Consumer<Pair> silent) {
    this.keepalive = keepalive;
    this.attempt = attempt;
    this.pairs = pairs;
    this.probes = probes;
    this.silent = silent;
  }

  /** @param heard when the last packet of the peer came */
  void tick(long now, long heard) {
    Pair active = pairs.active();
    if (active == null) {
      search(now);
    } else {
      keep(active, now, heard);
      standBy(now);
    }
  }

  /** Another pair took over. */
  void calmed() {
    shaken = false;
  }

  /** One check for each pair that is due; the first soon after another, later ones slower. */
  private void search(long now) {
    for (Pair pair : pairs.all()) {
      if (now - pair.sent >= AGAIN << Math.min(pair.unanswered, 2)) {
        probes.check(pair, false);
      }
    }
  }

  private void keep(Pair pair, long now, long heard) {
    if (pair.unanswered > 0) {
      insist(pair, now, heard);
      return;
    }
    shaken = false;
    long interval = keepalive.intervalNanos();
    boolean fellSilent = heard > pair.answered && heard > pair.sent && now - heard > QUIET;
    boolean due = now - pair.sent >= CONSENT || now - pair.sent >= interval && now - heard >= interval;
    if (fellSilent || due) {
      probes.check(pair, true);
    }
  }

  private void insist(Pair pair, long now, long heard) {
    if (now - pair.sent >= (pair.unanswered < AGAIN_MANY ? AGAIN : AGAIN_SLOW)) {
      probes.check(pair, true);
    }
    if (pair.unanswered == ASK_OTHERS) {
      askOthers(pair);
    }
    // While the peer's packets still come the way back may just be slow; but not for long.
    boolean quiet = now - heard > QUIET || now - pair.asking > FRESH;
    if (pair.isSilent(now) && quiet && !shaken) {
      shaken = true;
      silent.accept(pair);
    }
  }

  private void askOthers(Pair not) {
    for (Pair pair : pairs.all()) {
      if (pair != not && pair.isValid() && pair.unanswered == 0) {
        probes.check(pair, false);
      }
    }
  }

  /** Pairs that are not in use are checked now and then; a direct one more often while a relay is in use. */
  private void standBy(long now) {
    Pair active = pairs.active();
    for (Pair pair : pairs.all()) {
      if (pair == active) {
        continue;
      }
      boolean searching = !pair.isValid() && now - attempt.started() < SEARCH;
      boolean wanted = pair.isValid() && active.isRelayed() && !pair.isRelayed();
      long wait = searching ? AGAIN << Math.min(pair.unanswered, 2) : wanted ? FRESH / 3 : PairList.STANDBY_INTERVAL;
      if (pair.unanswered > GIVE_UP || !pair.isValid() && !searching) {
        pairs.remove(pair);
      } else if (now - pair.sent >= (pair.unanswered > 0 && pair.isValid() ? Math.min(wait, AGAIN_SLOW) : wait)) {
        probes.check(pair, false);
      }
    }
  }
}
