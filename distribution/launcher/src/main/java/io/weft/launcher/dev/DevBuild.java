package io.weft.launcher.dev;

import io.weft.launcher.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Maven, as fast as it goes: without tests, and with the quick compiler of the JVM only, since it ends before the other one pays. */
final class DevBuild {

  private static final int LINES_MAX = 20;

  /** @param failed for people; of use only if there is no jar */
  record Outcome(Optional<Path> jar, String failed) {

    static Outcome built(Path jar) {
      return new Outcome(Optional.of(jar), "");
    }

    static Outcome failed(String why) {
      return new Outcome(Optional.empty(), why);
    }
  }

  private final Path project;
  private final Map<String, String> environment;

  DevBuild(Path project, Map<String, String> environment) {
    this.project = project;
    this.environment = environment;
  }

  /** Blocks until the build has ended. */
  Outcome run() throws IOException, InterruptedException {
    // MAVEN may hold options, too, as in the project's own script.
    List<String> words = new ArrayList<>(List.of(environment.getOrDefault("MAVEN", "mvn").strip().split("\\s+")));
    words.addAll(List.of("-q", "-B", "-Dmaven.test.skip=true", "package"));
    ProcessBuilder builder = new ProcessBuilder(words).directory(project.toFile()).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().merge("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC", (given, ours) -> ours + " " + given);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return Outcome.failed("there is no command '" + words.get(0) + "'; install Maven, or name it: MAVEN=/opt/maven/bin/mvn weft dev");
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      return Outcome.failed(errors(said));
    }
    return jar();
  }

  private Outcome jar() throws IOException {
    Path target = project.resolve("target");
    try (Stream<Path> files = Files.list(target)) {
      return files.filter(file -> file.toString().endsWith(".jar") && !file.toString().matches(".*-(sources|javadoc|tests)\\.jar"))
          .max(Comparator.comparingLong(file -> file.toFile().lastModified())).map(Outcome::built)
          .orElse(Outcome.failed("it made no jar in " + target));
    }
  }

  /** What the compiler said, without Maven's advice about itself. */
  static String errors(String said) {
    List<String> lines = said.lines().filter(line -> line.startsWith("[ERROR]")).map(line -> line.substring("[ERROR]".length()).strip())
        .filter(line -> !line.isEmpty() && !line.startsWith("->") && !line.contains("[Help 1]") && !line.startsWith("To see the full stack"))
        .filter(line -> !line.startsWith("Re-run Maven") && !line.startsWith("For more information about")).distinct().toList();
    return (lines.isEmpty() ? said.lines() : lines.stream()).limit(LINES_MAX).map(line -> "  " + line).collect(Collectors.joining("\n"));
  }
}
