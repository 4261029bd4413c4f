package io.weft.node.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.support.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitCliTest {

  @TempDir Path dir;
  private CliFixture cli;
  private Path secret;

  @BeforeEach
  void prepare() throws IOException {
    cli = new CliFixture(dir);
    secret = cli.home.resolve("conf/secrets/formation");
  }

  @Test
  void makesAHomeThatIsGoodAndClosedToOthers() throws IOException {
    assertThat(cli.init("--name", "a", "--fabric=demo", "--peer", "b=192.0.2.7:7450,[2001:db8::7]:7450", "--peer", "c",
        "--listen", "0.0.0.0:7450"))
        .isZero();

    assertThat(cli.out())
        .isEqualTo(
            "made %s: node a of fabric demo, listening on 0.0.0.0:7450\n".formatted(cli.config())
                + "made %s: the secret that all nodes of the fabric share\n\n".formatted(secret)
                + "Next:\n"
                + "  bring a copy of that secret safely to the other nodes, and run there: weft init --formation-from COPY ...\n"
                + "  weft config validate --home %s\n  weft run --home %s\n".formatted(cli.home, cli.home));
    assertThat(mode(cli.config())).isEqualTo("rw-------");
    assertThat(mode(secret)).isEqualTo("rw-------");
    assertThat(mode(secret.getParent())).isEqualTo("rwx------");
    assertThat(Files.readString(secret)).matches("[A-Za-z0-9_-]{43}\n");
    assertThat(cli.out()).doesNotContain(Files.readString(secret).strip());

    assertThat(cli.config("validate")).isZero();
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out()).startsWith("conf/weft.yaml is good: node a of fabric demo, 2 peers, 0 exposed services, 0 forwards;");
    cli.config("explain", "peers[0].addresses");
    assertThat(cli.out()).contains("[192.0.2.7:7450, [2001:db8::7]:7450]");
  }

  @Test
  void everySettingIsThereAsACommentThatCouldBeUsed() throws IOException {
    assertThat(cli.init("--name", "a")).isZero();
    String text = Files.readString(cli.config());
    assertThat(text).contains("# mesh:\n", "#   channels.max: 1024\n", "Most channels open at once. Applies at once.");

    int mesh = text.indexOf("# mesh:");
    int end = text.indexOf("\n\n", mesh);
    String used = text.substring(mesh, end < 0 ? text.length() : end).replaceAll("(?m)^# ?", "");
    cli.write(text + "\n" + used + "\n");
    assertThat(cli.config("validate")).isZero();
    cli.config("explain", "mesh.channels.max");
    assertThat(cli.out()).contains("1024", "conf/weft.yaml:");
  }

  @Test
  void aloneItListensToThisMachineAndSaysWhatToDo() {
    assertThat(cli.init("--name", "42")).isZero();
    assertThat(cli.out())
        .contains("node 42 of fabric weft, listening on 127.0.0.1:7450")
        .contains("to be reached from other machines, set transport.quic.listen to 0.0.0.0:7450 or the like")
        .contains("list the other nodes in the section peers of " + cli.config());
    assertThat(cli.config("validate")).isZero();
  }

  @Test
  void saysAsJsonWhatItMade() {
    assertThat(cli.init("--name", "a", "--json")).isZero();
    assertThat((Map<?, ?>) JsonReader.read(cli.out())).isEqualTo(Map.of("config", cli.config().toString(), "secret", secret.toString(),
        "secret_was", "made", "node", "a", "fabric", "weft", "listen", "127.0.0.1:7450"));
  }

  @Test
  void takesTheNameOfTheMachine() {
    assertThat(cli.init()).isZero();
    assertThat(cli.config("validate")).isZero();
  }

  @Test
  void peersWithHostNamesAreLookedUp() {
    assertThat(cli.init("--name", "a", "--peer", "b=b.example.org:7451")).isZero();
    assertThat(cli.config("explain", "discovery.basic.dns")).isZero();
    assertThat(cli.out()).contains("b.example.org", "7451");
  }

  @Test
  void neverOverwrites() throws IOException {
    cli.write("mine");
    assertThat(cli.init("--name", "a")).isEqualTo(3);
    assertThat(cli.err()).isEqualTo("weft init: " + cli.config()
        + " exists already; edit it, or choose another home with --home\n");
    assertThat(Files.readString(cli.config())).isEqualTo("mine");
    assertThat(secret).doesNotExist();
  }

  @Test
  void keepsASecretThatIsThere() throws IOException {
    Files.createDirectories(secret.getParent());
    Files.writeString(secret, "the secret of the fabric");
    assertThat(cli.init("--name", "a")).isZero();
    assertThat(cli.out()).contains("kept " + secret);
    assertThat(Files.readString(secret)).isEqualTo("the secret of the fabric");
  }

  @Test
  void takesTheSecretFromAFile() throws IOException {
    Path copy = Files.writeString(dir.resolve("copy"), "the secret of the fabric\n");
    assertThat(cli.init("--name", "a", "--formation-from", copy.toString())).isZero();
    assertThat(cli.out()).contains("copied " + secret).doesNotContain("bring a copy");
    assertThat(Files.readString(secret)).isEqualTo("the secret of the fabric\n");
    assertThat(mode(secret)).isEqualTo("rw-------");

    Files.delete(cli.config());
    Files.writeString(copy, "another secret of another fabric\n");
    assertThat(cli.init("--name", "a", "--formation-from", copy.toString())).isEqualTo(3);
    assertThat(cli.err()).isEqualTo("weft init: " + secret + " exists already and is another secret; remove one of the two\n");
    Files.writeString(copy, "short\n");
    assertThat(cli.init("--name", "a", "--formation-from", copy.toString())).isEqualTo(3);
    assertThat(cli.err())
        .isEqualTo("weft init: --formation-from: " + copy + " has 5 bytes; a formation secret has 16 to 65536\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--nam a | unexpected '--nam'; see weft init --help",
        "--name | --name needs a value; see weft init --help",
        "--name A | --name must be 1 to 63 of a-z, 0-9 and '-', with no '-' at either end, but is 'A'",
        "--peer b=x | --peer b: 'x': expected host:port such as 192.0.2.7:7450 or [2001:db8::7]:7450",
        "--listen localhost:1 | --listen: 'localhost:1' has a name where an IP address is needed, such as 0.0.0.0:7450",
        "--peer b=192.0.2.1:1,x.org:1 | --peer b: several addresses must all be IP addresses; a host name goes alone",
      })
  void whatIsNotUnderstoodIsAUsageError(String args, String message) {
    assertThat(cli.init(args.split(" "))).isEqualTo(2);
    assertThat(cli.err()).isEqualTo("weft init: " + message + "\n");
    assertThat(cli.config()).doesNotExist();
  }

  @Test
  void aNodeThatIsItsOwnPeerIsRefused() {
    assertThat(cli.init("--name", "a", "--peer", "a")).isEqualTo(3);
    assertThat(cli.err())
        .startsWith("weft init: these options do not make a good configuration: conf/weft.yaml:")
        .endsWith(": peers[0].name: is this node itself; list only the others\n");
    assertThat(secret).doesNotExist();
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
