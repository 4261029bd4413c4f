package io.weft.shell.noun;

import io.weft.dcs.Change;
import io.weft.dcs.Dcs;
import io.weft.dcs.Entry;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Watcher;
import io.weft.node.CommandFailure;
import io.weft.node.Registration;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import io.weft.support.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** {@code dcs:watch}: what changes in the store, as it happens. */
public final class DcsWatchCommand {

  /** News that wait for the terminal; a reader that is slower than that is told so, and ends. */
  private static final int WAITING_MAX = 10_000;

  private final Invocation in;
  private final String prefix;
  private final Map<String, Long> known = new HashMap<>();
  private boolean started;

  private DcsWatchCommand(Invocation in, String prefix) {
    this.in = in;
    this.prefix = prefix;
  }

  public static List<Command> all(Services services) {
    return List.of(new Command(services, in -> new DcsWatchCommand(in, in.optional(0).orElse("")).run(),
        Stores.choosable(Spec.of("dcs", "watch", "Print what changes in the store, until Ctrl-C"))
            .describe("Values that were replaced soon may be left out, the last one never is. With --json one object per line.")
            .optional("PREFIX", "only keys below it; ends with a slash", Values.NONE)
            .example("weft dcs watch", "everything")
            .example("weft dcs watch _elections/ --json", "who takes and leaves leases, for a script")));
  }

  private void run() throws InterruptedException {
    Dcs dcs = Stores.chosen(in);
    BlockingQueue<Runnable> news = new LinkedBlockingQueue<>(WAITING_MAX);
    Thread self = Thread.currentThread();
    try (Registration stopped = in.services().onStop(self::interrupt); Registration watch = open(dcs, news)) {
      while (news.remainingCapacity() > 0) {
        news.take().run(); // here, so that a slow terminal keeps no thread of the store
        in.out().flush();
      }
    }
    throw new CommandFailure(CommandFailure.CHECK, "changes come faster than they can be printed; watch a smaller prefix");
  }

  private Registration open(Dcs dcs, BlockingQueue<Runnable> news) {
    try {
      return dcs.watch(prefix, 0, new Watcher() {
        @Override
        public void reset(Snapshot snapshot) {
          news.offer(() -> showReset(snapshot));
        }

        @Override
        public void changed(List<Change> changes) {
          news.offer(() -> changes.forEach(DcsWatchCommand.this::show));
        }

        @Override
        public void interrupted(String reason) {
          news.offer(() -> say("interrupted", reason));
        }

        @Override
        public void resumed() {
          news.offer(() -> say("resumed", ""));
        }
      });
    } catch (IllegalArgumentException e) {
      throw in.usage("cannot do that: " + e.getMessage());
    }
  }

  /** The first one says where the watch begins; a later one, what became of the keys while the store could not be heard. */
  private void showReset(Snapshot snapshot) {
    if (!started) {
      started = true;
      snapshot.entries().forEach(e -> known.put(e.key(), e.revision()));
      begun(snapshot);
      return;
    }
    Set<String> gone = new HashSet<>(known.keySet());
    snapshot.entries().forEach(e -> gone.remove(e.key()));
    gone.stream().sorted().forEach(k -> show(new Change.Deleted(k, snapshot.revision())));
    snapshot.entries().forEach(e -> show(new Change.Put(e)));
  }

  /** {@code {"event": "watching", "revision", "keys"}}. */
  private void begun(Snapshot snapshot) {
    if (in.json()) {
      Map<String, Object> json = event("watching");
      json.put("revision", snapshot.revision());
      json.put("keys", snapshot.entries().size());
      print(json);
    } else {
      String what = prefix.isEmpty() ? "" : " below " + prefix;
      in.out().line(Cell.dim("watching " + Text.count(snapshot.entries().size(), "key") + what + " from revision "
          + snapshot.revision() + "; Ctrl-C ends"));
    }
  }

  /** {@code {"event": "put", ...}} with the members of {@code dcs:get}, or {@code {"event": "deleted", "key", "revision"}}. */
  private void show(Change change) {
    Long last = known.get(change.key());
    boolean put = change instanceof Change.Put;
    if (put ? last != null && last >= change.revision() : last == null || last > change.revision()) {
      return; // told before
    }
    if (change instanceof Change.Put write) {
      known.put(change.key(), change.revision());
      Entry entry = write.entry();
      if (in.json()) {
        Map<String, Object> json = event("put");
        json.putAll(DcsCommands.json(entry));
        print(json);
      } else {
        in.out().line(Cell.good("put      "), Cell.bold(entry.key()), Cell.dim(" @" + entry.revision()
            + entry.session().map(s -> " session " + s).orElse("")), "  ", DcsCommands.shown(entry));
      }
      return;
    }
    known.remove(change.key());
    if (in.json()) {
      Map<String, Object> json = event("deleted");
      json.put("key", change.key());
      json.put("revision", change.revision());
      print(json);
    } else {
      in.out().line(Cell.warn("deleted  "), Cell.bold(change.key()), Cell.dim(" @" + change.revision()));
    }
  }

  /** {@code {"event": "interrupted", "reason"}}, {@code {"event": "resumed"}}. */
  private void say(String event, String reason) {
    if (in.json()) {
      Map<String, Object> json = event(event);
      if (!reason.isEmpty()) {
        json.put("reason", reason);
      }
      print(json);
    } else {
      in.out().line(Cell.dim(event + (reason.isEmpty() ? "" : ": " + reason)));
    }
  }

  private static Map<String, @Nullable Object> event(String name) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("event", name);
    return json;
  }

  private void print(Map<String, ?> json) {
    in.out().raw(Json.compact(json) + "\n");
  }
}
