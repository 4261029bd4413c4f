package io.weft.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code weft config} and {@code weft init}: work of the node bundle, done without a framework. */
final class NodeCli {

  private static final String PACKAGE = "io.weft.node.core.cli.";

  private NodeCli() {}

  static int run(String className, Dist dist, Home home, List<String> words, PrintStream out, PrintStream err) throws Failure {
    try (URLClassLoader loader = new URLClassLoader(jars(dist), NodeCli.class.getClassLoader())) {
      return (int) loader.loadClass(PACKAGE + className)
          .getMethod("run", String[].class, Path.class, Path.class, Path.class, PrintStream.class, PrintStream.class)
          .invoke(null, words.toArray(String[]::new), home.dir(), home.config(), dist.bundles(), out, err);
    } catch (InvocationTargetException e) {
      throw new Failure(Failure.CHECK, "weft " + words + ": " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException | IOException e) {
      throw new Failure(Failure.PRECONDITION, "this installation is not whole: " + e + "; unpack it again", e);
    }
  }

  /** The node bundle first, so that little is opened; then what it may need. */
  private static URL[] jars(Dist dist) throws IOException {
    try (Stream<Path> found = Files.walk(dist.bundles(), 8)) {
      return found.filter(path -> path.toString().endsWith(".jar")).sorted((a, b) -> rank(a) - rank(b)).map(NodeCli::url).toArray(URL[]::new);
    }
  }

  private static int rank(Path jar) {
    String name = jar.getFileName().toString();
    List<String> order = List.of("io.weft.node-", "io.weft.api-", "snakeyaml-", "bcprov-", "bcpkix-", "bcutil-");
    for (int i = 0; i < order.size(); i++) {
      if (name.startsWith(order.get(i))) {
        return i;
      }
    }
    return order.size();
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("a file is always a URL", e);
    }
  }
}
