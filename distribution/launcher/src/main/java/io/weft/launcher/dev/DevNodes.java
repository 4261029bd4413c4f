package io.weft.launcher.dev;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import io.weft.launcher.control.ControlCommands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * One node with the plugin, or two that are linked, in {@code target/nodes}; each with what is in {@code src/node} of the project. They end with
 * this process, however that happens.
 */
final class DevNodes implements AutoCloseable {

  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final Duration END_MAX = Duration.ofSeconds(12);

  private final Dist dist;
  private final Path project;
  private final int port;
  private final List<String> names;
  private final Map<String, Process> running = new LinkedHashMap<>();

  DevNodes(Dist dist, Path project, int nodes, int port) {
    this.dist = dist;
    this.project = project;
    this.port = port;
    this.names = List.of("a", "b").subList(0, nodes);
  }

  Path folder() {
    return project.resolve("target/nodes");
  }

  Path home(String name) {
    return folder().resolve(name);
  }

  /** Returns when all are ready. */
  void start() throws Failure, IOException, InterruptedException {
    for (String name : names) {
      prepare(name);
    }
    for (String name : names) {
      ProcessBuilder builder = weft("run", "--home", home(name).toString(), "--exit-on-eof");
      builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
      running.put(name, builder.start());
    }
    for (String name : names) {
      awaitReady(name);
    }
  }

  private void prepare(String name) throws Failure, IOException, InterruptedException {
    if (Files.exists(home(name).resolve("conf/weft.yaml"))) {
      return;
    }
    boolean first = name.equals("a");
    List<String> words = new ArrayList<>(List.of("init", "--home", home(name).toString(), "--name", name, "--fabric", "dev",
        "--listen", "127.0.0.1:" + (first ? port : port + 1), "--peer", first ? "b=127.0.0.1:" + (port + 1) : "a=127.0.0.1:" + port));
    if (!first) {
      words.addAll(List.of("--formation-from", home("a").resolve("conf/secrets/formation").toString()));
    }
    Process process = weft(words.toArray(String[]::new)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new Failure(Failure.CHECK, "node " + name + " cannot be made: " + said);
    }
    Files.writeString(home(name).resolve("conf/weft.yaml"), "plugins: {unsigned: allow} # nobody has signed what was built a moment ago\n",
        StandardOpenOption.APPEND);
    copy(project.resolve("src/node"), home(name));
  }

  /** Not its sections of weft.yaml: a node refuses what no bundle knows. */
  private static void copy(Path from, Path home) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).filter(file -> !file.equals(from.resolve("weft.yaml"))).toList()) {
        Path to = home.resolve(from.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
  }

  /** Once the plugin is there, the running node takes its sections; they are written once, so that what an author changes there stays. */
  private void configure(String name) throws IOException {
    Path ours = project.resolve("src/node/weft.yaml");
    Path config = home(name).resolve("conf/weft.yaml");
    Path done = home(name).resolve("configured");
    if (Files.exists(ours) && !Files.exists(done)) {
      Path next = home(name).resolve("weft.yaml.next"); // moved, so that nobody reads half of it
      Files.writeString(next, Files.readString(config) + Files.readString(ours));
      Files.move(next, config, StandardCopyOption.ATOMIC_MOVE);
      Files.createFile(done);
    }
  }

  private void awaitReady(String name) throws Failure {
    long end = System.nanoTime() + START_MAX.toNanos();
    while (true) {
      Process process = running.get(name);
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new Failure(Failure.CHECK, "node " + name + " does not start; see " + log(name));
      }
      try {
        if (ask(name, "health:check", "--json").out().contains("{")) {
          return;
        }
      } catch (Failure notYet) {
        // nobody listens there yet
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** Installs the plugin in each node, or replaces the one that is there. Returns when all have it. */
  void give(Path jar) throws Failure, IOException {
    String symbolicName;
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      symbolicName = file.getManifest().getMainAttributes().getValue("Bundle-SymbolicName").replaceFirst(";.*", "").strip();
    }
    for (String name : names) {
      boolean there = ask(name, "bundle:show", symbolicName).code() == 0;
      Answer answer = there ? ask(name, "bundle:update", symbolicName, jar.toUri().toString(), "--yes")
          : ask(name, "bundle:install", jar.toUri().toString());
      if (answer.code() != 0) {
        throw new Failure(Failure.CHECK, "node " + name + ": " + answer.err());
      }
      configure(name);
    }
  }

  private record Answer(int code, String out, String err) {}

  private Answer ask(String name, String... words) throws Failure {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = ControlCommands.exec(new Home(home(name), home(name).resolve("conf/weft.yaml")), List.of(words), out, err);
    return new Answer(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8).strip());
  }

  private Path log(String name) {
    return home(name).resolve("node.log");
  }

  private ProcessBuilder weft(String... words) {
    List<String> all = new ArrayList<>(List.of(dist.dir().resolve("bin/weft").toString()));
    all.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  /** Their homes stay, with their logs: the next start goes on with them. Nothing happens the second time. */
  @Override
  public synchronized void close() {
    running.values().forEach(Process::destroy);
    for (Process process : running.values()) {
      try {
        if (!process.waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    running.clear();
  }
}
