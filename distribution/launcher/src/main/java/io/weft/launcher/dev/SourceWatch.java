package io.weft.launcher.dev;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Waits for changes of what a plugin is built from: {@code src/main}, {@code pom.xml}, {@code bnd.bnd}. Not thread-safe. */
final class SourceWatch implements AutoCloseable {

  /** @param nanos when it was seen, as {@link System#nanoTime} */
  record Change(Path file, long nanos) {}

  /** An editor that saves writes several files, one after another. */
  private static final long QUIET_MILLIS = 60;

  private static final Set<String> AT_TOP = Set.of("pom.xml", "bnd.bnd");

  private final Path project;
  private final WatchService service;

  private SourceWatch(Path project, WatchService service) {
    this.project = project;
    this.service = service;
  }

  static SourceWatch of(Path project) throws IOException {
    SourceWatch watch = new SourceWatch(project, project.getFileSystem().newWatchService());
    watch.add(project);
    watch.tree(project.resolve("src/main"));
    return watch;
  }

  /** Blocks until something has changed, and then for a moment until nothing more does. */
  Change await() throws InterruptedException, IOException {
    Optional<Change> first = Optional.empty();
    while (first.isEmpty()) {
      first = read(service.take());
    }
    WatchKey more = service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
    while (more != null) {
      read(more);
      more = service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
    }
    return first.get();
  }

  /** The first change that matters; folders that are new are watched from now on. */
  private Optional<Change> read(WatchKey key) throws IOException {
    long now = System.nanoTime();
    Optional<Change> first = Optional.empty();
    Path folder = (Path) key.watchable();
    for (WatchEvent<?> event : key.pollEvents()) {
      if (!(event.context() instanceof Path name)) { // an overflow: something has changed, nobody knows what
        first = first.or(() -> Optional.of(new Change(project.getFileName(), now)));
        continue;
      }
      Path file = folder.resolve(name);
      if (Files.isDirectory(file)) {
        if (!folder.equals(project)) {
          tree(file);
        }
      } else if (matters(folder, name.toString())) {
        first = first.or(() -> Optional.of(new Change(project.relativize(file), now)));
      }
    }
    key.reset();
    return first;
  }

  /** Not what editors keep beside a file while it is open. */
  private boolean matters(Path folder, String name) {
    return folder.equals(project) ? AT_TOP.contains(name)
        : !name.startsWith(".") && !name.endsWith("~") && !name.endsWith(".swp") && !name.equals("4913");
  }

  private void tree(Path top) throws IOException {
    List<Path> folders;
    try (Stream<Path> files = Files.walk(top)) {
      folders = files.filter(Files::isDirectory).toList();
    }
    for (Path folder : folders) {
      add(folder);
    }
  }

  private void add(Path folder) throws IOException {
    folder.register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE);
  }

  @Override
  public void close() throws IOException {
    try {
      service.close();
    } catch (ClosedWatchServiceException e) {
      // closed twice is closed
    }
  }
}
