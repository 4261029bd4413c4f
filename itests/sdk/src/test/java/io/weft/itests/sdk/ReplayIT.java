package io.weft.itests.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.net.Ports;
import io.weft.itests.process.Distribution;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the SDK's page, typed by {@code itests/sdk/replay}: a plugin from nothing to signed and running in two nodes, seen, and
 * taken out again. With a repository that has what this build fetched; {@code make plugins} does all kinds with an empty one.
 */
class ReplayIT {

  @TempDir
  static Path folder;

  @Test
  void whatThePageSaysWorks() throws Exception {
    Machine.needs("mvn");
    List<String> words = new ArrayList<>(List.of(Distribution.root().resolve("itests/sdk/replay").toString(), "--repository",
        LocalRepository.in(folder).toString()));
    List<String> kinds = List.of(System.getProperty("sdk.kinds").split(","));
    words.addAll(kinds);
    Command.Result result = Command.of(words).env("PORT", String.valueOf(Ports.freeUdp())).within(Duration.ofMinutes(10)).run();
    System.out.println(result.out());
    assertThat(result.orFail().lines().filter(line -> line.startsWith("PASS "))).hasSize(kinds.size());
  }

  @Test
  void thePageKnowsAllKinds() throws IOException {
    Properties kinds = new Properties();
    Path sdk = Distribution.root().resolve("plugins-sdk");
    try (InputStream in = Files.newInputStream(sdk.resolve("archetype/src/main/resources/archetype-resources/templates/kinds.properties"))) {
      kinds.load(in);
    }
    assertThat(kinds.stringPropertyNames()).allSatisfy(kind -> {
      assertThat(Files.readString(sdk.resolve("README.md"))).contains("\n| `" + kind + "` | `");
      assertThat(sdk.resolve("samples/" + kind + "/README.md")).exists();
      assertThat(Distribution.root().resolve("docs/plugins/" + kind + ".md")).exists();
    });
  }
}
