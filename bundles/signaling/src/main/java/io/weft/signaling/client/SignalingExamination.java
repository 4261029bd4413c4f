package io.weft.signaling.client;

import io.weft.node.Examination;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Reason;
import io.weft.signaling.Broker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Asks every broker, as this node, and compares the clocks of brokers and linked peers with ours. */
@Component(name = "weft.signaling.examination", service = Examination.class)
public final class SignalingExamination implements Examination {

  private static final Duration SKEW_NOTABLE = Duration.ofSeconds(5);
  private static final String NAME = "signaling";
  private static final String CLOCK = "clock";

  private final RoutedSignaling signaling;

  @Activate
  public SignalingExamination(@Reference RoutedSignaling signaling) {
    this.signaling = signaling;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public CompletableFuture<List<HealthResult>> examine() {
    List<CompletableFuture<Broker>> answers = signaling.probe();
    Map<String, CompletableFuture<Duration>> clocks = signaling.peerClocks();
    return CompletableFuture.allOf(Stream.concat(answers.stream(), clocks.values().stream()).toArray(CompletableFuture[]::new))
        .handle((all, failed) -> {
          List<HealthResult> results = new ArrayList<>();
          answers.forEach(answer -> results.addAll(judge(answer.join())));
          if (answers.isEmpty()) {
            results.add(result(NAME, HealthStatus.ok,
                "no broker is configured; peers need addresses that are known, or links to exchange them"));
          }
          clocks.forEach((peer, skew) -> {
            if (!skew.isCompletedExceptionally()) { // a peer that has no use for signals does not tell
              results.add(clock(peer, skew.join()));
            }
          });
          return results;
        });
  }

  static List<HealthResult> judge(Broker broker) {
    List<HealthResult> results = new ArrayList<>();
    Reason problem = broker.problem();
    results.add(problem == null
        ? result(NAME, HealthStatus.ok, broker.url() + " answers and knows this node")
        : result(NAME, HealthStatus.critical, broker.url() + ": " + advice(problem)));
    Duration skew = broker.clockSkew();
    if (skew != null) {
      results.add(clock(broker.url(), skew));
    }
    return results;
  }

  private static String advice(Reason problem) {
    return switch (problem.code()) {
      case "unreachable" -> problem.detail() + "; see that it runs, and that its port is open from here";
      case "clock_skew" -> "refuses this node, since " + problem.detail();
      default -> "refuses this node: " + problem.detail();
    };
  }

  private static HealthResult clock(String whose, Duration skew) {
    long seconds = Math.round(skew.toMillis() / 1000.0);
    String how = seconds == 0 ? "the same as ours" : Math.abs(seconds) + " s " + (seconds > 0 ? "ahead of" : "behind") + " ours";
    boolean far = skew.abs().compareTo(SKEW_NOTABLE) > 0;
    return result(CLOCK, far ? HealthStatus.warn : HealthStatus.ok,
        "the clock of " + whose + " is " + how + (far ? "; let both machines set their clocks by NTP" : ""));
  }

  private static HealthResult result(String name, HealthStatus status, String message) {
    return new HealthResult(name, HealthKind.readiness, status, message);
  }
}
