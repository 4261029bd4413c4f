package io.weft.node.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.support.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCliTest {

  @TempDir Path dir;
  private CliFixture cli;

  @BeforeEach
  void prepare() throws IOException {
    cli = new CliFixture(dir);
    cli.write("fabric: demo\nnode: {name: a}\npeers: [{name: b}]\nmesh: {channels.max: 7}\n");
    Files.createDirectories(cli.home.resolve("conf/secrets"));
    Files.writeString(cli.home.resolve("conf/secrets/formation"), "secret");
  }

  @Test
  void validateSaysWhatIsGood() {
    assertThat(cli.config("validate")).isZero();
    assertThat(cli.out())
        .isEqualTo("conf/weft.yaml is good: node a of fabric demo, 1 peer, 0 exposed services, 0 forwards; shared digest "
            + "GKUrYu_jFrl_\n");
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void validateSaysAllThatIsWrong() throws IOException {
    cli.write("fabric: demo\nnode: {nam: a}\nmesh: {channels.max: x}\n");

    assertThat(cli.config("validate")).isEqualTo(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err().lines())
        .containsExactly(
            "conf/weft.yaml: node.name: is missing; add it",
            "conf/weft.yaml:2: node.nam: is an unknown key; did you mean 'name'?",
            "conf/weft.yaml:3: mesh.channels.max: must be a whole number, but is 'x'; write digits only");
  }

  @Test
  void validateForMachines() throws IOException {
    cli.write("fabric: demo\nnode: {name: a}\nrelays: []\nmesh: {channels.max: x}\n");

    assertThat(cli.config("validate", "--json")).isEqualTo(1);
    assertThat(JsonReader.read(cli.out()))
        .isEqualTo(
            Map.of(
                "file", cli.config().toString(),
                "good", false,
                "shared_digest", "",
                "problems",
                    List.of(
                        Map.of("line", 4L, "key", "mesh.channels.max", "text",
                            "must be a whole number, but is 'x'; write digits only")),
                "warnings", List.of(Map.of("line", 3L, "key", "relays", "text", "is not used by any installed bundle yet"))));
  }

  @Test
  void validateMissesSecretsInFiles() throws IOException {
    Files.delete(cli.home.resolve("conf/secrets/formation"));

    assertThat(cli.config("validate")).isZero();
    assertThat(cli.err())
        .isEqualTo(
            "warning: conf/weft.yaml: identity.formation: refers to " + cli.home.resolve("conf/secrets/formation")
                + ", which does not exist; write it with mode 0600\n");
  }

  @Test
  void aFileThatIsNotThereIsAPrecondition() throws IOException {
    Files.delete(cli.config());

    assertThat(cli.config("validate")).isEqualTo(3);
    assertThat(cli.err())
        .isEqualTo("conf/weft.yaml: there is no such file; make one with 'weft init', or name another with --config\n");
    assertThat(cli.config("explain")).isEqualTo(3);
  }

  @Test
  void bundlesInTheDeployFolderCount() throws IOException {
    String xml =
        "<MetaData><OCD id='x' name='x' description='X.'><AD id='k' type='String' default='v' description='K. Applies at "
            + "once.'/></OCD>"
            + "<Designate pid='com.example.x'><Object ocdref='x'/></Designate></MetaData>";
    Files.createDirectories(cli.home.resolve("deploy"));
    CliFixture.jar(cli.home.resolve("deploy/x.jar"), "OSGI-INF/metatype/x.xml", xml.getBytes(StandardCharsets.UTF_8));
    cli.write("fabric: demo\nnode: {name: a}\ncom.example.x: {k: w}\n");

    assertThat(cli.config("explain", "com.example.x")).isZero();
    assertThat(cli.out()).contains("com.example.x.k  w      conf/weft.yaml:3  at once");
  }

  @Test
  void explainShowsWhereValuesAreFrom() {
    assertThat(cli.config("explain", "mesh")).isZero();
    assertThat(cli.out())
        .isEqualTo(
            """
            KEY                        VALUE  FROM              A CHANGE APPLIES
            mesh.channels.max          7      conf/weft.yaml:4  at once
            mesh.link.idle.timeout.ms  30000  default           to new links
            """);
    assertThat(cli.config("explain", "peers")).isZero();
    assertThat(cli.out().lines()).hasSize(5);
    assertThat(cli.config("explain")).isZero();
    assertThat(cli.out()).contains("identity.formation", "transport.quic.listen");
  }

  @Test
  void explainForMachines() {
    assertThat(cli.config("explain", "--json", "fabric")).isZero();
    assertThat(JsonReader.read(cli.out()))
        .isEqualTo(
            Map.of(
                "settings",
                List.of(Map.of("key", "fabric", "value", "demo", "origin", "conf/weft.yaml:1", "applies", "after a restart"))));
  }

  @Test
  void schemaIsJsonThatNamesEveryKey() {
    assertThat(cli.config("schema")).isZero();
    Map<?, ?> schema = (Map<?, ?>) JsonReader.read(cli.out());
    Map<?, ?> properties = (Map<?, ?>) schema.get("properties");

    assertThat(schema.get("required")).isEqualTo(List.of("fabric", "node"));
    assertThat(properties.keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrder(
            "discovery.basic.dns", "peers", "discovery.lan", "expose", "forward", "mesh", "fabric", "node", "identity",
            "log", "secret.basic.formation", "transport.quic", "signaling", "relays", "plugins");
    Map<?, ?> mesh = (Map<?, ?>) ((Map<?, ?>) properties.get("mesh")).get("properties");
    assertThat(mesh.keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrder("channels.max", "channels", "link.idle.timeout.ms", "link");
    String again = cli.out();
    cli.config("schema");
    assertThat(cli.out()).isEqualTo(again);
  }

  @Test
  void whatIsNotUnderstoodIsAUsageError() {
    String advice = "; use validate, schema, reference or explain [KEY], and see weft config --help\n";
    assertThat(cli.config(new String[0])).isEqualTo(2);
    assertThat(cli.err()).isEqualTo("weft config: says nothing to do" + advice);
    assertThat(cli.config("frobnicate")).isEqualTo(2);
    assertThat(cli.err()).isEqualTo("weft config: does not know 'frobnicate'" + advice);
    assertThat(cli.config("validate", "--jsn")).isEqualTo(2);
    assertThat(cli.err()).isEqualTo("weft config: unexpected '--jsn'" + advice);
    assertThat(cli.config("validate", "x")).isEqualTo(2);
    assertThat(cli.config("explain", "nothing.here")).isEqualTo(2);
    assertThat(cli.err()).isEqualTo("weft config: there is no key 'nothing.here' in force; weft config explain lists them all\n");
    assertThat(cli.config("explain", "--help")).isZero();
    assertThat(cli.out()).startsWith("weft config validate");
  }

  @Test
  void theReferenceHasEveryKey() {
    assertThat(cli.config("reference")).isZero();

    assertThat(cli.out())
        .contains("## fabric, node, identity\n", "## peers\n", "## mesh\n")
        .contains("| `channels.max` | a whole number, at least 1 | `1024` | Most channels open at once. | at once |")
        .contains("| `congestion.control` | text: bbr, cubic | `bbr` | How much may be in flight. | to new links |")
        .contains("| `name` | text | required | Name of the peer. | at once |")
        .contains("| `addresses` | list of text | `[]` | Where it is. | at once |");
  }
}
