package io.weft.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command line of this machine, with a bound on its time. */
public final class Command {

  private final List<String> words;
  private final Map<String, String> environment = new HashMap<>();
  private Duration most = Duration.ofSeconds(60);
  private Path directory = Path.of(".");

  /** What came of it. */
  public record Result(int exitCode, String out, String err) {

    /** Standard output, if it ended well; else an error that shows all of it. */
    public String orFail() {
      if (exitCode != 0) {
        throw new AssertionError("exit code " + exitCode + "\n" + out + "\n" + err);
      }
      return out;
    }
  }

  private Command(List<String> words) {
    this.words = words;
  }

  public static Command of(String... words) {
    return of(Arrays.asList(words));
  }

  public static Command of(List<String> words) {
    return new Command(new ArrayList<>(words));
  }

  public Command within(Duration most) {
    this.most = most;
    return this;
  }

  public Command in(Path directory) {
    this.directory = directory;
    return this;
  }

  public Command env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Starts it; all its output goes to the end of the file. The caller ends it. */
  public Process start(Path log) {
    try {
      return builder().redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs it to its end, or kills it when the time is over, which is an error. */
  public Result run() {
    try {
      Path out = Files.createTempFile("out", null);
      Path err = Files.createTempFile("err", null);
      try {
        Process process = builder().redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly().waitFor();
        }
        Result result = new Result(process.exitValue(), read(out), read(err));
        if (!ended) {
          throw new AssertionError(this + " did not end within " + most + "\n" + result.out() + "\n" + result.err());
        }
        return result;
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while running " + this, e);
    }
  }

  private ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
    builder.environment().putAll(environment);
    return builder;
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
