package io.weft.shell.noun;

import io.weft.billing.DrillReport;
import io.weft.billing.DrillStep;
import io.weft.billing.Drills;
import io.weft.node.CommandFailure;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code drill:*}: proofs that money is safe here. */
public final class DrillCommands {

  private static final Values DRILLS = services -> services.find(Drills.class).map(d -> d.titles().keySet()).orElse(Set.of());

  private DrillCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, DrillCommands::list, Spec.of("drill", "list", "List the drills and what each proves")
            .example("weft drill list", "what can be proven here?")),
        new Command(services, DrillCommands::run, Spec.of("drill", "run", "Prove with this database that money is safe")
            .describe("Contenders, kills and replays on books of their own, in a schema that is made for it and dropped after it;",
                "the real books are only looked at.")
            .many("DRILL", "d1 to d5", DRILLS)
            .example("weft drill run d1 d2 d3 d4 d5", "all of them; exit code 1 if one fails")));
  }

  /** {@code {"drills": [{"name", "title"}]}}. */
  private static void list(Invocation in) {
    Map<String, String> titles = in.services().need(Drills.class).titles();
    if (in.json()) {
      in.printJson(Map.of("drills", titles.entrySet().stream().map(e -> Views.pair("name", e.getKey(), "title", e.getValue())).toList()));
      return;
    }
    Table table = new Table().left("DRILL").left("PROVES");
    titles.forEach((name, title) -> table.row(Cell.bold(name), title));
    in.out().table(table, "no drills");
  }

  /** {@code {"good", "drills": [{"name", "title", "good", "seconds", "steps": [{"what", "good", "seen"}]}]}}. */
  private static void run(Invocation in) {
    Drills drills = in.services().need(Drills.class);
    List<DrillReport> reports = new ArrayList<>();
    for (String name : in.arguments()) {
      DrillReport report = BillingCommands.ask(() -> run(in, drills, name));
      reports.add(report);
      if (!in.json()) {
        in.out().line(report.good() ? Cell.good("ok") : Cell.bad("FAILED"), "  ", Cell.bold(report.name()), " ", report.title(), " (",
            report.took().toMillis() / 1000.0, " s)");
        report.steps().forEach(s -> in.out().line("    ", s.good() ? Cell.good("ok") : Cell.bad("FAILED"), "  ", s.what(), ": ", s.seen()));
        in.out().flush();
      }
    }
    boolean good = reports.stream().allMatch(DrillReport::good);
    if (in.json()) {
      in.printJson(Views.pair("good", good, "drills", reports.stream().map(DrillCommands::json).toList()));
    }
    if (!good) {
      throw new CommandFailure(CommandFailure.CHECK, "a drill failed");
    }
  }

  private static DrillReport run(Invocation in, Drills drills, String name) {
    try {
      return drills.run(name);
    } catch (IllegalArgumentException e) {
      throw in.usage("cannot run that: " + Text.clean(String.valueOf(e.getMessage())));
    }
  }

  private static Map<String, Object> json(DrillReport report) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", report.name());
    map.put("title", report.title());
    map.put("good", report.good());
    map.put("seconds", report.took().toMillis() / 1000.0);
    map.put("steps", report.steps().stream().map(DrillCommands::json).toList());
    return map;
  }

  private static Map<String, Object> json(DrillStep step) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("what", step.what());
    map.put("good", step.good());
    map.put("seen", step.seen());
    return map;
  }
}
