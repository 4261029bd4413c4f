package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import io.weft.store.Failover;
import io.weft.store.FailoverReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code store:failover}: the database moves to a replica. */
public final class FailoverCommand {

  private FailoverCommand() {}

  public static List<Command> all(Services services) {
    return List.of(new Command(services, FailoverCommand::failover,
        Spec.of("store", "failover", "Move the database to a replica: fence, prove, flip")
            .describe("The primary is closed and its sessions are ended first; then it must refuse whoever comes, and the "
            + "replica must have",
                "everything; only then the replica is promoted. What cannot be proved is not done, and the fence is taken off "
                + "again. A",
                "primary that does not answer cannot be fenced from here. Nodes follow by targetServerType=primary in "
                + "store.postgres.url.",
                "Every step is kept in a file below data/failover.")
            .argument("REPLICA", "host:port of the replica, as in store.postgres.url", Values.NONE)
            .dryRunUnlessYes()
            .example("weft store failover db2:5432", "could it be done?")
            .example("weft store failover db2:5432 --yes", "do it")));
  }

  /** {@code {"replica", "steps": [{"step", "good", "text"}], "possible" or "flipped", "transcript", "dry_run"}}. */
  private static void failover(Invocation in) {
    Failover failover = in.services().need(Failover.class);
    String replica = in.argument(0);
    FailoverReport report = in.yes() ? failover.run(replica) : failover.plan(replica);
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("replica", replica);
      json.put("steps", report.steps().stream().map(FailoverCommand::json).toList());
      json.put(in.yes() ? "flipped" : "possible", report.possible());
      json.put("transcript", report.transcript());
      json.put("dry_run", !in.yes());
      in.printJson(json);
    } else {
      Table table = new Table().left("STEP").left("").left("WHAT");
      report.steps().forEach(l -> table.row(Cell.bold(l.step()), l.good() ? Cell.good("ok") : Cell.bad("no"),
          Text.clean(l.text())));
      in.out().table(table, "nothing was looked at");
      if (!report.transcript().isEmpty()) {
        in.out().line("kept in ", report.transcript());
      }
      if (report.possible() && !in.yes()) {
        in.out().line("it can be done: fence the primary, prove that it is fenced, promote ", Cell.bold(Text.clean(replica)));
        in.out().line(Cell.dim("nothing was done; add --yes to do it"));
      }
    }
    if (!report.possible()) {
      throw new CommandFailure(CommandFailure.PRECONDITION, Text.clean(why(report)));
    }
  }

  private static Map<String, Object> json(FailoverReport.Line line) {
    Map<String, Object> map = Views.pair("step", line.step(), "good", line.good());
    map.put("text", line.text());
    return map;
  }

  /** An undo comes after what went wrong. */
  private static String why(FailoverReport report) {
    return report.steps().stream().filter(l -> !l.good()).map(FailoverReport.Line::text).findFirst().orElse("it was not done");
  }
}
