package io.weft.support.fence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Decides by the fencing token who may act, and records everybody who tried. Any thread. */
public final class FencedRecord {

  /** More than this is forgotten from the beginning; days of a demo. */
  private static final int ATTEMPTS_MAX = 1_000_000;

  // Guarded by this.
  private final List<Attempt> attempts = new ArrayList<>();
  private final Map<String, Long> newest = new HashMap<>();

  /** Accepts the attempt unless a larger token of that job has been seen. */
  public synchronized Attempt attempt(String node, String job, Instant period, long token, long asked) {
    long seen = newest.merge(job, token, Math::max);
    Attempt attempt = new Attempt(node, job, period, token, asked, System.nanoTime(), token >= seen);
    if (attempts.size() >= ATTEMPTS_MAX) {
      attempts.subList(0, ATTEMPTS_MAX / 2).clear();
    }
    attempts.add(attempt);
    return attempt;
  }

  /** All of them, in the order in which they arrived. */
  public synchronized List<Attempt> attempts() {
    return List.copyOf(attempts);
  }

  /** The newest one that was accepted. */
  public Optional<Attempt> latest() {
    return latest(attempt -> true);
  }

  /** The newest one that was accepted and is like that. */
  public synchronized Optional<Attempt> latest(Predicate<Attempt> like) {
    for (int i = attempts.size() - 1; i >= 0; i--) {
      if (attempts.get(i).accepted() && like.test(attempts.get(i))) {
        return Optional.of(attempts.get(i));
      }
    }
    return Optional.empty();
  }

  /** The first one that was accepted and is like that. */
  public synchronized Optional<Attempt> first(Predicate<Attempt> like) {
    return attempts.stream().filter(Attempt::accepted).filter(like).findFirst();
  }

  /**
   * What must never be, one line each: that somebody was told that it may act after somebody with a larger token was told so,
   * that two have one token, or that one run was taken up again after another one had begun. Refused attempts count too: the resource
   * is the last guard and not the only one.
   */
  public List<String> violations() {
    Map<String, List<Attempt>> byJob = new HashMap<>();
    attempts().forEach(a -> byJob.computeIfAbsent(a.job(), job -> new ArrayList<>()).add(a));
    List<String> found = new ArrayList<>();
    byJob.forEach((job, all) -> {
      all.sort(Comparator.comparingLong(Attempt::asked));
      examine(all, found);
    });
    return found;
  }

  private static void examine(List<Attempt> inOrder, List<String> found) {
    Map<Long, String> nodes = new HashMap<>();
    Set<Run> over = new HashSet<>();
    Run running = null;
    Attempt before = null;
    for (Attempt attempt : inOrder) {
      if (before != null && attempt.token() < before.token()) {
        found.add("told that it may act though a larger token was out: " + attempt.text() + " after " + before.text());
      }
      String other = nodes.putIfAbsent(attempt.token(), attempt.node());
      if (other != null && !other.equals(attempt.node())) {
        found.add("two have one token: " + attempt.text() + " and node " + other);
      }
      Run run = new Run(attempt.token(), attempt.period());
      if (!run.equals(running)) {
        if (!over.add(run)) {
          found.add("two runs overlap: " + attempt.text() + " and " + before.text());
        }
        running = run;
      }
      before = attempt;
    }
  }

  private record Run(long token, Instant period) {}

  /** How many runs there were. */
  public long runs() {
    return attempts().stream().map(a -> a.job() + a.token() + a.period()).distinct().count();
  }

  /** The tokens that were accepted, in the order in which they were first seen. */
  public List<Long> tokens() {
    return attempts().stream().filter(Attempt::accepted).map(Attempt::token).distinct().toList();
  }
}
