package io.weft.itests.sdk;

import io.weft.itests.process.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A local repository of Maven for projects of plugins: everything of this machine's, which the build has filled, as links, but what is ours
 * from the distribution. So nothing of ours gets into the repository of whoever runs the tests, and nothing old of ours out of it.
 */
final class LocalRepository {

  private LocalRepository() {}

  static Path in(Path folder) throws IOException {
    Path machines = Path.of(System.getProperty("sdk.repository"));
    Path repository = Files.createDirectory(folder.resolve("repository"));
    Path io = Files.createDirectory(repository.resolve("io"));
    link(machines, repository, "io");
    link(machines.resolve("io"), io, "weft");
    Path ours = Distribution.home().resolve("sdk/repository/io/weft");
    try (Stream<Path> files = Files.walk(ours)) {
      for (Path file : files.toList()) {
        Path copy = io.resolve("weft").resolve(ours.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    return repository;
  }

  private static void link(Path from, Path to, String except) throws IOException {
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.filter(e -> !e.getFileName().toString().equals(except)).toList()) {
        Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
      }
    }
  }
}
