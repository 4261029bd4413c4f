package io.weft.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.support.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The JSON of every command, whole. Scripts read it: members may be added to these files, but neither renamed nor removed. The
 * reference shows these files, too. {@code -Dgolden.write=true} writes them anew.
 */
class GoldenJsonTest {

  static final Path GOLDEN = Path.of("src/test/resources/golden");

  static Stream<String> calls() {
    return Stream.of("status", "doctor", "help link", "node show", "link list", "link show b", "link close b", "link open c",
        "channel list",
        "service list", "service resolve files", "forward list", "forward add files --tcp 127.0.0.1:1",
        "forward remove 127.0.0.1:53 --udp",
        "peer list", "path explain b", "path nat", "relay list", "relay status", "broker list", "broker status", "secret list", "access list", "access test b pg", "health check", "config show", "config explain fabric",
        "listener list", "log level", "component list", "component show weft.mesh",
        "plugin search", "plugin show com.acme.vault", "plugin keys", "plugin catalogs", "plugin check src/test/resources/acme.jar",
        "plugin list", "plugin history", "plugin update /acme.jar --yes", "plugin start acme.one",
        "plugin install /acme.jar --yes", "plugin remove acme.one --yes", "plugin rollback --yes",
        "plugin why three.jar", "service explain io.weft.node.Timers",
        "feature list", "feature info dcs-etcd", "feature install dcs-etcd --yes", "feature remove dcs-etcd --yes",
        "dcs status", "dcs get app/flag", "dcs list app/", "dcs put app/flag off", "dcs delete app/flag",
        "billing status", "billing accounts", "billing balance 17", "billing ledger 17", "billing statement 17", "billing verify",
        "billing charge", "billing adjust 17 2.50 --reference x", "billing attach 17 0xab", "drill list", "drill run d1");
  }

  @ParameterizedTest
  @MethodSource("calls")
  void staysAsItIs(String call) throws IOException {
    String[] words = call.split(" ");
    Sample sample = new Sample();
    boolean single = sample.rig.commands().containsKey("weft:" + words[0]);
    String name = single ? words[0] : words[0] + " " + words[1];
    String[] rest = Stream.concat(Arrays.stream(words).skip(single ? 1 : 2), Stream.of("--json")).toArray(String[]::new);
    Rig.Result result = sample.rig.run(name, rest);
    String actual = result.out().replaceAll("\"pid\": \\d+", "\"pid\": 1").replaceAll("\"java\": \"[^\"]*\"", "\"java\": \"17\"")
        .replaceAll("\"took_ms\": \\d+", "\"took_ms\": 1").replace("src/test/resources/", "/srv/plugins/");
    assertThat(JsonReader.read(result.out())).isInstanceOf(java.util.Map.class);
    Path file = GOLDEN.resolve(name.replace(' ', '-') + ".json");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(file, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(file));
  }

  @Test
  void noSecretIsEverPrinted() {
    Sample sample = new Sample();
    for (String command : new String[] {"secret list", "config show", "status", "node show"}) {
      assertThat(sample.rig.run(command).out() + sample.rig.run(command, "--json").out()).doesNotContain("hunter2");
    }
  }
}
