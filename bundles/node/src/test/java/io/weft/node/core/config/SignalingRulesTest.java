package io.weft.node.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalingRulesTest {

  private static KeySchema key(String id, KeySchema.Type type, boolean many, boolean required) {
    return new KeySchema(id, type, many, required, List.of(), null, null, List.of(), "", "at once");
  }

  private static SectionSchema section(String pid, boolean factory, KeySchema... keys) {
    Map<String, KeySchema> byId = new LinkedHashMap<>();
    List.of(keys).forEach(key -> byId.put(key.id(), key));
    return new SectionSchema(pid, factory, "", "", byId);
  }

  private static ConfigModel model(String yaml) {
    List<SectionSchema> sections = new ArrayList<>(TestSchema.schema().sections());
    sections.add(section("weft.signaling", false,
        key("brokers", KeySchema.Type.TEXT, true, false), key("trust", KeySchema.Type.TEXT, false, false)));
    sections.add(section("weft.signaling.server", false, key("listen", KeySchema.Type.TEXT, false, true),
        key("hosts", KeySchema.Type.TEXT, true, false), key("tls.certificate", KeySchema.Type.TEXT, false, false),
        key("tls.key", KeySchema.Type.SECRET, false, false)));
    sections.add(section("weft.path.ice.server", true,
        key("url", KeySchema.Type.TEXT, false, true), key("secret", KeySchema.Type.SECRET, false, false)));
    String whole = "fabric: demo\nnode: {name: a}\n" + yaml;
    return ConfigEvaluator.evaluate("weft.yaml", whole.getBytes(StandardCharsets.UTF_8), new ConfigSchema(sections), name -> null);
  }

  private static Instance only(ConfigModel model, String pid) {
    assertThat(model.problems()).isEmpty();
    return model.instances().stream().filter(i -> i.pid().equals(pid) && i.written()).reduce((x, y) -> {
      throw new AssertionError("two of " + pid);
    }).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "`signaling: [\"http://203.0.113.7:7000\", \"https://hub.example.org\"]`",
      "`signaling: {brokers: [\"http://203.0.113.7:7000\", \"https://hub.example.org\"]}`"
  })
  void aListOfUrlsIsTheListOfBrokers(String yaml) {
    Instance signaling = only(model(yaml), "weft.signaling");
    assertThat(signaling.list("brokers")).containsExactly("http://203.0.113.7:7000", "https://hub.example.org");
  }

  @Test
  void eachRelayIsAConfigurationOfItsOwn() {
    ConfigModel model = model("relays: [{url: \"turn:203.0.113.7:3478\", secret: \"secret:file/turn\"}, {url: \"stun:192.0.2.1:3478\"}]");
    assertThat(model.problems()).isEmpty();
    assertThat(model.warnings()).isEmpty();
    assertThat(model.instances().stream().filter(i -> i.pid().equals("weft.path.ice.server")).map(Instance::path))
        .containsExactly("relays[0]", "relays[1]");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "`signaling: [\"203.0.113.7:7000\"]` | signaling: '203.0.113.7:7000' is not a broker: write http://HOST:PORT or https://HOST:PORT",
      "`signaling: [\"ftp://h:1\"]` | signaling: 'ftp://h:1' is not a broker: write http://HOST:PORT or https://HOST:PORT",
      "`signaling: [\"http://h:0\"]`"
          + " | signaling: 'http://h:0' is not a broker: 'h:0': the port is not a number from 1 to 65535; correct it",
      "`signaling: [\"http://h:1\", \"HTTP://h:1\"]` | signaling: 'HTTP://h:1' is listed twice; keep one",
      "`signaling.server: {}` | signaling.server.listen: is missing; add it",
      "`signaling.server: {listen: \"hub:7000\"}`"
          + " | signaling.server.listen: 'hub:7000' has a name where an IP address is needed; write one such as 0.0.0.0 or 127.0.0.1",
      "`signaling.server: {listen: \"0.0.0.0:7000\", hosts: [hub]}`"
          + " | signaling.server.hosts: 'hub': expected host:port such as 192.0.2.7:7450 or [2001:db8::7]:7450; correct it",
      "`signaling.server: {listen: \"0.0.0.0:7000\", tls: {certificate: c.pem}}`"
          + " | signaling.server.tls.key: is missing; HTTPS needs both tls.certificate and tls.key",
  })
  void whatCannotBeIsSaidWithItsLine(String yaml, String problem) {
    assertThat(model(yaml).problems()).extracting(p -> p.at("weft.yaml")).containsExactly("weft.yaml:3: " + problem);
  }
}
