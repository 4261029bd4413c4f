package io.weft.launcher.framework;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.support.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The class-data archive: what the JVM would parse and verify at each start, ready to map. Made by a trial run of a node in a temporary home,
 * per JVM build and installation; {@code bin/weft} knows its name and uses it if it is there.
 */
public final class Archive {

  /** After a start, so that making one never competes with it. */
  private static final Duration DELAY = Duration.ofSeconds(30);

  private static final int KEPT = 4;
  private static final Duration TRIAL_MAX = Duration.ofSeconds(120);
  private static final FileAttribute<?> OWNER_ONLY = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final Logger log = LoggerFactory.getLogger(Archive.class);

  private Archive() {}

  /** Makes one a while after this start, if {@code bin/weft} found none; in a process of its own, with the lowest priority. */
  static void makeLater(Dist dist) {
    if (System.getProperty("weft.archive") == null) {
      return;
    }
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(body -> {
      Thread thread = new Thread(body, "weft-launcher-archive");
      thread.setDaemon(true);
      return thread;
    });
    timer.schedule(() -> {
      try {
        Process process = weft(dist, List.of("archive")).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "weft-launcher-archive-end"));
        log.debug("class-data archive made code={}", process.waitFor());
      } catch (IOException e) {
        log.info("class-data archive not made reason={}", e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        timer.shutdown();
      }
    }, DELAY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** {@code weft archive}. */
  public static int command(Dist dist, List<String> words, PrintStream out) throws Failure {
    boolean json = words.equals(List.of("--json"));
    if (!words.isEmpty() && !json) {
      throw Failure.usage("weft archive does not know '" + words.get(0) + "'; see weft archive --help");
    }
    String name = System.getProperty("weft.archive");
    if (name == null) {
      out.println(json ? Json.compact(Map.of("made", false)) : "there is one already");
      return 0;
    }
    Path archive = Path.of(name);
    try {
      Files.createDirectories(archive.getParent(), OWNER_ONLY);
      Path lockFile = archive.resolveSibling("lock");
      try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        if (lock == null) {
          throw new Failure(Failure.PRECONDITION, "somebody else is making one now (" + lockFile + ")");
        }
        if (!Files.exists(archive)) {
          make(dist, archive);
        }
      }
      long bytes = Files.size(archive);
      out.println(json ? Json.compact(new TreeMap<>(Map.of("made", true, "archive", name, "bytes", bytes)))
          : "made " + archive + " (" + bytes / 1_000_000 + " MB)");
      return 0;
    } catch (IOException e) {
      throw new Failure(Failure.CHECK, "cannot make " + archive + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw new Failure(Failure.CHECK, "interrupted", e);
    }
  }

  private static void make(Dist dist, Path archive) throws IOException, InterruptedException, Failure {
    Path next = archive.resolveSibling(archive.getFileName() + ".next");
    Files.deleteIfExists(next);
    Path home = Files.createTempDirectory("weft-archive-");
    AtomicReference<Process> trialRun = new AtomicReference<>();
    Thread cleaner = new Thread(() -> endAndClean(trialRun.get(), home, next), "weft-launcher-archive-clean");
    Runtime.getRuntime().addShutdownHook(cleaner);
    try {
      Path secrets = home.resolve("conf/secrets");
      Files.createDirectories(secrets, OWNER_ONLY);
      Files.writeString(secrets.resolve("formation"), "only for this trial run of an archive\n", StandardCharsets.US_ASCII);
      Files.setPosixFilePermissions(secrets.resolve("formation"), PosixFilePermissions.fromString("rw-------"));
      Files.writeString(home.resolve("conf/weft.yaml"), """
          fabric: archive
          node: {name: a}
          identity: {formation: "secret:file/formation"}
          transport.quic: {listen: "127.0.0.1:0"}
          """);
      Path output = home.resolve("output");
      ProcessBuilder trial = weft(dist, List.of("run", "--home", home.toString(), "--exit-when-ready"));
      trial.environment().merge("WEFT_JAVA_OPTS", "-XX:ArchiveClassesAtExit=" + next, (given, ours) -> given + " " + ours);
      Process process = trial.redirectErrorStream(true).redirectOutput(output.toFile()).start();
      trialRun.set(process);
      try {
        if (!process.waitFor(TRIAL_MAX.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0 || !Files.exists(next)) {
          throw new Failure(Failure.CHECK, "the trial run failed: " + lastLine(output));
        }
      } finally {
        process.destroyForcibly();
      }
      Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
      Files.move(next, archive, StandardCopyOption.ATOMIC_MOVE);
      prune(archive.getParent());
    } finally {
      clean(home, next);
    }
  }

  /** Archives of versions that are gone; the newest few stay, for those who have several JVMs or installations. */
  private static void prune(Path dir) throws IOException {
    try (Stream<Path> list = Files.list(dir)) {
      List<Path> old = list.filter(path -> path.toString().endsWith(".jsa"))
          .sorted(Comparator.comparingLong((Path path) -> path.toFile().lastModified()).reversed()).skip(KEPT).toList();
      for (Path path : old) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** In this order, or what still runs would write into what is deleted. */
  private static void endAndClean(Process trialRun, Path home, Path next) {
    try {
      if (trialRun != null) {
        trialRun.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    clean(home, next);
  }

  private static void clean(Path home, Path next) {
    try {
      Files.deleteIfExists(next);
      Trees.delete(home);
    } catch (IOException e) {
      log.warn("temporary files left home={} archive={} reason={}", home, next, e.getMessage());
    }
  }

  private static String lastLine(Path output) throws IOException {
    List<String> lines = Files.readAllLines(output);
    return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
  }

  private static ProcessBuilder weft(Dist dist, List<String> words) {
    List<String> command = new java.util.ArrayList<>(List.of("nice", "-n", "19", dist.dir().resolve("bin/weft").toString()));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return builder;
  }
}
