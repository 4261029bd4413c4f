package io.weft.store.postgres.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A PostgreSQL that the operating system brought. */
final class InstalledPrograms {

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final List<Path> OTHERS = List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin"),
      Path.of("/usr/local/pgsql/bin"));
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ([0-9]+(\\.[0-9]+)?)");

  private InstalledPrograms() {}

  static Optional<Programs> newest(Commands commands) throws ServerFailed {
    for (Path bin : places()) {
      if (Files.isExecutable(bin.resolve("postgres")) && Files.isExecutable(bin.resolve("initdb"))) {
        Commands.Result result = commands.run(Duration.ofSeconds(10), List.of(bin.resolve("postgres").toString(), "--version"));
        Matcher matcher = VERSION.matcher(result.output());
        if (matcher.find()) {
          return Optional.of(new Programs(bin, matcher.group(1)));
        }
      }
    }
    return Optional.empty();
  }

  private static List<Path> places() throws ServerFailed {
    if (!Files.isDirectory(DEBIAN)) {
      return OTHERS;
    }
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      Comparator<Path> byNumber = Comparator.comparingInt(p -> Integer.parseInt(p.getFileName().toString()));
      List<Path> debian = versions.filter(v -> v.getFileName().toString().matches("[0-9]{1,4}")).sorted(byNumber.reversed())
          .map(v -> v.resolve("bin")).toList();
      return Stream.concat(debian.stream(), OTHERS.stream()).toList();
    } catch (IOException e) {
      throw new ServerFailed("cannot read " + DEBIAN + ": " + e.getMessage(), e);
    }
  }
}
