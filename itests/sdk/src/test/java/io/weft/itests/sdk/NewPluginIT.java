package io.weft.itests.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.net.Ports;
import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From nothing to a service in a running node, for each kind of plugin: made, built with its tests, looked at, dropped in, configured. */
class NewPluginIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  /** What an operator sees of it, with the words that show it; kinds that show nowhere but as a component are not in here. */
  private static final Map<String, List<String>> SEEN = Map.of(
      "command", List.of("acme-command", "list"),
      "dcs", List.of("dcs:status"),
      "discovery", List.of("peer:list"),
      "job", List.of("job:list"),
      "secret", List.of("secret:list"));

  @TempDir
  static Path folder;

  private static Path repository;
  private static ProcessFabric fabric;
  private static NodeProcess node;

  static Stream<String> kinds() {
    return Stream.of(System.getProperty("sdk.kinds").split(","));
  }

  @BeforeAll
  static void start() throws IOException {
    Machine.needs("mvn");
    repository = LocalRepository.in(folder);
    fabric = ProcessFabric.alone(new NodeConfig("alone", "127.0.0.1:" + Ports.freeUdp()).line("plugins: {unsigned: allow}"));
    node = fabric.node("alone");
    node.start().awaitReady();
  }

  @AfterAll
  static void stop() {
    if (fabric != null) {
      fabric.close();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void fromNothingToAServiceOfARunningNode(String kind) throws Exception {
    String name = "acme-" + kind;
    Path project = folder.resolve(name);
    weft("plugin", "new", kind, name, "--group", "com.acme", "--dir", project.toString());
    Command.of("mvn", "-o", "-q", "-B", "-Dmaven.repo.local=" + repository, "verify").in(project).within(Duration.ofMinutes(5)).run().orFail();

    Path jar = project.resolve("target/" + name + "-1.0.0-SNAPSHOT.jar");
    assertThat(weft("plugin", "validate", jar.toString())).hasLineCount(1).contains("is good: com.acme." + name + " 1.0.0.SNAPSHOT");
    assertThat(weft("plugin", "reference", jar.toString(), "--into", project.resolve("README.md").toString())).contains("is up to date");

    Path deploy = Files.createDirectories(node.home().resolve("deploy"));
    Path next = Files.copy(jar, node.home().resolve("next"));
    Files.move(next, deploy.resolve(name + ".jar"));
    Await.until(name + " to be installed", SOON, () -> state(name).length() > 0);
    copyHome(project.resolve("src/node"));
    Files.readAllLines(project.resolve("src/node/weft.yaml")).forEach(node.config()::line);
    node.rewriteConfig();
    Await.until(name + " to be there", SOON, () -> List.of("active", "satisfied").contains(state(name)));
    if (SEEN.containsKey(kind)) {
      String[] words = SEEN.get(kind).toArray(String[]::new);
      Await.until(name + " to be seen", SOON, () -> node.ask(words).exitCode() == 0 && node.ask(words).out().contains(seen(kind, name)));
    }
  }

  /** Discovery shows by the peer in its file, a command by having an answer, the others by their names. */
  private static String seen(String kind, String name) {
    return kind.equals("discovery") ? "c " : kind.equals("command") ? "links are up" : name;
  }

  private static void copyHome(Path from) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).filter(f -> !f.endsWith("weft.yaml")).toList()) {
        Path to = node.home().resolve(from.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
  }

  /** Of the component; empty while there is none. */
  private static String state(String component) throws IOException {
    return node.ask("component:list", component).out().lines().map(line -> line.trim().split("\\s+"))
        .filter(words -> words[0].equals(component)).map(words -> words[1]).findFirst().orElse("");
  }

  private static String weft(String... words) {
    List<String> all = new java.util.ArrayList<>(List.of(Distribution.weft().toString()));
    all.addAll(List.of(words));
    return Command.of(all).run().orFail();
  }
}
