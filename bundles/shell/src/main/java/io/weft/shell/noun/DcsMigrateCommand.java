package io.weft.shell.noun;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsUnavailable;
import io.weft.node.CommandFailure;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import io.weft.shell.store.Migration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code dcs:migrate}: from one store to another. */
public final class DcsMigrateCommand {

  private static final String LOOK = "--look";
  private static final int LOOK_S = 5;
  private static final int LOOK_MAX_S = 600;

  private DcsMigrateCommand() {}

  public static List<Command> all(Services services) {
    return List.of(new Command(services, DcsMigrateCommand::migrate,
        Spec.of("dcs", "migrate", "Copy all keys of one store to another one")
            .describe("Both are configured on this node, and nobody uses either: set coordination.backend to none on all nodes first,",
                "and to TO afterwards. The source is only read. Keys that go with a session, such as leases, are not copied; their",
                "holders take them anew. If it is interrupted, run it again: it goes on where it was. What was written is read again",
                "and compared in the end.")
            .argument("FROM", "the store that has the keys", Values.STORES)
            .argument("TO", "an empty store", Values.STORES)
            .option(LOOK, "SECONDS", "How long to look whether somebody uses them; 1 to " + LOOK_MAX_S + ", or " + LOOK_S + ".",
                Values.NONE)
            .flag(Tokens.START_AGAIN, Tokens.DESCRIPTION)
            .dryRunUnlessYes()
            .example("weft dcs migrate etcd postgres", "how much is it, and may it be done now?")
            .example("weft dcs migrate etcd postgres --yes", "do it")));
  }

  private static void migrate(Invocation in) throws InterruptedException {
    Dcs from = Stores.named(in, in.argument(0));
    Dcs to = Stores.named(in, in.argument(1));
    if (from == to) {
      throw in.usage("needs two stores");
    }
    Migration migration = new Migration(from, to, Whole.progress(in), Whole.PAUSE);
    try {
      Migration.Findings found = migration.look(look(in));
      long writes = Tokens.writes(in, found.behind());
      if (!in.json()) {
        show(in, from, to, found, writes);
      }
      if (in.yes() && !found.obstacles().isEmpty()) {
        throw new CommandFailure(CommandFailure.PRECONDITION, Text.clean(found.obstacles().get(0)));
      }
      if (in.yes() && !found.isDone()) {
        migration.run(found, writes > 0, in.services().now());
      }
      report(in, from, to, found, writes);
    } catch (DcsUnavailable e) {
      throw Whole.failure(e);
    }
  }

  private static Duration look(Invocation in) {
    String seconds = in.option(LOOK).orElse(Integer.toString(LOOK_S));
    int value = seconds.matches("[0-9]{1,3}") ? Integer.parseInt(seconds) : 0;
    if (value < 1 || value > LOOK_MAX_S) {
      throw in.usage("takes 1 to " + LOOK_MAX_S + " seconds after " + LOOK);
    }
    return Duration.ofSeconds(value);
  }

  private static void show(Invocation in, Dcs from, Dcs to, Migration.Findings found, long writes) {
    in.out().line(Cell.bold(from.backend()), " holds ", Text.count(found.keys(), "key"), ", ", Text.bytes(found.bytes()),
        Cell.dim(", digest " + Whole.brief(found.digest())));
    if (found.held() > 0) {
      in.out().line(Text.count(found.held(), "key"), " more that go with sessions, which are never copied");
    }
    if (found.resumed()) {
      in.out().line("goes on with a copy into ", Cell.bold(to.backend()), " that was begun earlier");
    }
    Whole.show(in, found.plan(), found.to().held().size());
    found.misfits().forEach(m -> in.out().line(Cell.bad("does not fit: "), m));
    Tokens.show(in, writes, found.behind());
    if (!in.yes()) {
      found.obstacles().forEach(o -> in.out().line(Cell.bad("cannot be done now: "), o));
    }
  }

  /**
   * {@code {"from", "to", "keys", "bytes", "left_out", "create", "change", "delete", "same", "misfits", "token_writes", "digest",
   * "obstacles", "resumed", "migrated", "dry_run"}}.
   */
  private static void report(Invocation in, Dcs from, Dcs to, Migration.Findings found, long writes) {
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("from", from.backend());
      json.put("to", to.backend());
      json.put("keys", found.keys());
      json.put("bytes", found.bytes());
      json.put("left_out", found.held());
      json.putAll(Whole.json(found.plan()));
      json.put("misfits", found.misfits());
      json.put("token_writes", writes);
      json.put("digest", found.digest());
      json.put("obstacles", found.obstacles());
      json.put("resumed", found.resumed());
      json.put("migrated", in.yes());
      json.put("dry_run", !in.yes());
      in.printJson(json);
    } else if (found.isDone()) {
      in.out().line(to.backend(), " holds all of it already; nothing is to be done");
    } else if (in.yes()) {
      in.out().line("done; ", Cell.bold(to.backend()), " holds what ", from.backend(), " does",
          Cell.dim(", digest " + Whole.brief(found.digest())));
      in.out().line("next: set coordination.backend to ", to.backend(), " on all nodes");
    } else {
      in.out().line(Cell.dim("nothing was done; add --yes to do it"));
    }
  }
}
