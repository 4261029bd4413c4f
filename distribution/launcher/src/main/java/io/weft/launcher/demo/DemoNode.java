package io.weft.launcher.demo;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import io.weft.launcher.control.ControlCommands;
import io.weft.support.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One node: a process started as an operator would start it, asked through its control socket. */
final class DemoNode {

  /**
   * A link as {@code weft status} shows it.
   *
   * @param way {@code direct} or {@code relayed}; empty while there is none
   * @param to where packets go now
   */
  record LinkStatus(String peer, String state, String since, String way, String to) {

    boolean isUp(String wantedWay) {
      return state.equals("up") && way.equals(wantedWay);
    }
  }

  /** What a command printed and how it ended. */
  record Answer(int code, String out, String err) {}

  private static final Duration POLL = Duration.ofMillis(10);

  private final Dist dist;
  private final String name;
  private final Home home;
  private final List<String> prefix;
  private String features = "";
  private Process process;

  /** @param prefix words before the command, such as those that enter a namespace; they must {@code exec} the rest */
  DemoNode(Dist dist, String name, Path dir, List<String> prefix) {
    this.dist = dist;
    this.name = name;
    this.prefix = prefix;
    this.home = new Home(dir, dir.resolve("conf/weft.yaml"));
  }

  String name() {
    return name;
  }

  /** Other features than a node has by default, with commas. */
  DemoNode features(String list) {
    features = list;
    return this;
  }

  /** Puts a bundle into the deploy folder, as an operator would. */
  void deploy(Path bundle) throws IOException {
    Files.createDirectories(home.deploy());
    Files.copy(bundle, home.deploy().resolve(bundle.getFileName()));
  }

  Home home() {
    return home;
  }

  Path log() {
    return home.dir().resolve("node.log");
  }

  /** 32 random bytes, in hex. */
  static String newSecret() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random) + "\n";
  }

  /** @param secretsByName what {@code secret:file/NAME} leads to */
  void configure(String yaml, Map<String, String> secretsByName) throws IOException {
    FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Path secrets = home.dir().resolve("conf/secrets");
    Files.createDirectories(secrets, ownerOnly);
    for (Map.Entry<String, String> secret : secretsByName.entrySet()) {
      Path file = Files.createFile(secrets.resolve(secret.getKey()),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, secret.getValue());
    }
    Files.writeString(home.config(), yaml);
  }

  /** The node ends when this process does, however that happens: its standard input is a pipe from here. */
  void start() throws IOException {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(List.of(dist.dir().resolve("bin/weft").toString(), "run", "--home", home.dir().toString(), "--exit-on-eof"));
    words.addAll(features.isEmpty() ? List.of() : List.of("--features", features));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    process = builder.start();
  }

  long pid() {
    return process.pid();
  }

  /** SIGKILL: no goodbye. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void terminate() {
    if (process != null) {
      process.destroy();
    }
  }

  /** Waits for the end after {@link #terminate}, then insists. */
  void awaitEnd(Duration most) {
    if (process == null) {
      return;
    }
    try {
      if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  Answer ask(String... words) throws Failure {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = ControlCommands.exec(home, List.of(words), out, err);
    return new Answer(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8).strip());
  }

  /** Like {@link #ask}, but anything other than success ends the step. */
  String must(String... words) throws DemoFailed {
    String command = "weft " + String.join(" ", words) + " on " + name;
    try {
      Answer answer = ask(words);
      if (answer.code() != 0) {
        throw new DemoFailed(command + " ended with " + answer.code() + ": " + answer.err());
      }
      return answer.out();
    } catch (Failure e) {
      throw new DemoFailed(command + ": " + e.getMessage());
    }
  }

  /** {@code weft status --json}, or empty while nobody answers. */
  Optional<Map<?, ?>> status() {
    try {
      Answer answer = ask("status", "--json");
      return JsonReader.read(answer.out()) instanceof Map<?, ?> map ? Optional.of(map) : Optional.empty();
    } catch (Failure | IllegalArgumentException notYet) {
      return Optional.empty();
    }
  }

  String state() {
    return status().map(status -> status.get("node") instanceof Map<?, ?> node ? String.valueOf(node.get("state")) : "").orElse("");
  }

  Optional<LinkStatus> link(String peer) {
    return status().stream().flatMap(status -> status.get("links") instanceof List<?> links ? links.stream() : java.util.stream.Stream.empty())
        .map(entry -> (Map<?, ?>) entry)
        .map(link -> new LinkStatus(text(link, "peer"), text(link, "state"), text(link, "since"), ofPath(link, "type"), ofPath(link, "address")))
        .filter(link -> link.peer().equals(peer)).findFirst();
  }

  private static String ofPath(Map<?, ?> link, String key) {
    return link.get("path") instanceof Map<?, ?> path ? text(path, key) : "";
  }

  private static String text(Map<?, ?> map, String key) {
    return String.valueOf(map.get(key));
  }

  boolean isLinked(String peer) {
    return link(peer).map(link -> link.state().equals("up")).orElse(false);
  }

  /** A condition that is asked again and again. */
  interface Condition {
    boolean holds() throws DemoFailed;
  }

  void await(String what, Duration most, Condition condition) throws DemoFailed {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.holds()) {
      if (!process.isAlive()) {
        throw new DemoFailed("node " + name + " ended with " + process.exitValue() + ": " + lastLogLine());
      }
      if (System.nanoTime() - end > 0) {
        throw new DemoFailed("no " + what + " within " + most.toSeconds() + " s; " + name + " says: " + lastLogLine());
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private String lastLogLine() {
    try {
      List<String> lines = Files.readAllLines(log());
      return lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
    } catch (IOException e) {
      return "nothing (" + e.getMessage() + ")";
    }
  }
}
