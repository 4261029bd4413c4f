package io.weft.node.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.Setting;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigEvaluatorTest {

  private static final String GOOD =
      """
      fabric: demo
      node: {name: a, labels: {site: home, area: eu}}
      identity: {formation: "secret:file/formation"}
      peers: [{name: b, addresses: ["192.0.2.7:7450", "[2001:db8::7]:7450"], vip: 2}, {name: c}]
      signaling: ["http://203.0.113.7:7000"]
      relays: [{url: "turn:203.0.113.7:3478", secret: "secret:file/turn"}]
      transport.quic: {listen: "0.0.0.0:7450"}
      mesh: {channels: {max: 7}, link.idle.timeout.ms: 500}
      expose:  [{service: pg, tcp: "127.0.0.1:5432", allow: [b, c]}]
      forward: [{service: pg, at: b, tcp: "127.0.0.1:15432"}]
      plugins: {trust: [conf/keys/], catalogs: [bundles/]}
      """;

  @Test
  void everySectionBecomesItsConfiguration() {
    ConfigModel model = TestSchema.model(GOOD);

    assertThat(model.problems()).isEmpty();
    assertThat(model.instances()).filteredOn(Instance::written).extracting(Instance::id)
        .containsExactlyInAnyOrder(
            "weft.node",
            "weft.transport.quic",
            "weft.mesh",
            "weft.secret.basic.formation",
            "weft.discovery.basic.static~b",
            "weft.discovery.basic.static~c",
            "weft.forward.expose~pg-tcp",
            "weft.forward.local~tcp-127.0.0.1_15432");
    Instance node = model.node().orElseThrow();
    assertThat(node.text("fabric")).contains("demo");
    assertThat(node.text("node.name")).contains("a");
    assertThat(node.list("node.labels")).containsExactly("site=home", "area=eu");
    Instance mesh = model.of("weft.mesh").get(0);
    assertThat(mesh.values().get("channels.max").value()).isEqualTo(7);
    assertThat(mesh.values().get("link.idle.timeout.ms").value()).isEqualTo(500L);
    Instance b = model.of(ConfigSchema.PEERS_PID).get(0);
    assertThat((String[]) b.values().get("addresses").property()).containsExactly("192.0.2.7:7450", "[2001:db8::7]:7450");
  }

  @Test
  void sectionsOfBundlesToComeAreTakenWithAWarning() {
    assertThat(TestSchema.model(GOOD).warnings())
        .extracting(warning -> warning.at("weft.yaml"))
        .containsExactly(
            "weft.yaml:5: signaling: is not used by any installed bundle yet",
            "weft.yaml:6: relays: is not used by any installed bundle yet",
            "weft.yaml:11: plugins: is not used by any installed bundle yet");
  }

  @Test
  void explainsEveryValueAndWhereItIsFrom() {
    List<Setting> settings = TestSchema.model(GOOD).settings();

    assertThat(settings)
        .contains(
            new Setting("fabric", "demo", "weft.yaml:1", "after a restart"),
            new Setting("node.labels", "[site=home, area=eu]", "weft.yaml:2", "at once"),
            new Setting("peers[0].vip", "2", "weft.yaml:4", "at once"),
            new Setting("peers[1].addresses", "[]", "default", "at once"),
            new Setting("transport.quic.congestion.control", "bbr", "default", "to new links"),
            new Setting("mesh.channels.max", "7", "weft.yaml:8", "at once"));
    assertThat(settings).extracting(Setting::key).contains("peers[1].name", "forward[0].at")
        .isSortedAccordingTo(KeyOrder.INSTANCE);
  }

  @Test
  void anEmptyFileSaysWhatIsMissing() {
    assertThat(TestSchema.model("").problems())
        .extracting(problem -> problem.at("weft.yaml"))
        .containsExactly("weft.yaml: fabric: is missing; add it", "weft.yaml: node.name: is missing; add it");
  }

  @Test
  void allProblemsAreToldAtOnceInTheOrderOfTheFile() {
    assertThat(
            TestSchema.problems(
                """
                mesh: {channels.max: many, chanels.max: 1}
                nonsense: {}
                expose: [{service: pg, tcp: "127.0.0.1:99999", allow: [d]}]
                """))
        .containsExactly(
            "weft.yaml:4: mesh.channels.max: must be a whole number, but is 'many'; write digits only",
            "weft.yaml:4: mesh.chanels.max: is an unknown key; did you mean 'channels.max'?",
            "weft.yaml:5: nonsense: is a section that no installed bundle knows; remove it, or install the bundle that uses it; "
                + "known are"
                + " discovery.basic.dns, discovery.lan, expose, fabric, forward, identity, log, mesh, node, peers, plugins, relays,"
                + " secret.basic.formation, signaling, transport.quic",
            "weft.yaml:6: expose[0].tcp: '127.0.0.1:99999': the port is not a number from 1 to 65535; correct it",
            "weft.yaml:6: expose[0].allow: 'd' is not in the section peers; did you mean 'b'? otherwise list it there, or "
                + "remove it here; '*' allows"
                + " every member");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`mesh: {channels.max: \"7\"}` | mesh.channels.max: must be a whole number, but is text; remove the quotes",
        "`mesh: {channels.max: 7.5}` | mesh.channels.max: must be a whole number, but is '7.5'; write digits only",
        "`mesh: {channels.max: 0x10}` | mesh.channels.max: must be a whole number, but is '0x10'; write digits only",
        "`mesh: {channels.max: true}` | mesh.channels.max: must be a whole number, but is 'true'; write digits only",
        "`mesh: {channels.max: [7]}` | mesh.channels.max: must be a whole number, but is a list; write a single value",
        "`mesh: {channels.max: 0}` | mesh.channels.max: must be at least 1, but is '0'; choose a number in that range",
        "`mesh: {channels.max: 99999999999}`"
            + " | mesh.channels.max: must be 1 to 2147483647, but is '99999999999'; choose a number in that range",
        "`mesh: {link.idle.timeout.ms: 99}`"
            + " | mesh.link.idle.timeout.ms: must be 100 to 3600000, but is '99'; choose a number in that range",
        "`mesh: {channels.max: }` | mesh.channels.max: has no value; write one, or remove the key",
        "`mesh: {channels: 7}` | mesh.channels: must be a map, but is a number; write {key: value}",
        "`mesh: [1]` | mesh: must be a map, but is a list; write 'mesh: {key: value}'",
        "`mesh: {channels.max: 1, channels: {max: 2}}` | mesh.channels.max: is written twice, first in line 4; keep one",
        "`mesh: {link: {silence: 1}}` | mesh.link.silence: is an unknown key; the keys here are idle.timeout.ms",
        "`mesh: {channels_max: 1}` | mesh.channels_max: is an unknown key; did you mean 'channels.max'?",
        "`transport.quic: {share: 1.5}` | transport.quic.share: must be 0 to 1, but is '1.5'; choose a number in that range",
        "`transport.quic: {share: \"0.5\"}` | transport.quic.share: must be a number, but is '0.5'; write it like 0.5, without "
            + "quotes",
        "`transport.quic: {congestion.control: fast}`"
            + " | transport.quic.congestion.control: must be one of bbr, cubic, but is 'fast'; choose one of them",
        "`transport.quic: {listen: 7450}` | transport.quic.listen: must be text, but is a number; put it in quotes",
        "`transport.quic: {listen: yes\\n}` | transport.quic.listen: 'yes': expected host:port such as 192.0.2.7:7450 or"
            + " [2001:db8::7]:7450; correct it",
        "`discovery.lan: {enabled: yes}` | discovery.lan.enabled: must be true or false, but is 'yes'; write true or false",
        "`discovery.lan: {enabled: \"true\"}` | discovery.lan.enabled: must be true or false, but is text; remove the quotes",
        "`expose: {service: pg}` | expose: must be a list of entries, but is a map; start each with '- '",
        "`expose: [pg]` | expose[0]: must be a map, but is text; write {key: value}",
        "`expose: [{service: pg, tcp: \"127.0.0.1:1\", allow: b}]`"
            + " | expose[0].allow: must be a list, but is text; put it in brackets: [...]",
        "`expose: [{service: pg, tcp: \"127.0.0.1:1\", allow: [[b]]}]`"
            + " | expose[0].allow[0]: must be text, but is a list; write a single value",
        "`discovery.basic.dns: [{host: x.example}]` | discovery.basic.dns[0].peer: is missing; add it",
        "`peer: []` | peer: is a section that no installed bundle knows; did you mean 'peers'?",
        "`relay: {}` | relay: is a section that no installed bundle knows; it comes with feature hub: add hub to weft run --features",
        "`transport.quik: {}` | transport.quik: is a section that no installed bundle knows; did you mean 'transport.quic'?",
        "`weft.node: {}` | weft.node: is a section that no installed bundle knows; remove it, or install the bundle that uses "
            + "it; known are"
            + " discovery.basic.dns, discovery.lan, expose, fabric, forward, identity, log, mesh, node, peers, plugins, relays,"
            + " secret.basic.formation, signaling, transport.quic",
      })
  void refusesWithOneClearLine(String yaml, String problem) {
    assertThat(TestSchema.problems(yaml.replace("\\n", ""))).containsExactly("weft.yaml:4: " + problem);
  }

  @Test
  void textThatLooksLikeSomethingElseNeedsQuotes() {
    assertThat(TestSchema.model("fabric: 42\nnode: {name: true, labels: {rack: 7, x: ~}}\n").problems())
        .extracting(problem -> problem.at("weft.yaml"))
        .containsExactly(
            "weft.yaml:1: fabric: must be text, but is a number; put it in quotes",
            "weft.yaml:2: node.name: must be text, but is true or false; put it in quotes",
            "weft.yaml:2: node.labels.rack: must be text, but is a number; put it in quotes",
            "weft.yaml:2: node.labels.x: has no value; write one, or remove the key");
  }

  @Test
  void aSecretThatIsNoReferenceIsRefusedAndNeverRepeated() {
    assertThat(TestSchema.problems("identity: {formation: hunter2-hunter2-hunter2}"))
        .containsExactly(
            "weft.yaml:4: identity.formation: must be a secret reference, never the secret itself; write the secret into"
                + " conf/secrets/formation with mode 0600, and \"secret:file/formation\" here");
    assertThat(TestSchema.problems("identity: {formation: \"${env:S}\"}", Map.of("S", "hunter2-hunter2")))
        .singleElement().asString().contains("must be a secret reference").doesNotContain("hunter2");
  }

  @Test
  void placeholdersAreFilledInWhateverTheTypeAndNamed() {
    ConfigModel model =
        TestSchema.model(
            "fabric: \"${env:F}\"\nnode: {name: \"n-${env:N}-$${x}\"}\nmesh:\n  channels.max: ${env:MAX}\nidentity: {formation:"
                + " \"${secret:env/FORMATION}\"}\n",
            Map.of("F", "demo", "N", "1", "MAX", "9"));

    assertThat(model.settings())
        .contains(
            new Setting("fabric", "demo", "environment F", "after a restart"),
            new Setting("mesh.channels.max", "9", "environment MAX", "at once"),
            new Setting("identity.formation", "secret:env/FORMATION", "weft.yaml:5", "after a restart"));
    assertThat(model.problems())
        .extracting(problem -> problem.at("weft.yaml"))
        .containsExactly(
            "weft.yaml:2: node.name: 'n-1-${x}' is not a node name; use 1 to 63 of a-z, 0-9 and '-', with no '-' at either end");
  }

  @Test
  void unresolvedPlaceholdersAreListedAllAtOnce() {
    assertThat(
            TestSchema.problems(
                "transport.quic: {listen: \"${env:IP}:${env:PORT}\"}\nmesh:\n  channels.max: ${env:MAX}\nexpose: [{service: "
                    + "\"${what}\", tcp:"
                    + " \"${secret:file/x}\"}]\n"))
        .containsExactly(
            "weft.yaml:4: transport.quic.listen: needs the environment variable IP, which is not set; set it, or write the "
                + "value here",
            "weft.yaml:4: transport.quic.listen: needs the environment variable PORT, which is not set; set it, or write the "
                + "value here",
            "weft.yaml:6: mesh.channels.max: needs the environment variable MAX, which is not set; set it, or write the value "
                + "here",
            "weft.yaml:7: expose[0].service: has the placeholder '${what}', which is neither ${env:NAME} nor "
                + "${secret:scheme/name}; correct it,"
                + " or write $${ for a plain ${",
            "weft.yaml:7: expose[0].tcp: cannot hold a secret, since every bundle can read it; only keys that take a secret "
                + "reference can");
  }

  @Test
  void aWrongValueFromTheEnvironmentIsNotRepeated() {
    assertThat(TestSchema.problems("mesh:\n  channels.max: ${env:MAX}\n", Map.of("MAX", "hunter2")))
        .containsExactly("weft.yaml:5: mesh.channels.max: must be a whole number, but is the value of MAX; write digits only");
  }

  @Test
  void secretsThatFollowFromTheFormationSecretUseTheSameOne() {
    ConfigModel model = TestSchema.model("fabric: demo\nnode: {name: a}\nidentity: {formation: \"secret:env/F\"}\n");
    assertThat(model.of("weft.secret.basic.formation").get(0).text("formation")).contains("secret:env/F");

    ConfigModel own =
        TestSchema.model(
            "fabric: demo\nnode: {name: a}\nidentity: {formation: \"secret:env/F\"}\nsecret.basic.formation: {formation: "
                + "\"secret:env/G\"}\n");
    assertThat(own.of("weft.secret.basic.formation").get(0).text("formation")).contains("secret:env/G");
  }

  @Test
  void emptySectionsAreNothing() {
    assertThat(TestSchema.problems("expose:\nforward: []\nmesh:\ntransport.quic: {}\n")).isEmpty();
  }

  @Test
  void aHundredProblemsAreEnough() {
    StringBuilder yaml = new StringBuilder("mesh:\n");
    for (int i = 0; i < 300; i++) {
      yaml.append("  zzzzzzzzzzzzzzzzzzzzzz").append(i).append(": 1\n");
    }
    List<String> problems = TestSchema.problems(yaml.toString());

    assertThat(problems).hasSize(101).last().asString().endsWith("and 200 more problems from here on; solve these first");
  }

  @Test
  void invisibleCharactersDoNotReachTheTerminal() {
    assertThat(TestSchema.problems("\"\\u202e\\u0007x\\u001b[31m\": 1\n")).singleElement().asString()
        .startsWith("weft.yaml:4:  x [31m: is a section");
    assertThat(TestSchema.problems("expose: [{service: \"a\\nb\", tcp: \"127.0.0.1:1\", allow: [b]}]"))
        .containsExactly("weft.yaml:4: expose[0].service: holds line breaks or control characters; remove them");
  }
}
