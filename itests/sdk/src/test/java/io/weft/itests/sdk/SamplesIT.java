package io.weft.itests.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.process.Distribution;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The samples as they ship: good plugins, whose READMEs say what can be configured. */
class SamplesIT {

  @ParameterizedTest
  @CsvSource({"balance", "command", "dcs", "deposit", "discovery", "job", "meter", "path", "rating", "secret", "transport"})
  void aSampleIsAGoodPluginAndItsReadmeIsFresh(String kind) throws IOException {
    Path sdk = Distribution.root().resolve("plugins-sdk");
    Properties kinds = new Properties();
    try (InputStream in = Files.newInputStream(
        sdk.resolve("archetype/src/main/resources/archetype-resources/templates/kinds.properties"))) {
      kinds.load(in);
    }
    String jar = Distribution.home().resolve("samples/" + kinds.getProperty(kind) + ".jar").toString();
    assertThat(Command.of(Distribution.weft().toString(), "plugin", "validate", jar).run().orFail()).hasLineCount(1).contains("is good");
    assertThat(sdk.resolve("samples/" + kind + "/README.md")).content()
        .as("the configuration in the README of %s: weft plugin reference %s --into README.md", kind, jar)
        .contains(Command.of(Distribution.weft().toString(), "plugin", "reference", jar).run().orFail());
  }
}
