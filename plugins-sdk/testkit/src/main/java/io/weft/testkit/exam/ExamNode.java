package io.weft.testkit.exam;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;
import static org.ops4j.pax.exam.CoreOptions.systemTimeout;

import io.weft.support.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.options.UrlProvisionOption;

/**
 * A node of the distribution inside the test's framework, with the plugin of this project: what {@code weft run} would start, with what is
 * in {@code src/node} in its home. The parent of plugins tells where things are, by the system properties {@code weft.dist},
 * {@code weft.plugin} and {@code weft.project}.
 */
public final class ExamNode {

  private static final int PLUGINS = 40;
  private static final int ALL = 50;
  // Pax Exam's own bundles ask for SLF4J 1, whose API the second kept.
  private static final String SLF4J_1 =
      "org.slf4j.spi;version=\"1.7.36\",org.slf4j.helpers;version=\"1.7.36\",org.slf4j.event;version=\"1.7.36\"";

  private ExamNode() {}

  /** For the method with {@code @Configuration}. */
  public static Option[] withPlugin() {
    Path dist = folder("weft.dist");
    try {
      Path home = Files.createTempDirectory("weft-exam");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(home)));
      prepare(dist, home, folder("weft.project").resolve("src/node"));
      return new Option[] {
        systemTimeout(120_000),
        junitBundles(),
        frameworkStartLevel(ALL),
        frameworkProperty("weft.home").value(home.toString()),
        frameworkProperty("weft.config").value(home.resolve("conf/weft.yaml").toString()),
        frameworkProperty("weft.dist").value(dist.toString()),
        frameworkProperty("weft.version").value("exam"),
        frameworkProperty("felix.cm.pm").value("memory"),
        systemPackages(packages(dist), SLF4J_1),
        feature(dist, "core"),
        feature(dist, "node"),
        plugin(),
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder(String property) {
    return Path.of(Optional.ofNullable(System.getProperty(property))
        .orElseThrow(() -> new IllegalStateException(property + " is not set: run this with mvn verify, in a project whose parent is io.weft.sdk.parent")));
  }

  private static Option plugin() {
    UrlProvisionOption option = bundle(folder("weft.plugin").toUri().toString());
    option.startLevel(PLUGINS);
    return option;
  }

  private static void prepare(Path dist, Path home, Path project) throws IOException {
    Process init = new ProcessBuilder(dist.resolve("bin/weft").toString(), "init", "--home", home.toString(), "--name", "a", "--fabric", "exam",
        "--listen", "127.0.0.1:" + freeUdp()).redirectErrorStream(true).start();
    String said = new String(init.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (init.waitFor() != 0) {
        throw new IllegalStateException("no node can be made: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    if (!Files.isDirectory(project)) {
      return;
    }
    try (Stream<Path> files = Files.walk(project)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = home.resolve(project.relativize(file).toString());
        if (to.equals(home.resolve("weft.yaml"))) {
          Files.writeString(home.resolve("conf/weft.yaml"), Files.readString(file), StandardOpenOption.APPEND);
        } else {
          Files.createDirectories(to.getParent());
          Files.copy(file, to);
        }
      }
    }
  }

  private static int freeUdp() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** What is on the class path of a node is given to bundles by the framework: what these jars say that they export. */
  private static String packages(Path dist) throws IOException {
    List<String> exports = new ArrayList<>();
    for (String name : List.of("slf4j-api", "org.osgi.service.log", "logback-classic", "logback-core")) {
      try (JarFile jar = new JarFile(dist.resolve("lib/" + name + ".jar").toFile())) {
        exports.add(jar.getManifest().getMainAttributes().getValue("Export-Package"));
      }
    }
    return String.join(",", exports);
  }

  private static Option feature(Path dist, String name) throws IOException {
    List<Option> options = new ArrayList<>();
    Map<?, ?> feature = (Map<?, ?>) JsonReader.read(Files.readString(dist.resolve("features/" + name + ".json")));
    for (Object entry : (List<?>) feature.get("bundles")) {
      Map<?, ?> one = (Map<?, ?>) entry;
      String id = (String) one.get("id");
      UrlProvisionOption option = bundle(jar(dist, id).toUri().toString());
      option.startLevel(((Long) one.get("start-level")).intValue());
      options.add(isFragment(jar(dist, id)) || Boolean.FALSE.equals(one.get("start")) ? option.noStart() : option);
    }
    return composite(options.toArray(Option[]::new));
  }

  private static boolean isFragment(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes().getValue("Fragment-Host") != null;
    }
  }

  /** @param id group:artifact[:type:classifier]:version */
  private static Path jar(Path dist, String id) {
    String[] parts = id.split(":");
    String version = parts[parts.length - 1];
    String classifier = parts.length == 5 ? "-" + parts[3] : "";
    return dist.resolve("bundles/" + parts[0].replace('.', '/') + "/" + parts[1] + "/" + version + "/" + parts[1] + "-" + version + classifier + ".jar");
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      System.err.println("left behind: " + folder + " (" + e + ")");
    }
  }
}
