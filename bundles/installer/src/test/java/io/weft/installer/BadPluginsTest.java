package io.weft.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.installer.sample.Blocking;
import io.weft.installer.sample.Failing;
import io.weft.installer.sample.Leaking;
import io.weft.installer.sample.Nonsense;
import io.weft.plugin.InstalledPlugin;
import io.weft.plugin.InstalledPlugin.State;
import io.weft.plugin.PluginRequest.Verb;
import io.weft.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleActivator;

/** Plugins that do what they must not: nobody else may notice, and an operator must see why. */
class BadPluginsTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void open() throws Exception {
    rig = new Rig(folder);
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private Path jar(String name, Class<? extends BundleActivator> activator) {
    return TestJar.of(folder, name, "1.0.0", activator);
  }

  @Test
  void oneThatBlocksDelaysNobody() throws Exception {
    rig.apply(Verb.install, jar("acme.blocking", Blocking.class));
    assertThat(rig.plugin("acme.blocking").state()).as("the caller is back").isEqualTo(State.starting);
    rig.apply(Verb.install, TestJar.of(folder, "acme.good", "1.0.0"));
    assertThat(rig.plugin("acme.good").state()).isEqualTo(State.active);
    Await.until("it to block", LONG, Rig::blocks);
    rig.time.advance(Rig.START_MAX.plusSeconds(1));
    Await.until("its end", LONG, () -> rig.plugin("acme.blocking").state() == State.failed);
    assertThat(rig.plugin("acme.blocking").reason())
        .matches("its start did not come back within 36000000 ms; it is at .*Blocking.start.*");
  }

  @Test
  void afterThreeFailuresItIsQuarantined() throws Exception {
    rig.apply(Verb.install, jar("acme.failing", Failing.class));
    assertThat(rig.plugin("acme.failing")).matches(p -> p.state() == State.failed && p.failures() == 1)
        .extracting(InstalledPlugin::reason).isEqualTo("it did not start: NoClassDefFoundError: org/example/Gone");
    Await.until("the quarantine", LONG, () -> {
      rig.time.advance(Duration.ofSeconds(1));
      return rig.plugin("acme.failing").state() == State.quarantined;
    });
    assertThat(rig.plugin("acme.failing").failures()).isEqualTo(3);
    rig.installer.close();
    rig.open(); // as after a restart
    assertThat(rig.plugin("acme.failing")).matches(p -> p.state() == State.quarantined && p.reason().contains("NoClassDefFoundError"));
    assertThat(rig.installer.start("acme.failing")).matches(p -> p.state() == State.failed && p.failures() == 1);
  }

  @Test
  void oneThatRegistersNonsenseSaysSo() throws Exception {
    rig.apply(Verb.install, jar("acme.nonsense", Nonsense.class));
    assertThat(rig.plugin("acme.nonsense").reason())
        .startsWith("it did not start: IllegalArgumentException: Service object is not an instance of");
  }

  @Test
  void aThreadThatIsLeftIsFound() throws Exception {
    rig.apply(Verb.install, jar("acme.leaking", Leaking.class));
    LeftBehind left = LeftBehind.of(rig.bundle("acme.leaking"));
    rig.apply(Verb.remove, "acme.leaking");
    assertThat(left.threads()).containsExactly("leaked");
    Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().equals("leaked")).forEach(java.util.concurrent.locks.LockSupport::unpark);
  }

  @Test
  void theyAreStartedAgainAfterARestart() throws Exception {
    rig.apply(Verb.install, TestJar.of(folder, "acme.good", "1.0.0"));
    rig.apply(Verb.install, jar("acme.blocking", Blocking.class));
    rig.installer.close();
    rig.bundle("acme.good").stop();
    rig.open();
    Await.until("the good one", LONG, () -> rig.plugin("acme.good").state() == State.active);
  }
}
