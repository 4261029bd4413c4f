package io.weft.launcher.framework;

import io.weft.support.Json;
import io.weft.support.JsonReader;
import io.weft.support.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that is remembered of operators' bundles: one file, replaced as a whole, so that a change of many bundles is one step that either
 * happened or did not.
 *
 * @param bundles the set that should be there
 * @param previous the set before the latest change, to go back to by hand; its jars are kept
 * @param change the change that was made and not yet found good, or null
 * @param history the latest changes, the oldest first
 */
record InstalledState(List<InstalledBundle> bundles, List<InstalledBundle> previous, Change change, List<Line> history) {

  static final InstalledState EMPTY = new InstalledState(List.of(), List.of(), null, List.of());

  static final String ON_TRIAL = "on trial";

  private static final int HISTORY_MAX = 50;

  /**
   * @param applying whether the framework may not hold the set yet
   * @param back whether the set is the one from before a change that was not good; then there is nothing to find out
   * @param starts how often the process started since
   * @param good the last set that was found good
   * @param known what was wrong already before it, so that it is not blamed on the change
   */
  record Change(long id, boolean applying, boolean back, int starts, List<InstalledBundle> good, List<String> known) {

    Change {
      good = List.copyOf(good);
      known = List.copyOf(known);
    }
  }

  record Line(long id, long at, String what, String outcome) {}

  InstalledState {
    bundles = List.copyOf(bundles);
    previous = List.copyOf(previous);
    history = List.copyOf(history.subList(Math.max(0, history.size() - HISTORY_MAX), history.size()));
  }

  /** Puts another set in place of this one. If this one was not found good yet, what comes back is what would have before. */
  InstalledState begin(List<InstalledBundle> next, String what, long at, List<String> known) {
    InstalledState closed = change == null ? this : close("replaced by the next change");
    long id = history.isEmpty() ? 1 : history.get(history.size() - 1).id() + 1;
    List<Line> lines = new ArrayList<>(closed.history);
    lines.add(new Line(id, at, what, ON_TRIAL));
    List<InstalledBundle> good = change == null || change.back ? bundles : change.good;
    return new InstalledState(next, bundles, new Change(id, true, false, 0, good, known), lines);
  }

  /** The framework holds the set. */
  InstalledState applied() {
    if (change == null) {
      return this;
    }
    Change next = change.back ? null : new Change(change.id, false, false, change.starts, change.good, change.known);
    return new InstalledState(bundles, previous, next, history);
  }

  /** The change is over, one way or another. */
  InstalledState close(String outcome) {
    if (change == null) {
      return this;
    }
    return new InstalledState(bundles, previous, null, history.stream()
        .map(line -> line.id() == change.id ? new Line(line.id(), line.at(), line.what(), outcome) : line).toList());
  }

  /**
   * Puts the set before the change back, to be applied. If that one was not found good either, it is on trial again, and behind it is the
   * last one that was.
   */
  InstalledState putBack(String why) {
    if (change == null) {
      return this;
    }
    boolean good = previous.equals(change.good);
    Change next = good ? new Change(change.id, true, true, 0, change.good, List.of())
        : new Change(0, true, false, 0, change.good, change.known);
    return new InstalledState(previous, good ? bundles : change.good, next, close(why).history);
  }

  /** @param times how often the process started since the change */
  InstalledState starts(int times) {
    return change == null ? this
        : new InstalledState(bundles, previous, new Change(change.id, change.applying, change.back, times, change.good, change.known),
            history);
  }

  InstalledState with(List<InstalledBundle> others) {
    return new InstalledState(others, previous, change, history);
  }

  /** Names of the files that must stay. */
  Set<String> jars() {
    Set<String> jars = new HashSet<>();
    bundles.forEach(bundle -> jars.add(String.valueOf(bundle.jar())));
    previous.forEach(bundle -> jars.add(String.valueOf(bundle.jar())));
    if (change != null) {
      change.good.forEach(bundle -> jars.add(String.valueOf(bundle.jar())));
    }
    return jars;
  }

  /** @throws IOException also if the content makes no sense */
  static InstalledState read(Path file) throws IOException {
    String text = Files.readString(file);
    try {
      return of((Map<?, ?>) JsonReader.read(text));
    } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
      throw new IOException("not the record of installed bundles: " + e.getMessage(), e);
    }
  }

  void write(Path file) throws IOException {
    WholeFile.write(file, Json.compact(toMap()) + "\n", WholeFile.Sync.CONTENT);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("bundles", bundles.stream().map(InstalledBundle::toMap).toList());
    map.put("previous", previous.stream().map(InstalledBundle::toMap).toList());
    if (change != null) {
      map.put("change", Map.of("id", change.id, "applying", change.applying, "back", change.back, "starts", change.starts,
          "good", change.good.stream().map(InstalledBundle::toMap).toList(), "known", change.known));
    }
    map.put("history", history.stream().map(line -> {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("id", line.id());
      entry.put("at", line.at());
      entry.put("what", line.what());
      entry.put("outcome", line.outcome());
      return entry;
    }).toList());
    return map;
  }

  private static InstalledState of(Map<?, ?> map) {
    Change change = null;
    if (map.get("change") instanceof Map<?, ?> c) {
      change = new Change((Long) c.get("id"), (Boolean) c.get("applying"), (Boolean) c.get("back"), ((Number) c.get("starts")).intValue(),
          bundles((List<?>) c.get("good")), strings((List<?>) c.get("known")));
    }
    List<Line> history = new ArrayList<>();
    if (map.get("history") instanceof List<?> lines) {
      for (Object line : lines) {
        Map<?, ?> l = (Map<?, ?>) line;
        history.add(new Line((Long) l.get("id"), (Long) l.get("at"), (String) l.get("what"), (String) l.get("outcome")));
      }
    }
    List<InstalledBundle> previous = map.get("previous") instanceof List<?> list ? bundles(list) : List.of();
    return new InstalledState(bundles((List<?>) map.get("bundles")), previous, change, history);
  }

  static List<InstalledBundle> bundles(List<?> list) {
    return list.stream().map(entry -> InstalledBundle.of((Map<?, ?>) entry)).toList();
  }

  static List<String> strings(List<?> list) {
    return list.stream().map(String.class::cast).toList();
  }
}
