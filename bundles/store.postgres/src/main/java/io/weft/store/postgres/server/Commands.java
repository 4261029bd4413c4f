package io.weft.store.postgres.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs to their end, with an environment that nothing of ours is in. */
final class Commands {

  private static final int OUTPUT_MAX = 4_000;
  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL", "C", "TZ", "UTC");

  private final Path directory;

  /** @param directory holds what they write */
  Commands(Path directory) {
    this.directory = directory;
  }

  /** How a program ended, and the end of what it wrote. */
  record Result(int exit, String output) {

    boolean isOk() {
      return exit == 0;
    }

    /** The last line, for people. */
    String lastLine() {
      return output.lines().map(String::strip).filter(line -> !line.isEmpty()).reduce((a, b) -> b).orElse("it says nothing");
    }
  }

  Result run(Duration most, List<String> words) throws ServerFailed {
    try {
      Path output = Files.createTempFile(directory, "output-", ".txt");
      try {
        return new Result(await(builder(words, output).start(), most, words.get(0)), tail(output));
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new ServerFailed("cannot run " + words.get(0) + ": " + e.getMessage(), e);
    }
  }

  /** To its end: none is left behind. */
  private static int await(Process process, Duration most, String name) throws IOException, ServerFailed {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ServerFailed(name + " takes longer than " + most.toSeconds() + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerFailed("interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** A program that writes to a file, which is made empty first. */
  static ProcessBuilder builder(List<String> words, Path output) {
    ProcessBuilder builder = new ProcessBuilder(words).directory(Path.of("/").toFile())
        .redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    return builder;
  }

  /** The end of a file, or nothing if it cannot be read. */
  static String tail(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      return "";
    }
    String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return all.substring(Math.max(0, all.length() - OUTPUT_MAX));
  }
}
