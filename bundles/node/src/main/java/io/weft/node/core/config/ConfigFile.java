package io.weft.node.core.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** How the file of a node is called in messages, and what goes wrong before a byte of it was read. */
public final class ConfigFile {

  private ConfigFile() {}

  /** Relative to the home if it is in it, because then it is the same in every message on every node. */
  public static String label(Path home, Path file) {
    Path from = home.toAbsolutePath().normalize();
    Path to = file.toAbsolutePath().normalize();
    return to.startsWith(from) ? from.relativize(to).toString() : file.toString();
  }

  /** Reads bytes; may fail. */
  @FunctionalInterface
  public interface Bytes {
    byte[] read() throws IOException;
  }

  /** What the file means; if it cannot be read, that is the problem. */
  public static ConfigModel evaluate(String label, Bytes bytes, ConfigSchema schema, UnaryOperator<String> environment) {
    try {
      return ConfigEvaluator.evaluate(label, bytes.read(), schema, environment);
    } catch (NoSuchFileException e) {
      return unreadable("there is no such file; make one with 'weft init', or name another with --config");
    } catch (AccessDeniedException e) {
      return unreadable("cannot be read: no permission; make it readable for the user that runs the node");
    } catch (IOException e) {
      return unreadable("cannot be read: " + e.getMessage());
    }
  }

  private static ConfigModel unreadable(String text) {
    return new ConfigModel(List.of(), List.of(new Problem(0, "", text)), List.of(), "");
  }
}
