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

/** Commands that are a bundle's to know, done without a framework: {@code weft config}, {@code weft init}, {@code weft dcs recover}. */
final class BundleCli {

  private BundleCli() {}

  /** @param className in the package {@code cli} of the node bundle */
  static int ofNode(String className, Dist dist, Home home, List<String> words, PrintStream out, PrintStream err) throws Failure {
    return run("io.weft.node.core.cli." + className, dist, home, words, out, err);
  }

  static int run(String className, Dist dist, Home home, List<String> words, PrintStream out, PrintStream err) throws Failure {
    try (URLClassLoader loader = new URLClassLoader(jars(dist), BundleCli.class.getClassLoader())) {
      return (int) loader.loadClass(className)
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
      return found.filter(path -> path.toString().endsWith(".jar")).sorted((a, b) -> rank(a) - rank(b)).map(BundleCli::url).toArray(URL[]::new);
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
