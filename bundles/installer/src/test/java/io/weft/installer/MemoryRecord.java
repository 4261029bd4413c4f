package io.weft.installer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the launcher keeps, without a file: the set, what it can go back to, and the history. */
final class MemoryRecord implements Function<Map<String, Object>, Map<String, Object>> {

  private final Path folder;
  private List<?> bundles = List.of();
  private List<?> previous = List.of();
  private final List<Map<String, Object>> history = new ArrayList<>();
  private Map<String, Object> change;

  MemoryRecord(Path folder) {
    this.folder = folder;
  }

  @Override
  public synchronized Map<String, Object> apply(Map<String, Object> request) {
    switch ((String) request.get("do")) {
      case "read" -> {
        Map<String, Object> state = new HashMap<>(Map.of("bundles", bundles, "previous", previous, "history", List.copyOf(history),
            "folder", folder.toString()));
        if (change != null) {
          state.put("change", change);
        }
        return state;
      }
      case "stage" -> {
        return Map.of("jar", stage(Path.of((String) request.get("file"))));
      }
      case "begin" -> {
        Object good = change == null ? bundles : change.get("good");
        close("replaced");
        previous = bundles;
        bundles = (List<?>) request.get("bundles");
        long id = history.size() + 1;
        change = Map.of("id", id, "applying", true, "good", good, "known", request.get("known"));
        history.add(Map.of("id", id, "at", request.get("at"), "what", request.get("what"), "outcome", "on trial"));
      }
      case "applied" -> {
        Map<String, Object> done = new HashMap<>(change);
        done.put("applying", false);
        change = change.containsKey("back") ? null : done;
      }
      case "keep" -> {
        close((String) request.get("outcome"));
        change = null;
      }
      case "back" -> {
        close((String) request.get("why"));
        boolean good = previous.equals(change.get("good"));
        List<?> next = previous;
        previous = good ? bundles : (List<?>) change.get("good");
        bundles = next;
        Map<String, Object> back = new HashMap<>(change);
        back.put("applying", true);
        back.put(good ? "back" : "again", true);
        change = back;
      }
      case "failing" -> bundles = RecordedBundle.list(bundles).stream().map(b -> !b.location().equals(request.get("location")) ? b
          : new RecordedBundle(b.location(), b.jar(), b.startLevel(), b.started(), (Integer) request.get("failures"),
              (String) request.get("quarantine"))).map(RecordedBundle::toMap).toList();
      default -> throw new AssertionError(request);
    }
    return Map.of();
  }

  private void close(String outcome) {
    if (change != null && !change.containsKey("again")) {
      int last = history.size() - 1;
      Map<String, Object> line = new HashMap<>(history.get(last));
      line.put("outcome", outcome);
      history.set(last, line);
    }
  }

  private String stage(Path jar) {
    try {
      String name = JarFacts.hash(jar) + ".jar";
      Files.createDirectories(folder);
      Files.write(folder.resolve(name), Files.readAllBytes(jar));
      return name;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
