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
import io.weft.store.MigrationRefused;
import io.weft.store.Migrations;
import io.weft.store.SchemaInfo;
import io.weft.store.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code billing:migrate}: the tables of plugins in the store. */
public final class MigrateCommand {

  private static final String SCHEMA = "--schema";
  private static final Values SCHEMAS =
      services -> services.find(Migrations.class).map(m -> m.status().stream().map(SchemaInfo::schema).toList()).orElse(List.of());

  private MigrateCommand() {}

  public static List<Command> all(Services services) {
    return List.of(new Command(services, MigrateCommand::migrate,
        Spec.of("billing", "migrate", "Bring the tables of plugins up to date, or back")
            .describe("Each step is done once, by one node at a time, and in a transaction where that is possible. Going back "
            + "is refused",
                "where data would be lost, and holds the schema where it is until somebody applies again.")
            .argument("ACTION", "status, plan, apply or down", Values.of("status", "plan", "apply", "down"))
            .optional("VERSION", "after down: the version to go back to, 0 for nothing", Values.NONE)
            .option(SCHEMA, "NAME", "Which schema, if plugins have several.", SCHEMAS)
            .dryRunUnlessYes()
            .example("weft billing migrate status", "is everything up to date?")
            .example("weft billing migrate plan", "what would be done, and what is in the way?")
            .example("weft billing migrate apply --yes", "do it")
            .example("weft billing migrate down 3 --yes", "back to version 3")));
  }

  private static void migrate(Invocation in) {
    Migrations migrations = in.services().need(Migrations.class);
    String action = in.argument(0);
    if (in.optional(1).isPresent() != action.equals("down")) {
      throw in.usage(action.equals("down") ? "needs VERSION (the version to go back to) after down"
          : "takes VERSION after down only");
    }
    try {
      switch (action) {
        case "status" -> status(in, migrations);
        case "plan" -> lines(in, schema(in, migrations), "plan", migrations.plan(schema(in, migrations).schema()));
        case "apply" -> apply(in, migrations);
        case "down" -> down(in, migrations);
        default -> throw in.usage("knows no '" + Text.clean(action) + "'; it is status, plan, apply or down");
      }
    } catch (MigrationRefused e) {
      throw new CommandFailure(CommandFailure.PRECONDITION, Text.clean(String.valueOf(e.getMessage())));
    }
  }

  /**
   * {@code {"schemas": [{"schema", "state", "version", "target", "held", "message", "steps": [{"number", "name", "transactional",
   * "reversible", "applied", "by", "interrupted"}]}]}}. Fails if one of them is not as it should be.
   */
  private static void status(Invocation in, Migrations migrations) {
    List<SchemaInfo> schemas = migrations.status();
    if (in.json()) {
      in.printJson(Map.of("schemas", schemas.stream().map(MigrateCommand::json).toList()));
    } else {
      Table table = new Table().left("SCHEMA").right("STEP").left("NAME").left("APPLIED").left("BY");
      for (SchemaInfo schema : schemas) {
        for (Step step : schema.steps()) {
          table.row(Cell.bold(schema.schema()), step.number(), step.name(), step.interrupted() ? Cell.warn("interrupted")
              : step.applied() == null ? Cell.dim("no") : Text.time(step.applied()), step.by().isEmpty() ? "-" : step.by());
        }
      }
      in.out().table(table, "no plugin of this node has tables in the store");
      schemas.forEach(s -> in.out().line(Cell.bold(s.schema()), ": ", s.state() == SchemaInfo.State.READY ? Cell.good(s.message())
          : Cell.warn(s.message())));
    }
    List<String> not = schemas.stream().filter(s -> s.state() != SchemaInfo.State.READY).map(s -> s.schema() + ": "
        + s.message()).toList();
    if (!not.isEmpty()) {
      throw new CommandFailure(CommandFailure.CHECK, Text.clean(not.get(0)));
    }
  }

  private static void apply(Invocation in, Migrations migrations) throws MigrationRefused {
    SchemaInfo schema = schema(in, migrations);
    lines(in, schema, "apply", in.yes() ? migrations.apply(schema.schema()) : migrations.plan(schema.schema()));
  }

  private static void down(Invocation in, Migrations migrations) throws MigrationRefused {
    SchemaInfo schema = schema(in, migrations);
    String word = in.argument(1);
    if (!word.matches("[0-9]{1,4}")) {
      throw in.usage("takes a number as VERSION");
    }
    int version = Integer.parseInt(word);
    lines(in, schema, "down", in.yes() ? migrations.down(schema.schema(), version) : schema.steps().stream()
        .filter(s -> s.number() > version && (s.applied() != null || s.interrupted()))
        .sorted(java.util.Comparator.comparingInt(Step::number).reversed())
        .map(s -> "take back " + s.number() + " (" + s.name() + ")" + (s.reversible() ? ""
        : ", which has no way back")).toList());
  }

  /** {@code {"schema", "action", "done": [...] or "would": [...], "dry_run"}}. */
  private static void lines(Invocation in, SchemaInfo schema, String action, List<String> lines) {
    boolean did = in.yes() && !action.equals("plan");
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("schema", schema.schema());
      json.put("action", action);
      json.put(did ? "done" : "would", lines);
      json.put("dry_run", !did);
      in.printJson(json);
      return;
    }
    lines.forEach(line -> in.out().line(line));
    if (lines.isEmpty()) {
      in.out().line("nothing is to be done");
    } else if (!did && !action.equals("plan")) {
      in.out().line(Cell.dim("nothing was done; add --yes to do it"));
    }
  }

  private static SchemaInfo schema(Invocation in, Migrations migrations) {
    List<SchemaInfo> schemas = migrations.status();
    List<String> names = schemas.stream().map(SchemaInfo::schema).toList();
    String wanted = in.option(SCHEMA).orElse(names.size() == 1 ? names.get(0) : "weft_billing");
    return schemas.stream().filter(s -> s.schema().equals(wanted)).findFirst().orElseThrow(() -> new CommandFailure(
        CommandFailure.PRECONDITION, "no plugin of this node has a schema '" + Text.clean(wanted) + "'; "
            + (names.isEmpty() ? "none has any" : "there is " + String.join(", ", names))));
  }

  private static Map<String, @Nullable Object> json(SchemaInfo schema) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("schema", schema.schema());
    map.put("state", schema.state().name().toLowerCase(Locale.ROOT));
    map.put("version", schema.version());
    map.put("target", schema.target());
    map.put("held", schema.held());
    map.put("message", schema.message());
    map.put("steps", schema.steps().stream().map(MigrateCommand::json).toList());
    return map;
  }

  private static Map<String, @Nullable Object> json(Step step) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("number", step.number());
    map.put("name", step.name());
    map.put("transactional", step.transactional());
    map.put("reversible", step.reversible());
    map.put("applied", step.applied());
    map.put("by", step.by());
    map.put("interrupted", step.interrupted());
    return map;
  }
}
