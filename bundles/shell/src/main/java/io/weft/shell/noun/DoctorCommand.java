package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.node.Examination;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.support.Foreign;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** {@code doctor}: looks at everything that usually goes wrong, and says what to do. */
public final class DoctorCommand {

  private static final Duration MOST = Duration.ofSeconds(10);

  /** What one examination found. */
  record Finding(String examination, long tookMillis, List<HealthResult> results) {}

  private record Running(Examination examination, CompletableFuture<List<HealthResult>> future) {}

  private DoctorCommand() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, in -> run(in, MOST), Spec.of("weft", "doctor", "Look for what usually goes wrong, and say what to do")
            .describe("Looks at the machine (limits, buffers, file modes, listeners), asks brokers, STUN servers and relays, and compares",
                "clocks. Nothing is changed. Each examination takes at most 10 s; all run at once. Exit code 1 if something is",
                "critical or could not be found out.")
            .example("weft doctor", "why does it not link?")));
  }

  /** {@code {"status", "examinations": [{"name", "took_ms", "results": [{"name", "status", "message", "kind"}]}]}}. */
  static void run(Invocation in, Duration most) throws InterruptedException {
    List<Examination> all = in.services().examinations().stream().sorted(Comparator.comparing(DoctorCommand::name)).toList();
    boolean progress = in.out().isTerminal() && !in.json();
    if (progress) {
      in.out().line(Cell.dim("looking at " + all.stream().map(DoctorCommand::name).distinct().collect(Collectors.joining(", "))));
    }
    long start = System.nanoTime();
    List<Running> running = all.stream().map(DoctorCommand::start).toList();
    List<Finding> findings = new ArrayList<>();
    for (Running each : running) {
      Finding finding = await(each, start, most);
      findings.add(finding);
      if (progress) {
        in.out().line(Cell.dim("  " + finding.examination() + ": " + finding.tookMillis() + " ms"));
      }
    }
    print(in, findings);
    fail(findings);
  }

  private static String name(Examination examination) {
    return Foreign.ask(examination, Examination::name, examination.getClass().getSimpleName());
  }

  private static Running start(Examination examination) {
    try {
      CompletableFuture<List<HealthResult>> future = examination.examine();
      return new Running(examination, future == null ? CompletableFuture.failedFuture(new IllegalStateException("it began nothing")) : future);
    } catch (RuntimeException | Error e) { // one that is broken must not keep the others from being heard
      return new Running(examination, CompletableFuture.failedFuture(e));
    }
  }

  private static Finding await(Running running, long start, Duration most) throws InterruptedException {
    String name = name(running.examination());
    List<HealthResult> results;
    try {
      long left = most.toNanos() - (System.nanoTime() - start);
      List<HealthResult> given = running.future().get(Math.max(0, left), TimeUnit.NANOSECONDS);
      results = given == null ? List.of(unknown(name, "the examination gave nothing")) : given;
    } catch (TimeoutException e) {
      running.future().cancel(true);
      results = List.of(unknown(name, "no result within " + most.toSeconds() + " s; try again"));
    } catch (ExecutionException e) {
      results = List.of(unknown(name, "the examination failed: " + e.getCause()));
    }
    return new Finding(name, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), results);
  }

  private static HealthResult unknown(String name, String message) {
    return new HealthResult(name, HealthKind.readiness, HealthStatus.unknown, message);
  }

  private static void print(Invocation in, List<Finding> findings) {
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("status", HealthCommands.worst(results(findings)).name());
      json.put("examinations", findings.stream().map(DoctorCommand::view).toList());
      in.printJson(json);
      return;
    }
    Table table = new Table().left("STATUS").left("CHECK").left("MESSAGE");
    results(findings).forEach(r -> table.row(Views.status(r.status()), Cell.bold(r.name()), r.message()));
    in.out().table(table, "there is nothing that could be looked at");
  }

  private static Map<String, Object> view(Finding finding) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", finding.examination());
    map.put("took_ms", finding.tookMillis());
    map.put("results", finding.results().stream().map(Views::health).toList());
    return map;
  }

  private static List<HealthResult> results(List<Finding> findings) {
    return findings.stream().flatMap(f -> f.results().stream()).toList();
  }

  /** Unknown is not healthy; what could be better is no failure. */
  private static void fail(List<Finding> findings) {
    List<HealthResult> bad = results(findings).stream().filter(r -> r.status().isWorseThan(HealthStatus.warn)).toList();
    if (!bad.isEmpty()) {
      throw new CommandFailure(CommandFailure.CHECK, bad.stream().map(r -> r.name() + " is " + r.status() + " (" + r.message() + ")")
          .collect(Collectors.joining("; ")));
    }
  }
}
