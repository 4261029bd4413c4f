package io.weft.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.installer.sample.Serving;
import io.weft.plugin.InstalledPlugin.State;
import io.weft.plugin.PluginPlan;
import io.weft.plugin.PluginPlan.Wire;
import io.weft.plugin.PluginRequest.Verb;
import io.weft.testkit.Await;
import java.nio.file.Path;
import java.util.HashSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan says would happen, and what the framework says happened when it was followed: neither more nor less. */
class PlanTruthTest {

  private static final String LIB = "acme.lib;version=\"[1.0,2)\"";
  private static final String EXECUTOR = "osgi.service;objectClass:List<String>=\"java.util.concurrent.Executor\"";

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

  private Path lib(String version) {
    return jar("acme.lib", version, "Export-Package", "acme.lib;version=" + version);
  }

  /** Follows a plan and compares. */
  private PluginPlan follow(Verb verb, Object... what) throws Exception {
    PluginPlan plan = rig.plan(verb, what);
    try (Witness witness = new Witness(rig.framework.getBundleContext())) {
      rig.installer.apply(plan, true);
      Await.until("those that restart", Rig.LONG, () -> rig.installer.installed().stream().allMatch(p -> p.state() == State.active));
      assertThat(witness.moved()).as("moves").isEqualTo(Witness.moved(plan));
      assertThat(witness.disturbed(plan)).as("restarts").isEqualTo(Witness.disturbedBy(plan));
      assertThat(witness.handedOver(plan)).as("services").isEqualTo(Witness.handedOverBy(plan));
      assertThat(witness.wired(plan)).as("wires").isEqualTo(new HashSet<>(plan.wires()));
    }
    return plan;
  }

  @Test
  void ofAnInstall() throws Exception {
    follow(Verb.install, lib("1.0.0"));
    PluginPlan plan = follow(Verb.install, jar("acme.user", "1.0.0", "Import-Package", LIB));
    assertThat(plan.wires()).containsExactly(new Wire("acme.user", "package acme.lib [1.0.0,2.0.0)", "acme.lib"));
    assertThat(plan.restarts()).isEmpty();
  }

  @Test
  void ofALibraryWithTwoDependentsAndWhatHangsOnThose() throws Exception {
    rig.apply(Verb.install, lib("1.0.0"));
    rig.apply(Verb.install, jar("acme.one", "1.0.0", "Import-Package", LIB));
    rig.apply(Verb.install, jar("acme.two", "1.0.0", "Require-Bundle", "acme.lib", "Export-Package", "acme.two"));
    rig.apply(Verb.install, jar("acme.two.user", "1.0.0", "Import-Package", "acme.two"));
    rig.apply(Verb.install, jar("acme.maybe", "1.0.0", "Import-Package", LIB + ";resolution:=optional"));
    rig.apply(Verb.install, jar("acme.other", "1.0.0"));
    assertThat(Witness.disturbedBy(follow(Verb.update, lib("1.1.0")))).containsExactly("acme.maybe", "acme.one", "acme.two", "acme.two.user");
    follow(Verb.update, jar("acme.one", "1.1.0", "Import-Package", LIB));
    follow(Verb.remove, "acme.two.user");
    follow(Verb.remove, "acme.two", "acme.one");
    assertThat(Witness.disturbedBy(follow(Verb.remove, "acme.lib"))).as("who can do without").containsExactly("acme.maybe");
    follow(Verb.rollback);
  }

  @Test
  void ofALibraryAndItsDependentAtOnce() throws Exception {
    follow(Verb.install, jar("acme.user", "1.0.0", "Import-Package", LIB), lib("1.0.0"));
    follow(Verb.update, jar("acme.user", "1.1.0", "Import-Package", LIB), lib("1.1.0"));
    follow(Verb.rollback);
    follow(Verb.remove, "acme.lib", "acme.user");
  }

  @Test
  void ofTwoThatCouldBothBeMeant() throws Exception {
    rig.apply(Verb.install, lib("1.0.0"));
    rig.apply(Verb.install, jar("acme.newer", "1.0.0", "Export-Package", "acme.lib;version=1.4.0"));
    PluginPlan plan = follow(Verb.install, jar("acme.user", "1.0.0", "Import-Package", LIB));
    assertThat(plan.wires()).containsExactly(new Wire("acme.user", "package acme.lib [1.0.0,2.0.0)", "acme.newer"));
    follow(Verb.install, jar("acme.again", "1.0.0", "Import-Package", LIB), jar("acme.newest", "1.0.0", "Export-Package", "acme.lib;version=1.9.0"));
    follow(Verb.remove, "acme.newer");
  }

  @Test
  void ofOneThatWaitsForWhatComes() throws Exception {
    rig.installer.apply(rig.plan(Verb.install, jar("acme.waits", "1.0.0", "Import-Package", LIB)), true);
    assertThat(rig.plugin("acme.waits").state()).isEqualTo(State.failed);
    rig.installer.apply(rig.plan(Verb.install, jar("acme.waits.more", "1.0.0", "Import-Package", LIB + ",acme.none")), true);
    PluginPlan plan = rig.plan(Verb.install, lib("1.0.0"));
    assertThat(plan.restarts()).containsExactly(
        new PluginPlan.Restart("acme.waits", "it waits for package acme.lib [1.0.0,2.0.0) of acme.lib, and starts"));
    try (Witness witness = new Witness(rig.framework.getBundleContext())) {
      rig.installer.apply(plan, false);
      Await.until("the one that waited", Rig.LONG, () -> rig.plugin("acme.waits").state() == State.active);
      assertThat(witness.disturbed(plan)).isEqualTo(Witness.disturbedBy(plan));
    }
  }

  @Test
  void ofFragments() throws Exception {
    rig.apply(Verb.install, jar("acme.host", "1.0.0", "Export-Package", "acme.host"));
    rig.apply(Verb.install, jar("acme.user", "1.0.0", "Import-Package", "acme.host"));
    assertThat(Witness.disturbedBy(follow(Verb.install, jar("acme.part", "1.0.0", "Fragment-Host", "acme.host"))))
        .containsExactly("acme.host", "acme.user");
    assertThat(Witness.disturbedBy(follow(Verb.update, jar("acme.part", "1.1.0", "Fragment-Host", "acme.host"))))
        .containsExactly("acme.host", "acme.user");
    assertThat(Witness.disturbedBy(follow(Verb.remove, "acme.part"))).containsExactly("acme.host", "acme.user");
  }

  @Test
  void ofServices() throws Exception {
    Path announced = TestJar.of(folder, "acme.serving", "1.0.0", Serving.class, "Provide-Capability", EXECUTOR);
    assertThat(Witness.handedOverBy(follow(Verb.install, announced))).containsExactly("java.util.concurrent.Executor >acme.serving");
    follow(Verb.update, TestJar.of(folder, "acme.serving", "1.1.0", Serving.class, "Provide-Capability", EXECUTOR));
    assertThat(Witness.handedOverBy(follow(Verb.update, jar("acme.serving", "1.2.0")))).containsExactly("java.util.concurrent.Executor acme.serving>");
    follow(Verb.rollback);
    follow(Verb.remove, "acme.serving");
  }

  @Test
  void ofServicesThatNobodyAnnounces() throws Exception {
    rig.apply(Verb.install, TestJar.of(folder, "acme.quiet", "1.0.0", Serving.class)); // what code will do shows in no manifest
    PluginPlan plan = follow(Verb.update, TestJar.of(folder, "acme.quiet", "1.1.0", Serving.class));
    assertThat(Witness.handedOverBy(plan)).containsExactly("java.util.concurrent.Executor acme.quiet>acme.quiet");
    follow(Verb.remove, "acme.quiet");
  }
}
