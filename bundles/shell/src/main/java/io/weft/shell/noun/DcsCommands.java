package io.weft.shell.noun;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsMember;
import io.weft.dcs.DcsStatus;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.node.CommandFailure;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code dcs:*}: the store that coordination stands on. Who keeps it is changed by {@link DcsMemberCommands}.
 * As a whole it is saved by {@link DcsSnapshotCommands}. */
public final class DcsCommands {

  private DcsCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, DcsCommands::status, Stores.choosable(Spec.of("dcs", "status", "Show how the store is, as seen from here"))
            .example("weft dcs status", "does it serve, and is it safe?")),
        new Command(services, DcsCommands::members, Stores.choosable(Spec.of("dcs", "members", "List those who keep the store"))
            .example("weft dcs members", "who leads, who is behind?")),
        new Command(services, DcsCommands::get, Stores.choosable(Spec.of("dcs", "get", "Read one key"))
            .argument("KEY", "the key", Values.NONE)
            .flag("--stale", "Take what the next server knows, which may be old.")
            .example("weft dcs get app/leader", "value, revision, session")),
        new Command(services, DcsCommands::list, Stores.choosable(Spec.of("dcs", "list", "List keys"))
            .optional("PREFIX", "only keys below it; ends with a slash", Values.NONE)
            .flag("--stale", "Take what the next server knows, which may be old.")
            .example("weft dcs list _jobs/", "what jobs keep")),
        new Command(services, DcsCommands::put, Stores.choosable(Spec.of("dcs", "put", "Write one key"))
            .describe("Only if the key is as it was when the command looked.")
            .argument("KEY", "the key", Values.NONE)
            .argument("VALUE", "text, at most 256 KiB", Values.NONE)
            .dryRunUnlessYes()
            .example("weft dcs put app/flag on --yes", "what others see at once")),
        new Command(services, DcsCommands::delete, Stores.choosable(Spec.of("dcs", "delete", "Delete one key"))
            .describe("Only if the key is as it was when the command looked.")
            .argument("KEY", "the key", Values.NONE)
            .dryRunUnlessYes()
            .example("weft dcs delete app/flag --yes", "gone")));
  }

  /** {@code {"backend", "state", "detail", "leader", "revision", "replicas", "synced", "authenticated", "encrypted"}}. */
  private static void status(Invocation in) throws InterruptedException {
    Dcs dcs = Stores.chosen(in);
    DcsStatus status = Answers.await(dcs.status());
    if (in.json()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("backend", dcs.backend());
      json.put("state", status.state().name().toLowerCase(Locale.ROOT));
      json.put("detail", status.detail());
      json.put("leader", status.leader().orElse(null));
      json.put("revision", status.revision());
      json.put("replicas", status.replicas().orElse(null));
      json.put("synced", status.synced().orElse(null));
      json.put("authenticated", status.authenticated().orElse(null));
      json.put("encrypted", status.encrypted().orElse(null));
      in.printJson(json);
      return;
    }
    Map<String, Object> rows = new LinkedHashMap<>();
    String state = status.state().name().toLowerCase(Locale.ROOT);
    rows.put("backend", Cell.bold(dcs.backend()));
    rows.put("state", status.state() == DcsStatus.State.SERVING ? Cell.good(state) : Cell.bad(state));
    rows.put("detail", status.detail());
    rows.put("leader", status.leader().orElse("-"));
    rows.put("revision", status.revision());
    rows.put("replicas", status.replicas().map(n -> n > 1 ? Cell.good(n.toString()) : Cell.warn(n
        + ": its loss is the loss of all"))
        .orElse(Cell.dim("not known")));
    rows.put("synced to disk", yes(status.synced()));
    rows.put("asks who one is", yes(status.authenticated()));
    rows.put("encrypted", yes(status.encrypted()));
    in.out().pairs(rows);
  }

  private static Cell yes(Optional<Boolean> is) {
    return is.map(b -> b ? Cell.good("yes") : Cell.warn("no")).orElse(Cell.dim("not known"));
  }

  /** {@code {"members": [{"name", "role", "behind", "healthy"}]}}. */
  private static void members(Invocation in) throws InterruptedException {
    List<DcsMember> members = Answers.await(Stores.chosen(in).status()).members();
    if (in.json()) {
      in.printJson(Map.of("members", members.stream().map(DcsCommands::json).toList()));
      return;
    }
    Table table = new Table().left("MEMBER").left("ROLE").right("BEHIND").left("ANSWERS");
    for (DcsMember m : members) {
      table.row(Cell.bold(m.name()), m.role(), m.behind() < 0 ? "-" : m.behind(), m.healthy() ? Cell.good("yes")
          : Cell.bad("no"));
    }
    in.out().table(table, "the store does not tell who keeps it");
  }

  private static Map<String, @Nullable Object> json(DcsMember m) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", m.name());
    map.put("role", m.role());
    map.put("behind", m.behind() < 0 ? null : m.behind());
    map.put("healthy", m.healthy());
    return map;
  }

  /** {@code {"key", "value", "base64", "revision", "session"}}; of value and base64 one is null. */
  private static void get(Invocation in) throws InterruptedException {
    Dcs dcs = Stores.chosen(in);
    Entry entry = find(in, dcs, mode(in, dcs)).orElseThrow(() ->
        new CommandFailure(CommandFailure.CHECK, "there is no key '" + Text.clean(in.argument(0)) + "'"));
    if (in.json()) {
      in.printJson(json(entry));
      return;
    }
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("key", Cell.bold(entry.key()));
    rows.put("revision", entry.revision());
    rows.put("session", entry.session().orElse("-"));
    rows.put("value", shown(entry));
    in.out().pairs(rows);
  }

  /** {@code {"revision", "entries": [...]}}, entries as in get. */
  private static void list(Invocation in) throws InterruptedException {
    Dcs dcs = Stores.chosen(in);
    String prefix = in.optional(0).orElse("");
    var snapshot = Answers.await(checked(in, () -> dcs.list(prefix, mode(in, dcs))));
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("revision", snapshot.revision());
      json.put("entries", snapshot.entries().stream().map(DcsCommands::json).toList());
      in.printJson(json);
      return;
    }
    Table table = new Table().left("KEY").right("REVISION").left("SESSION").left("VALUE");
    for (Entry e : snapshot.entries()) {
      table.row(Cell.bold(e.key()), e.revision(), e.session().orElse("-"), isText(e) ? e.text() : Text.bytes(e.value().length));
    }
    in.out().table(table, "there are no such keys");
  }

  private static void put(Invocation in) throws InterruptedException {
    Dcs dcs = Stores.chosen(in);
    Optional<Entry> before = find(in, dcs, freshest(dcs));
    Expect unchanged = before.map(e -> Expect.revision(e.revision())).orElse(Expect.absent());
    byte[] value = in.argument(1).getBytes(StandardCharsets.UTF_8);
    long revision = in.yes() ? Answers.done(Answers.await(checked(in, () -> dcs.put(in.argument(0), value, unchanged, null))))
        : 0;
    changed(in, before, "write", "written", revision);
  }

  private static void delete(Invocation in) throws InterruptedException {
    Dcs dcs = Stores.chosen(in);
    Entry before = find(in, dcs, freshest(dcs)).orElseThrow(() ->
        new CommandFailure(CommandFailure.CHECK, "there is no key '" + Text.clean(in.argument(0)) + "'"));
    long revision = in.yes() ? Answers.done(Answers.await(dcs.delete(before.key(), Expect.revision(before.revision())))) : 0;
    changed(in, Optional.of(before), "delete", "deleted", revision);
  }

  /** {@code {"key", "revision", "before", "written" | "deleted", "dry_run"}}. */
  private static void changed(Invocation in, Optional<Entry> before, String would, String did, long revision) {
    String key = in.argument(0);
    if (in.json()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("key", key);
      json.put("revision", in.yes() ? revision : null);
      json.put("before", before.map(Entry::revision).orElse(null));
      json.put(did, in.yes());
      json.put("dry_run", !in.yes());
      in.printJson(json);
    } else if (in.yes()) {
      in.out().line(Cell.bold(key), " ", did, " at revision ", revision);
    } else {
      in.out().line("would ", would, " ", Cell.bold(key), before.map(e -> ", which is at revision "
          + e.revision()).orElse(", which is new"),
          key.startsWith("_") ? "; keys that begin with '_' are Weft's own" : "");
      in.out().line(Cell.dim("nothing was done; add --yes to do it"));
    }
  }

  private static Optional<Entry> find(Invocation in, Dcs dcs, ReadMode mode) throws InterruptedException {
    return Answers.await(checked(in, () -> dcs.get(in.argument(0), mode)));
  }

  /** The store throws at once for what cannot be a key. */
  private static <T> T checked(Invocation in, java.util.function.Supplier<T> call) {
    try {
      return call.get();
    } catch (IllegalArgumentException e) {
      throw in.usage("cannot do that: " + e.getMessage());
    }
  }

  private static ReadMode mode(Invocation in, Dcs dcs) {
    return in.flag("--stale") ? ReadMode.STALE : freshest(dcs);
  }

  private static ReadMode freshest(Dcs dcs) {
    return dcs.capabilities().linearizableReads() ? ReadMode.LINEARIZABLE : ReadMode.STALE;
  }

  private static boolean isText(Entry entry) {
    byte[] value = entry.value();
    return java.util.Arrays.equals(value, entry.text().getBytes(StandardCharsets.UTF_8));
  }

  /** The value of an entry, for people. */
  static String shown(Entry entry) {
    return isText(entry) ? entry.text() : Text.bytes(entry.value().length) + " that are not text";
  }

  static Map<String, @Nullable Object> json(Entry entry) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    boolean text = isText(entry);
    map.put("key", entry.key());
    map.put("value", text ? entry.text() : null);
    map.put("base64", text ? null : Base64.getEncoder().encodeToString(entry.value()));
    map.put("revision", entry.revision());
    map.put("session", entry.session().orElse(null));
    return map;
  }
}
