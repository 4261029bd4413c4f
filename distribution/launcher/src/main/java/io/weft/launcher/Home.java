package io.weft.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/** Where a node keeps what is its own. Knows the names in it; creates nothing unless asked. */
public record Home(Path dir, Path config) {

  // sun_path of a Unix socket address holds 108 bytes with the final zero.
  private static final int SOCKET_PATH_MAX = 107;

  /** {@code --home}, else {@code $WEFT_HOME}, else {@code ~/.weft}; {@code --config}, else {@code conf/weft.yaml} in it. */
  public static Home of(CommandLine line, Map<String, String> environment) {
    Path dir = line.home().orElseGet(() -> fromEnvironment(environment)
        .orElseGet(() -> Path.of(userHome(environment), ".weft"))).toAbsolutePath().normalize();
    return new Home(dir, line.config().orElse(dir.resolve("conf/weft.yaml")));
  }

  /** What a shell means by {@code ~}; the JVM looks the user up instead, which differs in containers and under sudo. */
  private static String userHome(Map<String, String> environment) {
    String given = environment.getOrDefault("HOME", "");
    return given.startsWith("/") ? given : System.getProperty("user.home");
  }

  private static Optional<Path> fromEnvironment(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("WEFT_HOME")).filter(value -> !value.isBlank()).map(Path::of);
  }

  public Path controlSocket() {
    return dir.resolve("run/control.sock");
  }

  public Path lock() {
    return dir.resolve("run/lock");
  }

  public Path data() {
    return dir.resolve("data");
  }

  public Path deploy() {
    return dir.resolve("deploy");
  }

  /** Creates the directories that a running node needs, closed to others, and says clearly why it cannot. */
  public void prepare() throws Failure {
    if (controlSocket().toString().getBytes(StandardCharsets.UTF_8).length > SOCKET_PATH_MAX) {
      throw new Failure(Failure.PRECONDITION, "the home directory's name is too long for a control socket (" + controlSocket()
          + " has more than " + SOCKET_PATH_MAX + " bytes); choose a shorter one with --home");
    }
    try {
      for (Path path : new Path[] {dir, data(), deploy(), dir.resolve("run")}) {
        if (!Files.isDirectory(path)) {
          Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
      }
      Files.setPosixFilePermissions(dir.resolve("run"), PosixFilePermissions.fromString("rwx------"));
      Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
    } catch (FileSystemException e) {
      throw new Failure(Failure.PRECONDITION, "cannot use " + dir + " as a home: " + describe(e), e);
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "cannot use " + dir + " as a home: " + e.getMessage(), e);
    }
  }

  private static String describe(FileSystemException e) {
    String kind = switch (e.getClass().getSimpleName()) {
      case "AccessDeniedException" -> "no permission";
      case "FileAlreadyExistsException", "NotDirectoryException" -> "is not a directory";
      default -> e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    };
    return e.getFile() + ": " + kind;
  }
}
