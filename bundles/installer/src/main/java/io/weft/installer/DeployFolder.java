package io.weft.installer;

import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.plugin.InstalledPlugin;
import io.weft.plugin.PluginPlan;
import io.weft.plugin.PluginRefused;
import io.weft.support.wiring.Origin;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code deploy}: a jar in it is a wish to have it run. Looks once a second; when the files rest, all that is new, other or gone
 * becomes one change, which goes the way of every other. On its own thread, since a change may take its time.
 */
final class DeployFolder {

  static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  static final int FILES_MAX = 256;
  /** What was refused is tried again when something changes that may help, and after this many looks. */
  static final int LOOKS_UNTIL_AGAIN = 60;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+@ -]{0,200}\\.jar");
  private static final Logger log = LoggerFactory.getLogger(DeployFolder.class);

  private record Refused(String stamp, String reason) {}

  private final Path folder;
  private final Drops drops;
  private final Intake intake;
  private final Planner planner;
  private final SetRecord record;
  private final Changes changes;
  private final Supplier<String> trusted;
  private final Timers timers;
  private final Worker worker = new Worker("deploy");
  // By name of the file; written on the worker alone.
  private final Map<String, Refused> refused = new ConcurrentSkipListMap<>();
  // These belong to the worker. The files of the last look, by how they looked; null before the first.
  private @Nullable Map<String, String> last;
  private String circumstances = "";
  private int looks;
  private volatile @Nullable Registration next;
  private volatile boolean closed;

  /** @param trusted changes whenever somebody else is trusted */
  DeployFolder(Path home, Intake intake, Planner planner, SetRecord record, Changes changes, Supplier<String> trusted, Timers timers) {
    this.folder = home.resolve("deploy");
    this.drops = new Drops(home.resolve("data/deploy.json"));
    this.intake = intake;
    this.planner = planner;
    this.record = record;
    this.changes = changes;
    this.trusted = trusted;
    this.timers = timers;
  }

  void open() {
    worker.execute(this::look);
  }

  /** What is under way goes on to its end, or to the next place where it can be interrupted. */
  void close() {
    closed = true;
    Registration pending = next;
    if (pending != null) {
      pending.close();
    }
    worker.close(); // first, so that what was brought is noted
    drops.close();
  }

  /**
   * Takes note of what was brought before the process ended, so that it does not come again should it be taken back. Before the plugins start:
   * one of them may end the process once more.
   */
  void takeNote() {
    try {
      RecordedState state = record.read();
      Map<String, String> there = new TreeMap<>();
      for (Map.Entry<String, String> file : files().entrySet()) {
        Optional<Path> jar = drops.isKnown(file.getKey(), file.getValue()) ? Optional.empty()
            : state.at(Origin.deploy.location(file.getKey())).flatMap(state::jar);
        if (jar.isPresent() && Files.mismatch(jar.get(), folder.resolve(file.getKey())) == -1) {
          there.put(file.getKey(), file.getValue());
        }
      }
      drops.seenTo(there, Set.of());
    } catch (IOException | PluginRefused e) {
      log.warn("deploy folder not compared dir={} reason=\"{}\"", folder, e.getMessage());
    }
  }

  private void look() {
    if (closed) {
      return;
    }
    try {
      Map<String, String> now = files();
      boolean rests = last == null || last.equals(now);
      last = now;
      if (rests) {
        follow(now);
      }
    } catch (IOException | PluginRefused e) {
      log.warn("deploy folder not followed dir={} reason=\"{}\"", folder, e.getMessage());
    } finally {
      if (!closed) {
        next = timers.after(LOOK_EVERY, worker, this::look);
      }
    }
  }

  /** Its jars, and how they look. */
  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path file : found) {
        stamp(file).filter(stamp -> files.size() < FILES_MAX).ifPresent(stamp -> files.put(file.getFileName().toString(), stamp));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return files;
  }

  /** Empty if it is no file, or none any more. */
  private static Optional<String> stamp(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? Optional.of(attributes.size() + " " + attributes.lastModifiedTime().toMillis() + " " + attributes.fileKey()) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private void follow(Map<String, String> now) throws PluginRefused {
    RecordedState state = record.read();
    refused.keySet().removeIf(name -> !now.containsKey(name) && !drops.names().contains(name));
    String current = state.basis() + " " + trusted.get();
    boolean again = !current.equals(circumstances) || ++looks >= LOOKS_UNTIL_AGAIN;
    Map<String, String> put = new TreeMap<>(now);
    put.entrySet().removeIf(file -> drops.isKnown(file.getKey(), file.getValue()) || !again && isRefused(file));
    Set<String> gone = new HashSet<>(drops.names());
    gone.removeAll(now.keySet());
    if (!again) {
      gone.removeAll(refused.keySet());
    }
    if (!put.isEmpty() || !gone.isEmpty()) {
      circumstances = current;
      looks = 0;
      follow(put, gone, state);
    }
  }

  private boolean isRefused(Map.Entry<String, String> file) {
    Refused before = refused.get(file.getKey());
    return before != null && before.stamp().equals(file.getValue());
  }

  private void follow(Map<String, String> put, Set<String> gone, RecordedState state) {
    Set<String> going = gone.stream().map(Origin.deploy::location).collect(Collectors.toSet());
    List<Target> targets = new ArrayList<>();
    gone.forEach(name -> planner.gone(Origin.deploy.location(name), state).ifPresent(targets::add));
    Map<String, String> good = new TreeMap<>(put);
    put.forEach((name, stamp) -> {
      try {
        Optional<Target> target = target(name, going, state);
        if (target.isPresent() && targets.stream().anyMatch(t -> t.facts().isPresent() && t.name().equals(target.get().name()))) {
          throw new PluginRefused(target.get().name() + " is in another file of the deploy folder, too");
        }
        target.ifPresent(targets::add);
      } catch (PluginRefused e) {
        good.remove(name);
        refuse(name, stamp, e);
      }
    });
    PluginPlan plan = targets.isEmpty() ? null : planner.plan(targets, state);
    if (plan != null && !plan.core().isEmpty() && put.size() + gone.size() > 1) {
      // Only what restarts a part of the node is in the way, and not what came with it.
      gone.forEach(name -> follow(Map.of(), Set.of(name), read(state)));
      good.forEach((name, stamp) -> follow(Map.of(name, stamp), Set.of(), read(state)));
      return;
    }
    try {
      if (plan != null) {
        changes.deploy(plan);
      }
      drops.seenTo(good, gone);
      refused.keySet().removeAll(good.keySet());
      refused.keySet().removeAll(gone);
    } catch (PluginRefused e) {
      if (!e.denied()) {
        circumstances = ""; // there may be nothing wrong with them but the time
      }
      good.forEach((name, stamp) -> refuse(name, stamp, e));
      gone.forEach(name -> refuse(name, "", e));
    }
  }

  private RecordedState read(RecordedState otherwise) {
    try {
      return record.read();
    } catch (PluginRefused e) {
      log.debug("record of plugins unreadable", e); // then the change is refused, because the set is another
      return otherwise;
    }
  }

  private Optional<Target> target(String name, Set<String> going, RecordedState state) throws PluginRefused {
    if (!NAME.matcher(name).matches()) {
      throw new PluginRefused("the name of the file has more than letters, digits, dots, dashes, blanks and _ + @");
    }
    return planner.drop(Origin.deploy.location(name), intake.take(folder.resolve(name).toString()), going, state);
  }

  private void refuse(String name, String stamp, PluginRefused why) {
    String reason = String.valueOf(why.getMessage());
    Refused before = refused.put(name, new Refused(stamp, reason));
    if (before == null || !before.reason().equals(reason)) {
      log.warn("plugin not deployed file=\"{}\" reason=\"{}\"", name.replaceAll("\\p{C}", "?"), reason);
    }
  }

  /** Files that brought no bundle, and why. */
  List<InstalledPlugin> notInstalled() {
    return refused.entrySet().stream().map(entry -> new InstalledPlugin(entry.getKey().replaceAll("\\p{C}", "?"), "", InstalledPlugin.NO_BUNDLE,
        "deploy", InstalledPlugin.State.failed, entry.getValue().reason(), 1)).toList();
  }

  /** Tries at once what was refused. */
  void again() {
    worker.execute(() -> {
      circumstances = "";
      last = null;
    });
  }
}
