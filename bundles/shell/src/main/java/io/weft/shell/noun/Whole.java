package io.weft.shell.noun;

import io.weft.dcs.DcsUnavailable;
import io.weft.node.CommandFailure;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Text;
import io.weft.shell.store.Pause;
import io.weft.shell.store.Plan;
import io.weft.shell.store.Progress;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What the commands say that read or write a store as a whole. */
final class Whole {

  static final Pause PAUSE = millis -> new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);

  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final int SHOWN_MAX = 10;
  private static final int BRIEF = 16;

  private Whole() {}

  /** One line now and then. */
  static Progress progress(Invocation in) {
    long[] last = {System.nanoTime()};
    return (done, of) -> {
      if (!in.json() && System.nanoTime() - last[0] > PROGRESS_NANOS) {
        last[0] = System.nanoTime();
        in.out().line(Cell.dim(done + " of " + of + " writes done"));
        in.out().flush();
      }
    };
  }

  /** What a plan would do, with the first few keys of each kind. */
  static void show(Invocation in, Plan plan, int held) {
    show(in, "create", plan.create());
    show(in, "change", plan.change());
    show(in, "delete", plan.delete());
    String stay = held == 0 ? "" : "; " + Text.count(held, "key") + " of sessions stay";
    in.out().line(Cell.dim(Text.count(plan.same(), "key") + " as wanted already" + stay));
  }

  private static void show(Invocation in, String verb, List<String> keys) {
    if (keys.isEmpty()) {
      return;
    }
    in.out().line(in.yes() ? "" : "would ", verb, " ", Cell.bold(Text.count(keys.size(), "key")), ": ",
        String.join(", ", keys.subList(0, Math.min(SHOWN_MAX, keys.size()))), keys.size() > SHOWN_MAX ? ", ..." : "");
  }

  /** {@code "create", "change", "delete", "same"}, all counts. */
  static Map<String, Object> json(Plan plan) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("create", plan.create().size());
    json.put("change", plan.change().size());
    json.put("delete", plan.delete().size());
    json.put("same", plan.same());
    return json;
  }

  /** As much of a digest as people compare. */
  static String brief(String digest) {
    return digest.substring(0, BRIEF);
  }

  static CommandFailure failure(DcsUnavailable e) {
    return new CommandFailure(CommandFailure.PRECONDITION, Text.clean(String.valueOf(e.getMessage())));
  }

  /** Why a file cannot be used; the messages of some exceptions are the bare path. */
  static String problem(IOException e, Path file) {
    if (e instanceof AccessDeniedException) {
      return "this node may not";
    }
    if (e instanceof NoSuchFileException) {
      return "there is no directory " + Text.clean(String.valueOf(file.getParent()));
    }
    return Text.clean(String.valueOf(e.getMessage()));
  }
}
