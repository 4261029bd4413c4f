package io.weft.shell.noun;

import io.weft.coordination.LeaseInfo;
import io.weft.coordination.Leases;
import io.weft.node.CommandFailure;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code lease:*}: who may act alone. */
public final class LeaseCommands {

  private LeaseCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, LeaseCommands::list, Spec.of("lease", "list", "List the leases that somebody holds")
            .describe("One line per lease: who holds it, since when, and with which fencing token.")
            .example("weft lease list", "who acts for the fabric?")),
        new Command(services, LeaseCommands::show, Spec.of("lease", "show", "Show one lease in full")
            .argument("NAME", "name of the lease", Values.NONE)
            .example("weft lease show jobs/billing/0", "who runs billing?")),
        new Command(services, LeaseCommands::release, Spec.of("lease", "release", "Take a lease away from its holder")
            .describe("The holder hears of it a moment later than whoever wins next; what checks the fencing token stays safe,",
                "what does not may be done twice.")
            .argument("NAME", "name of the lease", Values.NONE)
            .dryRunUnlessYes()
            .example("weft lease release jobs/billing/0 --yes", "let another node have it")));
  }

  /** {@code {"leases": [{"name", "owner", "token", "since", "ttl_seconds", "remaining_seconds"}]}}. */
  private static void list(Invocation in) throws InterruptedException {
    List<LeaseInfo> leases = Answers.await(in.services().need(Leases.class).list());
    if (in.json()) {
      in.printJson(Map.of("leases", leases.stream().map(LeaseCommands::json).toList()));
      return;
    }
    Table table = new Table().left("LEASE").left("OWNER").right("TOKEN").right("SINCE").right("TTL");
    for (LeaseInfo lease : leases) {
      table.row(Cell.bold(lease.name()), lease.owner(), lease.token(), Text.since(lease.since(), in.services().now()),
          Text.duration(lease.ttl()));
    }
    in.out().table(table, "nobody holds a lease");
  }

  /** {@code {"lease": {...}}}, as in the list. */
  private static void show(Invocation in) throws InterruptedException {
    LeaseInfo lease = lease(in);
    if (in.json()) {
      in.printJson(Map.of("lease", json(lease)));
      return;
    }
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("lease", Cell.bold(lease.name()));
    rows.put("owner", lease.owner());
    rows.put("token", lease.token());
    rows.put("since", Text.time(lease.since()) + " (" + Text.since(lease.since(), in.services().now()) + ")");
    rows.put("free after", Text.duration(lease.ttl()) + " without its holder");
    rows.put("remaining", lease.remaining().map(Text::duration).orElse("known to its holder only"));
    in.out().pairs(rows);
  }

  /** {@code {"lease", "owner", "token", "released", "dry_run"}}. */
  private static void release(Invocation in) throws InterruptedException {
    LeaseInfo lease = lease(in);
    if (in.yes()) {
      Answers.done(Answers.await(in.services().need(Leases.class).release(lease.name(), lease.token())));
    }
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("lease", lease.name());
      json.put("owner", lease.owner());
      json.put("token", lease.token());
      json.put("released", in.yes());
      json.put("dry_run", !in.yes());
      in.printJson(json);
    } else if (in.yes()) {
      in.out().line("lease ", Cell.bold(lease.name()), " taken away from ", lease.owner());
    } else {
      in.out().line("would take the lease ", Cell.bold(lease.name()), " away from ", lease.owner(), " (token ", lease.token(),
          ")");
      in.out().line(Cell.dim("nothing was done; add --yes to do it"));
    }
  }

  private static LeaseInfo lease(Invocation in) throws InterruptedException {
    String name = in.argument(0);
    try {
      return Answers.await(in.services().need(Leases.class).show(name)).orElseThrow(() ->
          new CommandFailure(CommandFailure.PRECONDITION, "nobody holds the lease '" + Text.clean(name) + "'"));
    } catch (IllegalArgumentException e) {
      throw in.usage("cannot take '" + Text.clean(name) + "': " + e.getMessage());
    }
  }

  private static Map<String, @Nullable Object> json(LeaseInfo lease) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", lease.name());
    map.put("owner", lease.owner());
    map.put("token", lease.token());
    map.put("since", lease.since());
    map.put("ttl_seconds", lease.ttl().toMillis() / 1000.0);
    map.put("remaining_seconds", lease.remaining().map(r -> r.toMillis() / 1000.0).orElse(null));
    return map;
  }
}
