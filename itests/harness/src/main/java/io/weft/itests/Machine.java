package io.weft.itests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
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
