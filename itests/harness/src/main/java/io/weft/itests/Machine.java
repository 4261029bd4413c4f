package io.weft.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** What a test needs of the machine. Where it is missing, the test is skipped and says so; where {@code CI=true}, it fails. */
public final class Machine {

  private Machine() {}

  /** Needs these programs on the search path. */
  public static void needs(String... programs) {
    for (String program : programs) {
      check(find(program).isPresent(), program + " is not installed");
    }
  }

  /** Needs root, for namespaces and for acting as another user. */
  public static void needsRoot() {
    check("root".equals(System.getProperty("user.name")), "this needs root");
  }

  /** Needs {@code condition}; {@code missing} says what is missing. */
  public static void check(boolean condition, String missing) {
    if (condition) {
      return;
    }
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(missing + ", and CI=true asks for every test");
    }
    System.err.println("SKIPPED " + caller() + ": " + missing);
    throw new TestAbortedException(missing);
  }

  /**
   * The home of a JDK or JRE of that release, which distributions of Linux do not all have: where it is missing, the test is skipped also
   * with {@code CI=true}, and says so. Looked for in {@code WEFT_JAVA_<release>} and in the usual folder.
   */
  public static Path java(int release) {
    String given = System.getenv("WEFT_JAVA_" + release);
    if (given != null) {
      return Path.of(given);
    }
    Path usual = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(usual)) {
      try (Stream<Path> homes = Files.list(usual)) {
        Optional<Path> found = homes.filter(home -> isRelease(home, release)).sorted().findFirst();
        if (found.isPresent()) {
          return found.get();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    String missing = "NOT SHOWN ON JAVA " + release + ": there is none in " + usual + "; set WEFT_JAVA_" + release + " to its home";
    System.err.println("SKIPPED " + caller() + ": " + missing);
    throw new TestAbortedException(missing);
  }

  private static boolean isRelease(Path home, int release) {
    Path file = home.resolve("release");
    try {
      return Files.isExecutable(home.resolve("bin/java")) && Files.isReadable(file)
          && Files.readString(file).contains("JAVA_VERSION=\"" + release + ".");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Optional<Path> find(String program) {
    return Arrays.stream((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String caller() {
    return StackWalker.getInstance()
        .walk(frames -> frames.map(StackWalker.StackFrame::getClassName).filter(n -> !n.equals(Machine.class.getName())).findFirst())
        .orElse("a test");
  }
}
