package io.weft.launcher.framework;

import io.weft.support.Json;
import io.weft.support.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what operators installed, with the jars, outside of the framework's cache: whatever happens to the cache, the next start has
 * them again. Written before the command that installed something returns.
 */
final class OperatorBundles implements SynchronousBundleListener {

  /** @param jar name in {@code data/installed} */
  private record Entry(String location, String jar, int startLevel, boolean started) {}

  private static final Logger log = LoggerFactory.getLogger(OperatorBundles.class);

  private final BundleContext context;
  private final Path journal;
  private final Path jars;
  private final Path cache;
  private final Predicate<String> isOperators;
  // By location; guarded by this. Events come on the thread of whoever changes a bundle.
  private final Map<String, Entry> entries = new TreeMap<>();

  /** @param isOperators whether a location is an operator's rather than a feature's or the deploy folder's */
  OperatorBundles(BundleContext context, Path data, Predicate<String> isOperators) {
    this.context = context;
    this.journal = data.resolve("installed.json");
    this.jars = data.resolve("installed");
    this.cache = data.resolve("framework");
    this.isOperators = isOperators;
  }

  /** Installs again what the journal knows and the framework lost, then listens for changes. */
  synchronized void open() throws IOException {
    Files.createDirectories(jars);
    for (Entry entry : read()) {
      if (!isOperators.test(entry.location())) {
        continue; // it has come into a feature
      }
      entries.put(entry.location(), entry);
      if (context.getBundle(entry.location()) == null) {
        restore(entry);
      }
    }
    for (Bundle bundle : context.getBundles()) {
      if (bundle.getBundleId() != 0 && isOperators.test(bundle.getLocation()) && !entries.containsKey(bundle.getLocation())) {
        remember(bundle, true);
      }
    }
    removeOrphans();
    context.addBundleListener(this);
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    Bundle bundle = event.getBundle();
    boolean leaving = context.getBundle(0).getState() == Bundle.STOPPING;
    if (leaving || bundle.getBundleId() == 0 || !isOperators.test(bundle.getLocation())) {
      return;
    }
    switch (event.getType()) {
      case BundleEvent.INSTALLED, BundleEvent.UPDATED -> change(() -> remember(bundle, true));
      case BundleEvent.STARTED, BundleEvent.STOPPED -> change(() -> remember(bundle, false));
      case BundleEvent.UNINSTALLED -> change(() -> forget(bundle.getLocation()));
      default -> {
        // resolving changes nothing that must survive
      }
    }
  }

  private interface Change {
    void run() throws IOException;
  }

  private synchronized void change(Change change) {
    try {
      change.run();
    } catch (IOException e) {
      log.warn("journal of installed bundles not written file={} consequence={}", journal,
          "what was just changed may be lost if the bundle cache is", e);
    }
  }

  private void remember(Bundle bundle, boolean contentChanged) throws IOException {
    String location = bundle.getLocation();
    Entry before = entries.get(location);
    String jar = before == null ? null : before.jar();
    if (contentChanged || jar == null) {
      jar = keep(bundle);
    }
    BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
    Entry entry = new Entry(location, jar, level.getStartLevel(), level.isPersistentlyStarted());
    if (!entry.equals(before)) {
      entries.put(location, entry);
      write();
    }
    if (before != null && before.jar() != null && !before.jar().equals(jar)) {
      Files.deleteIfExists(jars.resolve(before.jar()));
    }
  }

  private void forget(String location) throws IOException {
    Entry entry = entries.remove(location);
    write();
    if (entry != null && entry.jar() != null) {
      Files.deleteIfExists(jars.resolve(entry.jar()));
    }
  }

  /** Links (or copies) the framework's own copy of the jar; null if the framework keeps none, as for {@code reference:} locations. */
  private String keep(Bundle bundle) throws IOException {
    Path dir = cache.resolve("bundle" + bundle.getBundleId());
    Path newest = null;
    try (Stream<Path> found = Files.walk(dir, 2)) {
      newest = found.filter(path -> path.getFileName().toString().equals("bundle.jar"))
          .max(java.util.Comparator.comparingLong(path -> path.toFile().lastModified())).orElse(null);
    } catch (NoSuchFileException e) {
      log.debug("no cached jar bundle={}", bundle.getLocation());
    }
    if (newest == null) {
      return null;
    }
    String name = bundle.getBundleId() + "-" + newest.getParent().getFileName() + "-" + newest.toFile().lastModified() + ".jar";
    Path copy = jars.resolve(name);
    if (!Files.exists(copy)) {
      Path next = jars.resolve(name + ".next");
      Files.copy(newest, next, StandardCopyOption.REPLACE_EXISTING);
      Files.move(next, copy, StandardCopyOption.ATOMIC_MOVE);
    }
    return name;
  }

  private void restore(Entry entry) {
    Path jar = entry.jar() == null ? null : jars.resolve(entry.jar());
    try {
      Bundle bundle;
      if (jar == null) {
        bundle = context.installBundle(entry.location());
      } else {
        try (InputStream in = Files.newInputStream(jar)) {
          bundle = context.installBundle(entry.location(), in);
        }
      }
      bundle.adapt(BundleStartLevel.class).setStartLevel(entry.startLevel());
      if (entry.started()) {
        bundle.start(Bundle.START_ACTIVATION_POLICY);
      }
      log.warn("installed bundle restored location={} because={}", entry.location(), "the bundle cache had lost it");
    } catch (IOException | BundleException e) {
      log.warn("installed bundle lost location={} do={}", entry.location(), "install it again", e);
    }
  }

  private void removeOrphans() throws IOException {
    Set<String> used = new HashSet<>();
    entries.values().forEach(entry -> used.add(String.valueOf(entry.jar())));
    try (Stream<Path> list = Files.list(jars)) {
      for (Path path : list.toList()) {
        if (!used.contains(path.getFileName().toString())) {
          Files.delete(path);
        }
      }
    }
  }

  private List<Entry> read() {
    try {
      List<Entry> read = new ArrayList<>();
      for (Object item : (List<?>) ((Map<?, ?>) JsonReader.read(Files.readString(journal))).get("bundles")) {
        Map<?, ?> map = (Map<?, ?>) item;
        read.add(new Entry((String) map.get("location"), (String) map.get("jar"), ((Long) map.get("startLevel")).intValue(),
            (Boolean) map.get("started")));
      }
      return read;
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | IllegalArgumentException | ClassCastException | NullPointerException e) {
      log.warn("journal of installed bundles unreadable file={} consequence={}", journal, "it is made anew from the bundle cache", e);
      return List.of();
    }
  }

  private void write() throws IOException {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Entry entry : entries.values()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("location", entry.location());
      map.put("jar", entry.jar());
      map.put("startLevel", entry.startLevel());
      map.put("started", entry.started());
      list.add(map);
    }
    AtomicFile.write(journal, Json.compact(Map.of("bundles", list)) + "\n");
  }
}
