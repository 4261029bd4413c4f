package io.weft.shell.noun;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsUnavailable;
import io.weft.node.CommandFailure;
import io.weft.node.Node;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import io.weft.shell.store.DamagedSnapshot;
import io.weft.shell.store.Plan;
import io.weft.shell.store.Restore;
import io.weft.shell.store.Saved;
import io.weft.shell.store.SnapshotFiles;
import io.weft.shell.store.Taken;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code dcs:snapshot} and {@code dcs:restore}: the store as a file. */
public final class DcsSnapshotCommands {

  private static final String REPLACE = "--replace";
  private static final String OTHER_FABRIC = "--other-fabric";
  private static final String WHERE = "relative to the home of the node unless it begins with a slash";

  private DcsSnapshotCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, DcsSnapshotCommands::snapshot,
            Stores.choosable(Spec.of("dcs", "snapshot", "Save all keys of the store to a file"))
                .describe("The file has mode 0600 and appears when it is whole. Keys that go with a session, such as leases, are",
                    "not in it.")
                .argument("FILE", WHERE, Values.FILES)
                .flag(REPLACE, "Replace the file if it is there.")
                .example("weft dcs snapshot /var/backups/weft.dcs", "before an upgrade")
                .example("weft dcs snapshot data/nightly.dcs --replace --json", "from a timer")),
        new Command(services, DcsSnapshotCommands::restore,
            Stores.choosable(Spec.of("dcs", "restore", "Make the store hold what a file of 'dcs snapshot' says"))
                .describe("Keys that are not in the file are deleted; those that go with a session stay. If it is interrupted, run it",
                    "again: it goes on where it was. What was written is read again and compared in the end.")
                .argument("FILE", WHERE, Values.FILES)
                .flag(OTHER_FABRIC, "Take the snapshot of another fabric.")
                .flag(Tokens.START_AGAIN, Tokens.DESCRIPTION)
                .dryRunUnlessYes()
                .example("weft dcs restore /var/backups/weft.dcs", "what would be created, changed, deleted?")
                .example("weft dcs restore /var/backups/weft.dcs --yes", "do it")));
  }

  /** {@code {"file", "backend", "revision", "keys", "bytes", "left_out", "size", "digest"}}. */
  private static void snapshot(Invocation in) throws InterruptedException {
    Dcs dcs = Stores.chosen(in);
    Node node = in.services().need(Node.class);
    Path file = path(in, node);
    Taken taken;
    long size;
    try {
      taken = Taken.of(dcs, node.fabric(), in.services().now());
      size = SnapshotFiles.write(file, taken.saved(), in.flag(REPLACE));
    } catch (DcsUnavailable e) {
      throw Whole.failure(e);
    } catch (FileAlreadyExistsException e) {
      throw failure(file, "is there already; choose another name, or add " + REPLACE);
    } catch (IOException e) {
      throw failure(file, "cannot be written: " + Whole.problem(e, file));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.PRECONDITION, e.getMessage());
    }
    Saved saved = taken.saved();
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("file", file);
      json.put("backend", saved.backend());
      json.put("revision", saved.revision());
      json.put("keys", saved.values().size());
      json.put("bytes", saved.bytes());
      json.put("left_out", taken.held());
      json.put("size", size);
      json.put("digest", saved.digest());
      in.printJson(json);
      return;
    }
    in.out().line(Text.count(saved.values().size(), "key"), " of ", saved.backend(), " at revision ", saved.revision(), " in ",
        Cell.bold(file.toString()), ", ", Text.bytes(size), Cell.dim(", digest " + Whole.brief(saved.digest())));
    if (taken.held() > 0) {
      in.out().line(Cell.dim(Text.count(taken.held(), "key") + " left out that go with sessions"));
    }
  }

  /** {@code {"file", "backend", "create", "change", "delete", "same", "held", "token_writes", "digest", "restored", "dry_run"}}. */
  private static void restore(Invocation in) throws InterruptedException {
    Dcs dcs = Stores.chosen(in);
    Node node = in.services().need(Node.class);
    Path file = path(in, node);
    Saved saved = read(file);
    if (!saved.fabric().equals(node.fabric()) && !in.flag(OTHER_FABRIC)) {
      throw failure(file, "is of fabric '" + Text.clean(saved.fabric()) + "', and this is '" + node.fabric() + "'; add "
          + OTHER_FABRIC + " if that is meant");
    }
    try {
      Restore restore = new Restore(dcs, saved, Whole.progress(in), Whole.PAUSE);
      Plan plan = restore.plan();
      long writes = Tokens.writes(in, restore.behind());
      if (!in.json()) {
        in.out().line(Cell.bold(file.toString()), ": ", Text.count(saved.values().size(), "key"), " of ",
            Text.clean(saved.backend()), " at ", Text.time(saved.taken()), ", revision ", saved.revision());
        Whole.show(in, plan, restore.held());
        Tokens.show(in, writes, restore.behind());
      }
      if (!plan.held().isEmpty()) {
        throw new CommandFailure(CommandFailure.PRECONDITION, Text.clean(plan.held().get(0))
            + " is in the file and belongs to a session now; end what holds it first");
      }
      if (in.yes()) {
        restore.run(writes > 0);
      }
      report(in, file, dcs, plan, restore, writes, saved.digest());
    } catch (DcsUnavailable e) {
      throw Whole.failure(e);
    }
  }

  private static void report(Invocation in, Path file, Dcs dcs, Plan plan, Restore restore, long writes, String digest) {
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("file", file);
      json.put("backend", dcs.backend());
      json.putAll(Whole.json(plan));
      json.put("held", restore.held());
      json.put("token_writes", writes);
      json.put("digest", digest);
      json.put("restored", in.yes());
      json.put("dry_run", !in.yes());
      in.printJson(json);
    } else if (in.yes()) {
      in.out().line("done; ", dcs.backend(), " holds what the file says", Cell.dim(", digest " + Whole.brief(digest)));
    } else {
      in.out().line(Cell.dim("nothing was done; add --yes to do it"));
    }
  }

  private static Saved read(Path file) {
    try {
      return SnapshotFiles.read(file);
    } catch (NoSuchFileException e) {
      throw failure(file, "is not there");
    } catch (DamagedSnapshot e) {
      throw failure(file, "cannot be restored: " + e.getMessage());
    } catch (IOException e) {
      throw failure(file, "cannot be read: " + Whole.problem(e, file));
    }
  }

  private static Path path(Invocation in, Node node) {
    try {
      return node.home().resolve(in.argument(0)).normalize();
    } catch (InvalidPathException e) {
      throw in.usage("cannot use that as a file name: " + Text.clean(String.valueOf(e.getReason())));
    }
  }

  private static CommandFailure failure(Path file, String what) {
    return new CommandFailure(CommandFailure.PRECONDITION, Text.clean(file.toString()) + " " + what);
  }
}
