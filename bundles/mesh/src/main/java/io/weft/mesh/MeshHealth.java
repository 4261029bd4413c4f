package io.weft.mesh;

import io.weft.link.LinkInfo;
import io.weft.link.LinkState;
import io.weft.node.Clock;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.support.SerialLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Whether links are up, and whether the mesh still works at all. Any thread. */
final class MeshHealth implements HealthCheck {

  private static final Duration STUCK = Duration.ofSeconds(10);
  private static final long ANSWERED = Long.MIN_VALUE;

  private final Supplier<List<LinkInfo>> links;
  private final SerialLoop loop;
  private final Clock clock;
  // When the loop was asked the question that it has not answered yet.
  private final AtomicLong askedAt = new AtomicLong(ANSWERED);

  MeshHealth(Supplier<List<LinkInfo>> links, SerialLoop loop, Clock clock) {
    this.links = links;
    this.loop = loop;
    this.clock = clock;
  }

  @Override
  public List<HealthResult> check() {
    return List.of(readiness(links.get()), liveness());
  }

  private static HealthResult readiness(List<LinkInfo> all) {
    long degraded = all.stream().filter(l -> l.state() == LinkState.degraded).count();
    long up = degraded + all.stream().filter(l -> l.state() == LinkState.up).count();
    List<String> down = all.stream()
        .filter(l -> l.state() != LinkState.up && l.state() != LinkState.degraded)
        .map(l -> l.peer() + " " + l.state() + (l.reason() == null ? "" : " (" + l.reason().code() + ")"))
        .toList();
    HealthStatus status = down.isEmpty() ? degraded == 0 ? HealthStatus.ok : HealthStatus.warn
        : up == 0 ? HealthStatus.critical : HealthStatus.warn;
    String message = up + " of " + all.size() + " up" + (degraded == 0 ? "" : ", " + degraded + " degraded") + few(down);
    return new HealthResult("links", HealthKind.readiness, status, message);
  }

  private static String few(List<String> down) {
    if (down.isEmpty()) {
      return "";
    }
    String more = down.size() > 5 ? " and " + (down.size() - 5) + " more" : "";
    return "; " + String.join(", ", down.subList(0, Math.min(5, down.size()))) + more;
  }

  private HealthResult liveness() {
    long now = clock.nanos();
    long asked = askedAt.get();
    if (asked == ANSWERED) {
      askedAt.set(now);
      try {
        loop.execute(() -> askedAt.set(ANSWERED));
      } catch (RejectedExecutionException e) {
        return new HealthResult("mesh", HealthKind.liveness, HealthStatus.critical,
            "the mesh takes no more work: " + e.getMessage());
      }
    } else if (now - asked > STUCK.toNanos()) {
      return new HealthResult("mesh", HealthKind.liveness, HealthStatus.critical,
          "the mesh has not answered for " + Duration.ofNanos(now - asked).toSeconds() + " s; restart the node");
    }
    return new HealthResult("mesh", HealthKind.liveness, HealthStatus.ok, "the mesh answers");
  }
}
