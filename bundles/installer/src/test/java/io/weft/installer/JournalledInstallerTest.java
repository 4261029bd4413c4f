package io.weft.installer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.installer.sample.Failing;
import io.weft.installer.sample.Serving;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.plugin.InstalledPlugin.State;
import io.weft.plugin.PluginPlan;
import io.weft.plugin.PluginPlan.Kind;
import io.weft.plugin.PluginRefused;
import io.weft.plugin.PluginRequest.Verb;
import io.weft.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

class JournalledInstallerTest {

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

  private Path jar(String name, String version, String... headers) {
    return TestJar.of(folder, name, version, headers);
  }

  @Test
  void aPlanChangesNothing() throws Exception {
    PluginPlan plan = rig.plan(Verb.install, jar("acme.one", "1.0.0"));
    assertThat(plan.summary()).isEqualTo("install acme.one 1.0.0");
    assertThat(plan.moves()).singleElement().matches(m -> m.kind() == Kind.add && m.from().isEmpty() && m.to().equals("1.0.0"));
    assertThat(plan.mustBeForced()).isFalse();
    assertThat(rig.installer.installed()).isEmpty();
    assertThat(rig.installer.history()).isEmpty();
  }

  @Test
  void installsUpdatesRemovesAndGoesBack() throws Exception {
    rig.apply(Verb.install, jar("acme.one", "1.0.0"));
    assertThat(rig.plugin("acme.one")).matches(p -> p.state() == State.active && p.version().equals("1.0.0") && p.origin().equals("plugin"));
    assertThat(rig.steps).containsExactly("staged", "begun", "added acme.one", "refreshed", "applied", "started acme.one");
    long id = rig.bundle("acme.one").getBundleId();
    rig.apply(Verb.update, jar("acme.one", "2.0.0"));
    assertThat(rig.version("acme.one")).isEqualTo("2.0.0");
    assertThat(rig.bundle("acme.one").getBundleId()).isEqualTo(id);
    rig.apply(Verb.rollback);
    assertThat(rig.version("acme.one")).isEqualTo("1.0.0");
    rig.apply(Verb.rollback);
    assertThat(rig.version("acme.one")).as("once more is forward again").isEqualTo("2.0.0");
    rig.apply(Verb.remove, "acme.one");
    assertThat(rig.installer.installed()).isEmpty();
    rig.apply(Verb.rollback);
    assertThat(rig.plugin("acme.one").state()).isEqualTo(State.active);
    assertThat(rig.installer.history()).hasSize(6).first().matches(c -> c.id() == 6 && c.summary().equals("rollback acme.one 2.0.0"));
  }

  @Test
  void namesExactlyWhatRestarts() throws Exception {
    rig.apply(Verb.install, jar("acme.lib", "1.0.0", "Export-Package", "acme.lib;version=1.0"));
    rig.apply(Verb.install, jar("acme.user", "1.0.0", "Import-Package", "acme.lib;version=\"[1.0,2)\""));
    rig.apply(Verb.install, jar("acme.other", "1.0.0"));
    Path next = jar("acme.lib", "1.1.0", "Export-Package", "acme.lib;version=1.1");
    PluginPlan plan = rig.plan(Verb.update, next);
    assertThat(plan.restarts()).singleElement()
        .isEqualTo(new PluginPlan.Restart("acme.user", "it is wired to package acme.lib [1.0.0,2.0.0) of acme.lib"));
    assertThat(plan.core()).isEmpty();
    long[] restarted = {0, 0};
    rig.framework.getBundleContext().addBundleListener(event -> {
      if (event.getType() == org.osgi.framework.BundleEvent.STARTED) {
        restarted["acme.user".equals(event.getBundle().getSymbolicName()) ? 0
            : "acme.other".equals(event.getBundle().getSymbolicName()) ? 1 : 0]++;
      }
    });
    rig.apply(Verb.update, next);
    assertThat(rig.bundle("acme.user").getState()).isEqualTo(Bundle.ACTIVE);
    assertThat(rig.plan(Verb.remove, "acme.lib").problems())
        .containsExactly("acme.user would not run any more: it needs package acme.lib [1.0.0,2.0.0) of acme.lib");
    assertThatThrownBy(() -> rig.apply(Verb.remove, "acme.lib")).isInstanceOf(PluginRefused.class).hasMessageContaining("acme.user");
  }

  @Test
  void twoThatNeedEachOtherComeTogether() throws Exception {
    Path lib = jar("acme.lib", "1.0.0", "Export-Package", "acme.lib;version=1.0");
    Path user = jar("acme.user", "1.0.0", "Import-Package", "acme.lib;version=\"[1.0,2)\"");
    PluginPlan plan = rig.plan(Verb.install, user, lib);
    assertThat(plan.wires()).contains(new PluginPlan.Wire("acme.user", "package acme.lib [1.0.0,2.0.0)", "acme.lib"));
    rig.installer.apply(plan, false);
    assertThat(rig.plugin("acme.user").state()).isEqualTo(State.active);
  }

  @Test
  void whatImportsWhatDoesNotExistIsRefusedUnlessForced() throws Exception {
    rig.apply(Verb.install, jar("acme.lib", "1.0.0", "Export-Package", "acme.lib;version=1.1"));
    PluginPlan plan = rig.plan(Verb.install, jar("acme.bad", "1.0.0", "Import-Package", "acme.lib;version=\"[1.2,2)\",acme.none"));
    assertThat(plan.problems()).containsExactly("acme.bad needs package acme.lib [1.2.0,2.0.0), have 1.1.0 from acme.lib",
        "acme.bad needs package acme.none, which nothing exports");
    assertThatThrownBy(() -> rig.installer.apply(plan, false)).isInstanceOf(PluginRefused.class);
    rig.installer.apply(plan, true);
    assertThat(rig.plugin("acme.bad")).matches(p -> p.state() == State.failed && p.reason().contains("acme.none, which nothing exports"));
    // It is not given up on: what it needs may come.
    rig.apply(Verb.install, jar("acme.none", "1.0.0", "Export-Package", "acme.none,acme.lib;version=1.2"));
    Await.until("the one that waited", LONG, () -> rig.plugin("acme.bad").state() == State.active);
  }

  @Test
  void aCoreBundleRestartsOnlyIfForced() throws Exception {
    Path lib = jar("acme.lib", "1.0.0", "Export-Package", "acme.lib");
    rig.apply(Verb.install, lib);
    Path core = jar("io.weft.core", "1.0.0", "Import-Package", "acme.lib");
    rig.framework.getBundleContext().installBundle("reference:" + core.toUri()).start();
    PluginPlan plan = rig.plan(Verb.update, jar("acme.lib", "1.1.0", "Export-Package", "acme.lib"));
    assertThat(plan.core()).containsExactly("io.weft.core");
    assertThatThrownBy(() -> rig.installer.apply(plan, false)).isInstanceOf(PluginRefused.class)
        .hasMessage("it would restart what came with the node: io.weft.core");
    assertThat(rig.version("acme.lib")).isEqualTo("1.0.0");
    rig.installer.apply(plan, true);
    assertThat(rig.version("acme.lib")).isEqualTo("1.1.0");
  }

  @Test
  void saysWhichServicesChangeHands() throws Exception {
    Path one = TestJar.of(folder, "acme.serving", "1.0.0", Serving.class);
    rig.apply(Verb.install, one);
    PluginPlan plan = rig.plan(Verb.update, TestJar.of(folder, "acme.serving", "2.0.0", Serving.class, "Provide-Capability",
        "osgi.service;objectClass:List<String>=\"java.util.concurrent.Executor,acme.More\""));
    assertThat(plan.handovers()).extracting(h -> h.service() + " " + h.from() + ">" + h.to()).containsExactly(
        "acme.More >acme.serving", "java.util.concurrent.Executor acme.serving>acme.serving");
  }

  @Test
  void isKeptWhenTheNodeWasWellForAWhile() throws Exception {
    rig.apply(Verb.install, jar("acme.one", "1.0.0"));
    assertThat(rig.outcome()).isEqualTo("on trial");
    awaitOutcome("kept");
    assertThat(rig.time.now()).isAfterOrEqualTo(new io.weft.testkit.ManualTime().now().plusSeconds(120));
  }

  @Test
  void comesBackIfTheNodeIsUnwell() throws Exception {
    HealthResult old = new HealthResult("links", HealthKind.readiness, HealthStatus.critical, "0 of 2 up");
    rig.health.results.add(old);
    rig.apply(Verb.install, jar("acme.one", "1.0.0"));
    awaitOutcome("kept"); // what was wrong before is not blamed on it
    rig.apply(Verb.update, jar("acme.one", "2.0.0"));
    rig.health.results.add(new HealthResult("forward", HealthKind.readiness, HealthStatus.critical, "does not listen"));
    awaitOutcome("put back: the node was unwell for 30 s: forward does not listen");
    Await.until("the old one", LONG, () -> rig.version("acme.one").equals("1.0.0") && rig.plugin("acme.one").state() == State.active);
  }

  @Test
  void anUpdateThatDoesNotStartComesBackAtOnce() throws Exception {
    rig.apply(Verb.install, jar("acme.one", "1.0.0"));
    rig.apply(Verb.update, TestJar.of(folder, "acme.one", "2.0.0", Failing.class));
    awaitOutcome("put back: acme.one 2.0.0: it did not start: NoClassDefFoundError: org/example/Gone");
    Await.until("the old one", LONG, () -> rig.version("acme.one").equals("1.0.0") && rig.plugin("acme.one").state() == State.active);
  }

  @Test
  void refusesWhatMakesNoSense() throws Exception {
    Path one = jar("acme.one", "1.0.0");
    Path text = Files.writeString(folder.resolve("text.jar"), "not a jar");
    refused(Verb.install, "/none.jar", "no such file");
    refused(Verb.install, text, "may not run here: it is no jar");
    refused(Verb.install, "some.jar", "give the whole path");
    refused(Verb.install, "acme.one", "no catalogue is configured");
    refused(Verb.install, "nothing:x", "is not a URL that can be read here");
    refused(Verb.update, one, "no plugin 'acme.one' is installed");
    refused(Verb.remove, "acme.one", "no plugin 'acme.one' is installed");
    rig.apply(Verb.install, one);
    refused(Verb.install, one, "is installed already, in version 1.0.0");
    refused(Verb.update, one, "installed already, byte for byte");
    refused(Verb.remove, "acme", "there is acme.one");
    assertThatThrownBy(() -> rig.plan(Verb.remove, "acme.one", "acme.one")).hasMessage("acme.one is named twice");
    assertThatThrownBy(() -> rig.plan(Verb.install)).isInstanceOf(IllegalArgumentException.class);
  }

  private void refused(Verb verb, Object what, String message) {
    assertThatThrownBy(() -> rig.plan(verb, what)).isInstanceOf(PluginRefused.class).hasMessageContaining(message);
  }

  @Test
  void aPlanOfYesterdayIsNotApplied() throws Exception {
    PluginPlan plan = rig.plan(Verb.install, jar("acme.one", "1.0.0"));
    rig.apply(Verb.install, jar("acme.two", "1.0.0"));
    assertThatThrownBy(() -> rig.installer.apply(plan, true)).hasMessageContaining("plan it again");
  }

  @Test
  void whatWasPlannedIsInstalledAlsoIfTheFileChangesMeanwhile() throws Exception {
    PluginPlan plan = rig.plan(Verb.install, jar("acme.one", "1.0.0"));
    jar("acme.one", "1.0.0", "Bundle-Name", "other bytes in the same file");
    rig.installer.apply(plan, false);
    assertThat(rig.bundle("acme.one").getHeaders().get("Bundle-Name")).isNull();
    PluginPlan other = rig.plan(Verb.install, jar("acme.two", "1.0.0"));
    Files.writeString(other.moves().get(0).jar().orElseThrow(), "changed in staging");
    assertThatThrownBy(() -> rig.installer.apply(other, true)).hasMessageContaining("changed since this was planned");
  }

  private void awaitOutcome(String outcome) {
    Await.until(outcome, LONG, () -> {
      rig.time.advance(Duration.ofSeconds(1));
      return rig.outcome().equals(outcome);
    });
  }
}
