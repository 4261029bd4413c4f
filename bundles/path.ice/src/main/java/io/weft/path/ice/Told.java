package io.weft.path.ice;

import io.weft.path.NatKind;
import io.weft.path.PairReport;
import io.weft.path.ice.check.RemoteAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the peer told of itself in one attempt, and which of its addresses may be tried. On the loop only. */
final class Told {

  /** So long the peer has to say its address outside, before it is decided without whether its private ones are near. */
  private static final long SCOPE_PATIENCE = Duration.ofSeconds(1).toNanos();

  private static final int FILTERED_MAX = 16;

  private final Core core;
  private final Surroundings surroundings;
  private final List<RemoteAddress> known = new ArrayList<>();
  private final List<RemoteAddress> held = new ArrayList<>();
  private final List<PairReport> filtered = new ArrayList<>();
  private @Nullable Description description;

  Told(Core core, Surroundings surroundings) {
    this.core = core;
    this.surroundings = surroundings;
  }

  /** Another attempt begins. */
  void begin() {
    filtered.clear();
  }

  void agreed(Description theirs) {
    description = theirs;
    known.clear();
    held.clear();
  }

  /** More addresses, for these pairs. */
  void candidates(Pairs pairs, List<RemoteAddress> found) {
    known.addAll(found.subList(0, Math.min(found.size(), Math.max(0, Notes.CANDIDATES_MAX - known.size()))));
    List<RemoteAddress> all = new ArrayList<>(held);
    all.addAll(found);
    held.clear();
    Scope scope = scope();
    all.forEach(candidate -> sort(pairs, candidate, scope));
  }

  /** Decides about those that waited long enough. */
  void tick(Pairs pairs) {
    if (!held.isEmpty() && !isPatient(pairs)) {
      candidates(pairs, List.of());
    }
  }

  private boolean isPatient(Pairs pairs) {
    return core.clock().nanos() - pairs.attempt().started() < SCOPE_PATIENCE;
  }

  private void sort(Pairs pairs, RemoteAddress candidate, Scope scope) {
    boolean unsure = scope == Scope.unknown && CandidateFilter.isPrivate(candidate.address().getAddress());
    if (unsure && isPatient(pairs) && held.size() < Notes.CANDIDATES_MAX) {
      held.add(candidate);
      return;
    }
    boolean same = scope == Scope.same || scope == Scope.unknown && Scope.isNear(candidate, surroundings.bases());
    String refusal = surroundings.filter().refusal(candidate.address(), surroundings.own(), same);
    if (refusal.isEmpty()) {
      pairs.remote(candidate);
      return;
    }
    core.counters().add(IceCounters.CANDIDATES_FILTERED + refusal);
    if (filtered.size() < FILTERED_MAX) {
      PairReport pair = Reports.pair(core.wire(), candidate.address(), candidate.kind(), "filtered");
      filtered.add(new PairReport(pair.local(), pair.remote(), "filtered", "filtered_" + refusal));
    }
  }

  private Scope scope() {
    Description d = description;
    if (d == null) {
      return Scope.unknown;
    }
    Scope byLabels = Scope.byLabels(surroundings.labels(), d);
    return byLabels == Scope.unknown ? Scope.byPublicAddress(surroundings.mapped(), known) : byLabels;
  }

  /** How the peer's NAT behaves, as it says. */
  NatKind nat() {
    return description == null ? NatKind.unknown : description.nat();
  }

  List<PairReport> filtered() {
    return List.copyOf(filtered);
  }
}
