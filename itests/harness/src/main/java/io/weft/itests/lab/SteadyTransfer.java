package io.weft.itests.lab;

import io.weft.itests.net.Steady;
import io.weft.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Bytes that flow from a server at one node to a reader at another while the test does something to the network; checked one by one. */
public final class SteadyTransfer implements AutoCloseable {

  private final Process server;
  private final Process reader;
  private final BufferedReader answers;

  private record Told(long bytes, long pauseMillis) {}

  private SteadyTransfer(Process server, Process reader) {
    this.server = server;
    this.reader = reader;
    this.answers = reader.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts both ends; the port is that of the service at its node, and of the forward at the other. */
  static SteadyTransfer start(Lab lab, String from, String to, int port, double megabytesPerSecond) {
    Process server = program(lab, from, "serve", port, Double.toString(megabytesPerSecond));
    try {
      if (!"listening".equals(server.inputReader(StandardCharsets.UTF_8).readLine())) {
        throw new AssertionError("the server at " + from + " did not start");
      }
      SteadyTransfer transfer = new SteadyTransfer(server, program(lab, to, "read", port));
      transfer.awaitMore(1 << 20, Duration.ofSeconds(60));
      return transfer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process program(Lab lab, String node, String verb, int port, String... more) {
    List<String> words = new ArrayList<>(lab.inside(node));
    words.addAll(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx32m", "-XX:+UseSerialGC", "-cp",
        Path.of(Steady.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString(), Steady.class.getName(), verb,
        "127.0.0.1", Integer.toString(port)));
    words.addAll(List.of(more));
    try {
      return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes that arrived and were right. */
  public long bytes() {
    return ask().bytes;
  }

  /** The longest time without a byte since this was last asked. */
  public Duration longestPause() {
    return Duration.ofMillis(ask().pauseMillis);
  }

  /** Waits until so many more bytes arrived. */
  public void awaitMore(long more, Duration most) {
    long from = bytesKeepingPause();
    Await.until(more + " more bytes", most, () -> bytesKeepingPause() >= from + more);
  }

  private long kept;

  private long bytesKeepingPause() {
    Told told = tell();
    kept = Math.max(kept, told.pauseMillis);
    return told.bytes;
  }

  private Told ask() {
    Told told = tell();
    long pause = Math.max(kept, told.pauseMillis);
    kept = 0;
    return new Told(told.bytes, pause);
  }

  private Told tell() {
    try {
      reader.getOutputStream().write('\n');
      reader.getOutputStream().flush();
      return parse(answers.readLine());
    } catch (IOException e) {
      throw new AssertionError("the transfer ended: " + lastWords(), e);
    }
  }

  private static Told parse(String line) {
    if (line == null || line.startsWith("wrong")) {
      throw new AssertionError("the transfer broke: " + line);
    }
    String[] words = line.replace("whole ", "").split(" ");
    return new Told(Long.parseLong(words[0]), Long.parseLong(words[1]));
  }

  private String lastWords() {
    return String.join(" | ", answers.lines().toList());
  }

  /** Ends it; fails if a byte was lost, doubled or changed, or the connection broke before. Returns how many there were. */
  public long endWhole() {
    try {
      reader.getOutputStream().close();
      String last = answers.lines().reduce((a, b) -> b).orElse("nothing");
      if (!last.startsWith("whole")) {
        throw new AssertionError("the transfer broke: " + last);
      }
      return parse(last).bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    reader.destroyForcibly();
    server.destroyForcibly();
  }
}
