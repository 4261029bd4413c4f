package io.weft.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.plugin.PluginStanding;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What there is, and what may run. */
class CatalogCommandsTest {

  @TempDir
  Path folder;

  @Test
  void whatThereIsIsListedAndShown() {
    assertThat(run("plugin search")).contains("com.acme.vault", "1.2.0", "SecretSource", "acme");
    assertThat(run("plugin search", "nothing")).contains("no plugin is listed");
    assertThat(run("plugin show", "com.acme.vault")).contains("provides service io.weft.secret.SecretSource", "needs package io.weft.secret 1.0.0",
        "20480", "not installed", "install and update take 1.2.0 of the catalogue acme");
    assertThat(run("plugin show", "com.none")).contains("no catalogue lists 'com.none'", "something is wrong with gone");
    assertThat(run("plugin catalogs")).contains("https://plugins.example.com/acme/", "cannot be reached");
    assertThat(run("plugin keys")).contains("com.acme.", "trusted");
  }

  @Test
  void aJarThatMayNotRunSaysWhy() throws Exception {
    Path jar = Files.createFile(folder.resolve("a.jar"));
    assertThat(run("plugin check", jar.toString())).contains("may not run", "it is not signed");
    assertThat(run("plugin check", "/none.jar")).contains("no file '/none.jar'");
  }

  @Test
  void whatIsSaidOfAJarStaysAsItIs() throws Exception {
    String jar = Files.createFile(folder.resolve("a.jar")).toString();
    SamplePlugins plugins = new SamplePlugins();
    Rig rig = new Rig().with(plugins);
    assertThat(rig.run("plugin check", jar)).isEqualTo(new Rig.Result("com.acme.vault 1.2.0 may not run: it is not signed\n", "it is not signed", 1));
    plugins.standing = PluginStanding.UNSIGNED;
    assertThat(rig.run("plugin check", jar))
        .isEqualTo(new Rig.Result("com.acme.vault 1.2.0 may run: nobody signed it, and this node runs such\n", "", 0));
    plugins.standing = PluginStanding.SIGNED;
    assertThat(rig.run("plugin check", jar)).isEqualTo(new Rig.Result("com.acme.vault 1.2.0 may run: signed by acme\n", "", 0));
  }

  @Test
  void thatAnythingMayRunIsRedOnATerminalAndInWordsElsewhere() {
    Sample sample = new Sample();
    SamplePlugins plugins = new SamplePlugins();
    plugins.unsigned = true;
    sample.rig.without(SamplePlugins.class).with(plugins);
    sample.health.results.add(new HealthResult("plugins", HealthKind.posture, HealthStatus.critical, "plugins run that nobody has signed"));
    for (boolean tty : new boolean[] {true, false}) {
      sample.rig.tty = tty;
      sample.rig.columns = 200;
      String critical = tty ? "\u001b[31mcritical\u001b[0m" : "critical";
      for (String command : new String[] {"status", "health check"}) {
        assertThat(sample.rig.run(command).out().lines()).as(command)
            .anyMatch(line -> line.contains("plugins run that nobody has signed") && line.contains(critical) && tty == line.contains("\u001b"));
      }
      assertThat(sample.rig.run("plugin keys").out()).contains((tty ? "\u001b[31m" : "") + "plugins run that nobody has signed");
      assertThat(sample.rig.run("status").exit()).as("posture alone fails nothing").isZero();
    }
  }

  private static String run(String words, String... args) {
    Rig rig = new Rig().with(new SamplePlugins());
    rig.columns = 200;
    Rig.Result result = rig.run(words, args);
    return result.out() + result.failure();
  }
}
