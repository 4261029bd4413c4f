package io.weft.path.ice;

import io.weft.node.Clock;
import io.weft.path.PairReport;
import io.weft.path.ice.check.RemoteAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How it stands with one peer, for reports. On the loop only. */
final class Standing {

  private final Clock clock;
  private String state = "idle";
  private String cause = "";
  private Instant since;
  private List<PairReport> lastPairs = List.of();
  private List<RemoteAddress> lastRemotes = List.of();

  Standing(Clock clock) {
    this.clock = clock;
    this.since = clock.now();
  }

  /** @param used whether a path is in use, beside which all but its own states is a detail */
  void become(String next, String because, boolean used) {
    if (!state.equals(next) || !cause.equals(because)) {
      since = clock.now();
    }
    if (!used || next.equals("direct") || next.equals("relayed") || next.equals("failed")) {
      state = next;
      cause = because;
    }
  }

  /** Why somebody got no path. */
  void because(String code) {
    cause = code;
  }

  /** What is shown of an attempt that is over. */
  void keep(Pairs pairs) {
    lastPairs = pairs.reports();
    lastRemotes = pairs.remotes();
  }

  String state() {
    return state;
  }

  String cause() {
    return state.equals("direct") ? "" : cause;
  }

  Instant since() {
    return since;
  }

  List<PairReport> pairs(@Nullable Pairs now) {
    return now == null ? lastPairs : now.reports();
  }

  List<RemoteAddress> remotes(@Nullable Pairs now) {
    return now == null ? lastRemotes : now.remotes();
  }
}
