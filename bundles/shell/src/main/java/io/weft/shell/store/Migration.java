package io.weft.shell.store;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.DcsStatus;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.support.Json;
import io.weft.support.JsonReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies a store that nobody uses into an empty one, and proves it. The source is only read. A note in the target says that a copy
 * was begun; with it there, another try goes on from what it finds, whatever that is. Methods block.
 */
public final class Migration {

  private static final String NOTE = Contents.MOVING + "from";

  private final Store source;
  private final Store target;
  private final Pause pause;

  public Migration(Dcs from, Dcs to, Progress progress, Pause pause) {
    this.source = new Store(from, progress, pause);
    this.target = new Store(to, progress, pause);
    this.pause = pause;
  }

  /** Looks at both stores for a while. Changes nothing. */
  public Findings look(Duration look) throws DcsUnavailable, InterruptedException {
    try (Look from = new Look(source); Look to = new Look(target)) {
      pause.millis(look.toMillis());
      Map<String, byte[]> wanted = from.before().values();
      Plan plan = Plan.of(wanted, to.before());
      Optional<String> begun = begun(to.before());
      List<String> obstacles = new ArrayList<>();
      from.use().ifPresent(obstacles::add);
      to.use().ifPresent(obstacles::add);
      DcsStatus status = Store.await(target.dcs().status());
      if (status.state() != DcsStatus.State.SERVING) {
        obstacles.add(target.backend() + " does not serve: " + status.detail());
      }
      List<String> misfits = misfits(wanted);
      if (!misfits.isEmpty()) {
        obstacles.add(misfits.size() + " keys do not fit into " + target.backend() + ", such as " + misfits.get(0));
      }
      if (begun.isPresent() && !begun.get().equals(source.backend())) {
        obstacles.add(target.backend() + " has half of a copy of " + begun.get() + "; finish that one first");
      } else if (begun.isEmpty() && !to.before().lasting().isEmpty() && !plan.isEmpty()) {
        obstacles.add(target.backend() + " holds " + to.before().lasting().size() + " keys already, such as "
            + to.before().lasting().keySet().iterator().next() + ", and only an empty store is copied into");
      }
      return new Findings(from.before(), to.before(), plan, Encoding.bytes(wanted), Encoding.digest(wanted), begun.isPresent(),
          misfits, obstacles);
    }
  }

  /**
   * What was found.
   *
   * @param plan what has to be written
   * @param bytes of keys and values of the source
   * @param digest of them
   * @param resumed whether a copy was begun earlier and not finished
   * @param misfits keys that the target cannot hold, each with the reason
   * @param obstacles why it cannot be done now, one line each; empty: it can
   */
  public record Findings(Contents from, Contents to, Plan plan, long bytes, String digest, boolean resumed, List<String> misfits,
      List<String> obstacles) {

    public Findings {
      misfits = List.copyOf(misfits);
      obstacles = List.copyOf(obstacles);
    }

    public int keys() {
      return from.lasting().size();
    }

    /** How many keys of the source go with sessions and are never copied. */
    public int held() {
      return from.held().size();
    }

    /** Whether the target holds all of it already, and nobody has to finish anything. */
    public boolean isDone() {
      return plan.isEmpty() && !resumed;
    }

    /** How many writes it takes until the target's revision, and so every new fencing token, is beyond that of the source. */
    public long behind() {
      return Math.max(0, from.revision() + 1 - to.revision());
    }
  }

  /**
   * Does it, compares, and looks whether the source is as it was.
   *
   * @param tokens whether the target's revision is brought beyond that of the source
   * @throws DcsUnavailable with one line that says where it stopped
   */
  public void run(Findings found, boolean tokens, Instant now) throws DcsUnavailable, InterruptedException {
    if (!found.resumed()) {
      Map<String, Object> note = new LinkedHashMap<>();
      note.put("from", source.backend());
      note.put("begun_ms", now.toEpochMilli());
      byte[] value = Json.compact(note).getBytes(StandardCharsets.UTF_8);
      Store.await(target.dcs().put(NOTE, value, Expect.absent(), null)).orThrow();
    }
    target.take(found.plan().steps());
    if (!target.holds(found.digest())) {
      throw new DcsUnavailable("everything was written, and " + target.backend() + " does not hold what " + source.backend()
          + " does: somebody else writes to it");
    }
    if (!source.read().lasting().equals(found.from().lasting())) {
      throw new DcsUnavailable(source.backend() + " was written to while it was copied; stop what does that and run this again");
    }
    if (tokens) {
      target.raise(found.from().revision());
    }
    Store.await(target.dcs().delete(NOTE, Expect.any())).orThrow();
  }

  /** The store of which a copy was begun. */
  private static Optional<String> begun(Contents contents) {
    return contents.notes().stream().filter(e -> e.key().equals(NOTE)).map(Entry::text).map(text -> {
      try {
        return JsonReader.read(text) instanceof Map<?, ?> map && map.get("from") instanceof String from ? from : "?";
      } catch (IllegalArgumentException e) {
        return "?";
      }
    }).findFirst();
  }

  private static List<String> misfits(Map<String, byte[]> wanted) {
    List<String> misfits = new ArrayList<>();
    wanted.forEach((key, value) -> {
      try {
        DcsKeys.check(key);
        if (value.length > Dcs.VALUE_MAX) {
          misfits.add(key + " (" + value.length + " bytes)");
        }
      } catch (IllegalArgumentException e) {
        misfits.add(key + " (" + e.getMessage() + ")");
      }
    });
    return misfits;
  }
}
