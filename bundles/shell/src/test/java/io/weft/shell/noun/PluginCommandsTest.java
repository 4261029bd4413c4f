package io.weft.shell.noun;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.shell.FakeInstaller;
import io.weft.shell.Rig;
import io.weft.support.JsonReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class PluginCommandsTest {

  private final FakeInstaller installer = new FakeInstaller();
  private final Rig rig = new Rig().with(installer);

  @Test
  void showsThePlanAndDoesNothing() {
    rig.columns = 200;
    Rig.Result result = rig.run("plugin update", "/acme.jar");
    assertThat(result.exit()).isZero();
    assertThat(result.out()).startsWith("update acme.one 1.0.0 to 2.0.0\n").contains("acme.one  replace  1.0.0  2.0.0  signed by acme",
        "acme.user  it is wired to package acme.lib of acme.one", "io.weft.discovery.DiscoverySource  acme.one  acme.one  io.weft.directory",
        "acme.one.file  new", "package io.weft.discovery [1.0.0,2.0.0)  io.weft.api").endsWith("nothing was done; add --yes to do it\n");
    assertThat(installer.applied).isEmpty();
  }

  @Test
  void doesItWithYes() {
    Rig.Result result = rig.run("plugin update", "/acme.jar", "--yes");
    assertThat(result.out()).endsWith("change 2 is on trial\nacme.one 2.0.0 is active\n");
    assertThat(installer.applied).containsExactly("update acme.one 1.0.0 to 2.0.0");
  }

  @Test
  void whatRestartsTheNodeMustBeForced() {
    assertThat(rig.run("plugin update", "/risky.jar").out())
        .endsWith("nothing was done; add --yes to do it, and --force because of the above\n");
    Rig.Result refused = rig.run("plugin update", "/risky.jar", "--yes");
    assertThat(refused.exit()).isEqualTo(4);
    assertThat(refused.failure()).isEqualTo("it would restart what came with the node: io.weft.mesh");
    assertThat(rig.run("plugin update", "/risky.jar", "--yes", "--force").exit()).isZero();
  }

  @Test
  void whatIsRefusedIsOneLine() {
    assertThat(rig.run("plugin install", "/none.jar")).isEqualTo(new Rig.Result("", "cannot read /none.jar: no such file", 3));
    assertThat(rig.run("plugin install", "/stranger.jar")).isEqualTo(new Rig.Result("", "it is signed by nobody", 4));
    assertThat(rig.run("plugin start", "acme")).isEqualTo(
        new Rig.Result("", "no plugin 'acme' is installed; 'weft plugin list' lists all", 3));
  }

  @Test
  void aDryRunInJsonIsWhole() {
    Object json = JsonReader.read(rig.run("plugin rollback", "--json").out());
    assertThat(json).extracting("dry_run", "change").containsExactly(true, null);
    assertThat(json).extracting("plan.summary", "plan.core").containsExactly("rollback acme.one 1.0.0 to 2.0.0", List.of());
  }

  @Test
  void listsWhatIsBroken() {
    rig.columns = 200;
    assertThat(rig.run("plugin list").out()).contains("acme.one", "quarantined", "no file");
    assertThat(rig.run("plugin list", "--failed").out()).doesNotContain("acme.one").contains("acme.two");
    assertThat(rig.run("plugin list", "none").out()).isEqualTo("nothing was added to this node\n");
  }
}
