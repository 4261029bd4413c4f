package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.node.Health;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code health:*}: how this node feels. */
public final class HealthCommands {

  private HealthCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, HealthCommands::check, Spec.of("health", "check", "Run the health checks")
            .describe("Three separate answers: liveness (does the process do its work; if not, restart it), readiness (can it",
                "serve now; if not, send traffic elsewhere) and posture (is it set up safely). Exit code 0 if everything that",
                "was asked for is ok, else 1; without --kind all are printed, and liveness and readiness decide.")
            .option("--kind", "KIND", "Only this question: liveness, readiness or posture.", Values.of(HealthKind.values()))
            .example("weft health check", "all checks")
            .example("weft health check --kind readiness", "for a load balancer")));
  }

  /** {@code {"status", "health": [{"name", "status", "message", "kind"}]}}; the status is what the exit code goes by. */
  private static void check(Invocation in) {
    Health health = in.services().need(Health.class);
    String asked = in.option("--kind").orElse("");
    List<HealthKind> kinds = Arrays.stream(HealthKind.values()).filter(k -> asked.isEmpty() || k.name().equals(asked)).toList();
    if (kinds.isEmpty()) {
      throw in.usage("knows no kind '" + Text.clean(asked) + "'");
    }
    List<HealthResult> results = new ArrayList<>();
    kinds.forEach(k -> results.addAll(health.results(k)));
    List<HealthResult> deciding = results.stream().filter(r -> !asked.isEmpty() || r.kind() != HealthKind.posture).toList();
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("status", worst(deciding).name());
      json.put("health", results.stream().map(Views::health).toList());
      in.printJson(json);
    } else {
      in.out().table(Tables.health(results), "no check has anything to say");
    }
    fail(deciding);
  }

  static HealthStatus worst(List<HealthResult> results) {
    return results.stream().map(HealthResult::status).max(HealthStatus::compareTo).orElse(HealthStatus.ok);
  }

  /** @throws CommandFailure (check) if not all are ok, naming those that are not */
  static void fail(List<HealthResult> results) {
    List<HealthResult> bad = results.stream().filter(r -> r.status() != HealthStatus.ok).toList();
    if (!bad.isEmpty()) {
      throw new CommandFailure(CommandFailure.CHECK, bad.stream()
          .map(r -> r.kind() + " of " + r.name() + " is " + r.status() + " (" + r.message() + ")")
          .collect(Collectors.joining("; ")));
    }
  }
}
