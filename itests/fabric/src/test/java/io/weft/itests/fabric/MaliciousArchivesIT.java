package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.archives.MaliciousArchives;
import io.weft.itests.archives.MaliciousArchives.Attack;
import io.weft.itests.net.Ports;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars made to hurt whoever takes them in, on both ways into a node that runs whatever nobody signed: it is not the signature that they lack. */
class MaliciousArchivesIT {

  private static final Duration LONG = Duration.ofSeconds(120);
  private static final String ONE_LINE = "[^\\p{Cntrl}\\p{Cf}]{1,500}";

  @TempDir Path folder;

  private ProcessFabric fabric;
  private NodeProcess node;
  private Map<String, Attack> attacks;

  @BeforeEach
  void start() {
    fabric = ProcessFabric.alone(new NodeConfig("alone", "127.0.0.1:" + Ports.freeUdp()).line("plugins: {unsigned: allow}"));
    node = fabric.node("alone");
    node.start().awaitReady();
    attacks = new TreeMap<>();
    Stream.concat(MaliciousArchives.archives(), MaliciousArchives.bundles())
        .forEach(attack -> attacks.put("attack" + (100 + attacks.size()) + ".jar", attack));
  }

  @AfterEach
  void stop() {
    fabric.close();
  }

  @Test
  void areRefusedOnBothWaysInAndTouchNothing() throws Exception {
    assertThat(attacks).hasSizeGreaterThan(70);
    for (Map.Entry<String, Attack> attack : attacks.entrySet()) {
      Files.write(folder.resolve(attack.getKey()), attack.getValue().jar());
    }
    Set<String> before = files();
    byCommand();
    byDeployFolder();
    assertThat(files()).as("files outside of staging").isEqualTo(before);
    assertThat(staged()).as("what is half there in staging").noneMatch(name -> name.endsWith(".part"));
    assertThat(node.ask("plugin:history", "--json").orFail()).as("changes").doesNotContain("\"id\"");

    Path good = PluginJar.of(folder.resolve("good.jar"), "org.example.good", "1.0.0");
    node.ask("plugin:install", good.toString(), "--yes").orFail();
    Await.until("a good one to run", LONG, () -> "active".equals(ListedPlugin.of(node, "org.example.good").get("state")));
    assertThat(node.ask("health:check").exitCode()).isZero();
  }

  private void byCommand() throws IOException {
    SoftAssertions all = new SoftAssertions();
    for (Map.Entry<String, Attack> attack : attacks.entrySet()) {
      Command.Result result = node.ask("plugin:install", folder.resolve(attack.getKey()).toString(), "--yes");
      all.assertThat(result.exitCode()).as(attack + ": " + result).isEqualTo(4);
      all.assertThat(result.out()).as(attack.toString()).isEmpty();
      all.assertThat(result.err().stripTrailing()).as(attack.toString()).matches(ONE_LINE).contains("may not run here: ", attack.getValue().because());
    }
    all.assertAll();
  }

  private void byDeployFolder() throws IOException {
    for (String name : attacks.keySet()) {
      Files.move(folder.resolve(name), node.home().resolve("deploy").resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
    Await.until("all to be refused", LONG, () -> ListedPlugin.all(node).size() == attacks.size());
    SoftAssertions all = new SoftAssertions();
    for (Map<?, ?> plugin : ListedPlugin.all(node)) {
      Attack attack = attacks.get(plugin.get("name"));
      all.assertThat(plugin.get("state")).as(attack.name()).isEqualTo("failed");
      all.assertThat((String) plugin.get("reason")).as(attack.name()).matches(ONE_LINE).contains("may not run here: ", attack.because());
    }
    all.assertAll();
    assertThat(node.log().lines().filter(line -> line.contains("plugin not deployed file=")).map(line -> line.replaceAll(".*file=\"([^\"]*)\".*", "$1"))
        .collect(Collectors.toSet())).as("named in the log").isEqualTo(attacks.keySet());
    for (String name : attacks.keySet()) {
      Files.delete(node.home().resolve("deploy").resolve(name));
    }
    Await.until("nothing to be left of them", LONG, () -> ListedPlugin.all(node).isEmpty());
  }

  private Set<String> staged() throws IOException {
    Path staging = node.home().resolve("data/staging");
    try (Stream<Path> found = Files.walk(staging)) {
      return found.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** All but staging, and what bundles of the node keep for themselves in the framework's cache. */
  private Set<String> files() throws IOException {
    Set<String> found = new TreeSet<>();
    Path data = node.home().resolve("data");
    Files.walkFileTree(node.home().getParent(), new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        if (directory.equals(data.resolve("staging")) || directory.startsWith(data.resolve("framework")) && directory.endsWith("data")) {
          return FileVisitResult.SKIP_SUBTREE;
        }
        found.add(directory + "/");
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        found.add(file.toString());
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (e instanceof NoSuchFileException) {
          return FileVisitResult.CONTINUE;
        }
        throw e;
      }
    });
    return found;
  }
}
