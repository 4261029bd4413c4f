package io.weft.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.channel.AccessRules;
import io.weft.channel.Fabric;
import io.weft.link.Links;
import io.weft.node.Health;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Node;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Spec;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandsTest {

  private final Sample sample = new Sample();

  static Stream<Spec> specs() {
    return new Rig().commands().values().stream().map(Command::spec);
  }

  @ParameterizedTest
  @MethodSource("specs")
  void everyCommandExplainsItself(Spec spec) {
    Rig.Result help = sample.rig.run(spec.words(), "--help");
    assertThat(help.exit()).isZero();
    assertThat(help.out()).contains(spec.summary()).contains("Usage: weft " + spec.words()).contains("Examples")
        .contains("--json");
    assertThat(spec.examples()).isNotEmpty().allMatch(e -> e.line().startsWith("weft " + spec.words()));
    assertThat(spec.summary()).doesNotEndWith(".").hasSizeLessThan(76);
    assertThat(spec.options()).allMatch(o -> o.name().startsWith("--") && o.description().endsWith("."));
    assertThat(sample.rig.run(spec.words(), "-h").out()).isEqualTo(help.out());
  }

  @ParameterizedTest
  @MethodSource("specs")
  void anUnknownOptionIsOneLineAndExitTwo(Spec spec) {
    Rig.Result result = sample.rig.run(spec.words(), "--frobnicate\u001b[2J");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.failure()).isEqualTo(spec.words() + " has no option '--frobnicate [2J'; see '" + spec.words() + " --help'");
  }

  @ParameterizedTest
  @MethodSource("specs")
  void withoutAnyServiceACommandSaysWhatIsMissing(Spec spec) {
    Rig bare = new Rig();
    String[] args = spec.arguments().stream().filter(Spec.Argument::required).map(a -> a.name().equals("URL") ? "file:/none.jar"
        : "x")
        .toArray(String[]::new);
    String[] all = spec.words().equals("forward add") ? new String[] {"x", "--tcp", "127.0.0.1:1"} : args;
    Rig.Result result = bare.run(spec.words(), all);
    assertThat(result.exit()).isIn(0, 2, 3);
    assertThat(result.failure()).doesNotContain("\n");
  }

  @Test
  void whatIsMissingIsNamed() {
    Rig bare = new Rig();
    assertThat(bare.run("link list")).isEqualTo(new Rig.Result("", "mesh is not running (bundle x is not installed)", 3));
    assertThat(bare.run("status").failure()).isEqualTo("node is not running (bundle x is not installed)");
    assertThat(bare.run("forward list").failure()).startsWith("forward is not running");
  }

  @Test
  void argumentsAreChecked() {
    assertThat(sample.rig.run("link show").failure())
        .isEqualTo("link show needs PEER (name of the peer); see 'link show --help'");
    assertThat(sample.rig.run("link show", "b", "c").failure()).isEqualTo("link show does not take 'c'; see 'link show --help'");
    assertThat(sample.rig.run("link list", "--state").failure())
        .isEqualTo("link list needs a value after --state: STATE; see 'link list --help'");
    assertThat(sample.rig.run("link list", "--json=1").failure())
        .isEqualTo("link list takes no value for --json; see 'link list --help'");
    assertThat(sample.rig.run("link list", "--state=up", "--state", "up").exit()).isEqualTo(2);
    assertThat(sample.rig.run("link list", "--state=up").out()).contains("b").doesNotContain("backoff");
    assertThat(sample.rig.run("link list", "--state=upp").failure()).contains("knows no state 'upp'");
    assertThat(sample.rig.run("link show", "--", "-x").failure()).isEqualTo("no peer '-x'; known are b, c");
  }

  @Test
  void linkTableOnANarrowTerminal() {
    sample.rig.tty = true;
    for (int columns : new int[] {200, 80, 40, 20, 5, 1}) {
      sample.rig.columns = columns;
      String plain = sample.rig.run("link list").out().replaceAll("\u001b\\[[0-9;]*m", "");
      assertThat(plain.lines()).hasSize(3).allMatch(l -> l.length() <= columns);
    }
  }

  @Test
  void nothingIsCutOrColouredForAPipe() {
    sample.rig.columns = 20;
    assertThat(sample.rig.run("link list").out()).contains("peer_silent: nothing heard for 15 s").doesNotContain("\u001b");
  }

  @Test
  void closingALinkIsADryRunUnlessYes() {
    assertThat(sample.rig.run("link close", "b").out()).isEqualTo("""
        would close the link to b (up): 3 channels cut at both ends; it is dialled again after a backoff
        nothing was done; add --yes to do it
        """);
    assertThat(sample.links.calls).isEmpty();
    assertThat(sample.rig.run("link close", "b", "--yes", "--stay", "--reason", "tea").out())
        .isEqualTo("link to b closed; it stays closed until the peer dials or 'weft link open b'\n");
    assertThat(sample.links.calls).containsExactly("close b operator: tea stay=true");
  }

  @Test
  void openingALink() {
    assertThat(sample.rig.run("link open", "b").out()).isEqualTo("link to b is up already\n");
    assertThat(sample.rig.run("link open", "c").out()).startsWith("dialling c");
    assertThat(sample.rig.run("link open", "z")).isEqualTo(new Rig.Result("", "no peer 'z'; known are b, c", 3));
  }

  @Test
  void forwardsAreAddedAndRemoved() {
    assertThat(sample.rig.run("forward add", "pg", "--at", "b", "--tcp", "127.0.0.1:15432").out())
        .isEqualTo("127.0.0.1:15432 (tcp) leads to pg at b until this node restarts\n");
    assertThat(sample.rig.run("forward add", "pg").exit()).isEqualTo(2);
    assertThat(sample.rig.run("forward add", "PG!", "--tcp", "x").failure()).contains("service name must be 1 to 63 of a-z");
    sample.forwards.failure = new IllegalStateException("127.0.0.1:80: address in use");
    assertThat(sample.rig.run("forward add", "pg", "--tcp", "127.0.0.1:80"))
        .isEqualTo(new Rig.Result("", "127.0.0.1:80: address in use", 3));
    assertThat(sample.rig.run("forward remove", "127.0.0.1:15432").out()).isEqualTo("127.0.0.1:15432 closed\n");
    assertThat(sample.rig.run("forward remove", "127.0.0.1:15432").exit()).isEqualTo(3);
    assertThat(sample.rig.run("forward remove", "127.0.0.1:18080").out())
        .contains("would close 127.0.0.1:18080 and cut 1 connection\n");
    assertThat(sample.rig.run("forward remove", "127.0.0.1:18080", "--yes").failure())
        .isEqualTo("127.0.0.1:18080 is from weft.yaml; remove it there");
  }

  @Test
  void accessTestExitsOneIfDenied() {
    assertThat(sample.rig.run("access test", "b", "pg")).isEqualTo(new Rig.Result("allowed: allow b (expose pg)\n", "", 0));
    assertThat(sample.rig.run("access test", "z", "pg")).isEqualTo(new Rig.Result("",
        "z may not use pg (tcp) here: default deny", 1));
    assertThat(sample.rig.run("access test", "b", "pg", "--udp").exit()).isEqualTo(1);
  }

  @Test
  void resolvingAnUnknownServiceExitsOne() {
    assertThat(sample.rig.run("service resolve", "files").out()).contains("OFFERED BY").contains("0.40 ms")
        .contains("127.0.0.1:18080");
    assertThat(sample.rig.run("service resolve", "nope").exit()).isEqualTo(1);
  }

  @Test
  void healthDecidesTheExitCode() {
    assertThat(sample.rig.run("health check").exit()).isZero();
    assertThat(sample.rig.run("status").exit()).isZero();
    assertThat(sample.rig.run("health check", "--kind", "posture")).satisfies(r -> {
      assertThat(r.exit()).isEqualTo(1);
      assertThat(r.failure()).startsWith("posture of identity is warn (formation mode");
    });
    sample.health.results.add(new HealthResult("mesh", HealthKind.readiness, HealthStatus.unknown, "no answer"));
    assertThat(sample.rig.run("health check", "--kind=liveness").exit()).isZero();
    assertThat(sample.rig.run("health check").failure()).isEqualTo("readiness of mesh is unknown (no answer)");
    assertThat(sample.rig.run("status", "--json").exit()).isEqualTo(1);
    assertThat(sample.rig.run("health check", "--kind", "mood").exit()).isEqualTo(2);
  }

  @Test
  void statusWithoutMeshOrHealthIsNotOk() {
    sample.rig.without(Links.class).without(Fabric.class).without(AccessRules.class);
    Rig.Result result = sample.rig.run("status");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.failure()).isEqualTo("mesh is not running (bundle x is not installed)");
    assertThat(result.out()).contains("problem: mesh is not running");
    sample.rig.without(Health.class);
    assertThat(sample.rig.run("status").failure())
        .isEqualTo("liveness of health is unknown (health is not running (bundle x is not installed))");
    sample.rig.without(Node.class);
    assertThat(sample.rig.run("status").exit()).isEqualTo(3);
  }

  @Test
  void statusShowsAnotherConfigurationOfAPeer() {
    sample.node.sharedDigest = "ffffffffffff";
    assertThat(sample.rig.run("status").out()).contains("its configuration differs (d1g35700cafe)");
    assertThat(sample.rig.run("link show", "b").out()).contains("differs: d1g35700cafe there, ffffffffffff here");
  }

  @Test
  void configuration() {
    assertThat(sample.rig.run("config show", "--changed").out()).contains("weft.yaml:1").doesNotContain("0.0.0.0:7450")
        .contains("AFTER A RESTART");
    assertThat(sample.rig.run("config show", "transport").out()).contains("transport.quic.listen").doesNotContain("identity");
    assertThat(sample.rig.run("config explain", "fabric").out()).contains("prod");
    assertThat(sample.rig.run("config explain", "quic.listen").failure())
        .isEqualTo("no key 'quic.listen' is in force; there is transport.quic.listen");
    sample.settings.problems.add("weft.yaml:7: forward[0].tpc: unknown key");
    assertThat(sample.rig.run("config show").out()).contains("not applied: weft.yaml:7: forward[0].tpc: unknown key");
  }

  @Test
  void logLevels() {
    assertThat(sample.rig.run("log level", "io.weft.mesh", "debug").out()).contains("io.weft.mesh  debug");
    assertThat(sample.rig.run("log level", "io.weft.mesh", "loud").exit()).isEqualTo(2);
    assertThat(sample.rig.run("log level", "io.weft.mesh", "default").out())
        .isEqualTo("io.weft.mesh has no level of its own; it inherits\n");
  }

  @Test
  void listenersTellWhoCanReachThem() {
    assertThat(sample.rig.run("listener list").out().lines()).anyMatch(l -> l.contains("0.0.0.0:7450")
        && l.endsWith("the network"))
        .anyMatch(l -> l.contains("127.0.0.1:18080") && l.endsWith("this machine")).anyMatch(l -> l.contains("control.sock")
        && l.endsWith("this user"));
  }

  @Test
  void componentsSayWhatTheyWaitFor() {
    assertThat(sample.rig.run("component list", "--waiting").out()).contains("waits for io.weft.node.Timers with (kind=wheel)")
        .doesNotContain("weft.directory");
    assertThat(sample.rig.run("component show", "nope").exit()).isEqualTo(3);
  }

  @Test
  void helpListsAndExplains() {
    assertThat(sample.rig.run("help").out()).contains("link list").contains("List the links of this node").contains("status");
    assertThat(sample.rig.run("help", "link", "close").out()).isEqualTo(sample.rig.run("link close", "--help").out());
    assertThat(sample.rig.run("help", "status").out()).isEqualTo(sample.rig.run("status", "--help").out());
    assertThat(sample.rig.run("help", "link").out().lines()).hasSize(5);
    assertThat(sample.rig.run("help", "nope").exit()).isEqualTo(2);
  }

  @Test
  void helpListsPlainGogoCommandsToo() {
    sample.rig.processor.addCommand("acme", new Plain(), "hello");
    sample.rig.processor.addCommand("gogo", new Plain(), "hello");
    assertThat(sample.rig.run("help").out()).containsPattern("acme hello +says hello")
        .contains("Gogo's own are under gogo: 'weft help gogo'");
    assertThat(sample.rig.run("help", "gogo").out()).contains("gogo hello");
  }

  @Test
  void theShellNeedsATerminal() {
    assertThat(sample.rig.run("shell")).isEqualTo(new Rig.Result("", "the shell needs a terminal; start it with 'weft shell'",
        3));
  }

  @Test
  void noCommandIsMissing() {
    assertThat(sample.rig.commands().keySet()).containsAll(Arrays.asList("weft:status", "weft:help", "node:show", "link:list",
        "link:show",
        "link:close", "link:open", "channel:list", "service:list", "service:resolve", "forward:list", "forward:add",
        "forward:remove",
        "peer:list", "secret:list", "access:list", "access:test", "health:check", "config:show", "config:explain",
        "listener:list",
        "log:level", "bundle:list", "bundle:show", "bundle:install", "bundle:update", "bundle:start", "bundle:stop",
        "bundle:uninstall",
        "bundle:services", "component:list", "component:show", "weft:shell"));
  }

  /** As a stranger would write it. */
  public static final class Plain {
    @org.apache.felix.service.command.Descriptor("says hello")
    public String hello(String name) {
      return "hello " + name;
    }
  }
}
