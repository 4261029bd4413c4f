package io.weft.installer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.plugin.CatalogStatus;
import io.weft.plugin.PluginPlan;
import io.weft.plugin.PluginPlan.Move;
import io.weft.plugin.PluginRefused;
import io.weft.plugin.PluginRequest.Verb;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins by name, and what comes with them. */
class CataloguedPluginsTest {

  private static final String NEEDS = "Import-Package";
  private static final String HAS = "Export-Package";

  @TempDir Path folder;
  private final MemoryCatalog catalog = new MemoryCatalog();
  private Rig rig;

  @BeforeEach
  void open() throws Exception {
    rig = new Rig(folder);
    rig.installer.catalog = catalog;
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private Path jar(String name, String version, String... headers) {
    return TestJar.of(folder, name, version, headers);
  }

  private void listed(String name, String version, String... headers) throws Exception {
    catalog.with("acme", jar(name, version, headers));
  }

  @Test
  void aNameIsTheNewestAndAVersionIsThatOne() throws Exception {
    listed("acme.one", "1.0.0");
    listed("acme.one", "1.10.0");
    assertThat(rig.plan(Verb.install, "acme.one").summary()).isEqualTo("install acme.one 1.10.0");
    PluginPlan plan = rig.plan(Verb.install, "acme.one@1.0.0");
    assertThat(plan.moves()).extracting(Move::source).containsExactly("the catalogue acme");
    rig.installer.apply(plan, false);
    assertThat(catalog.refreshed).as("who changes the node wants to know what there is now").isEqualTo(2);
    rig.apply(Verb.update, "acme.one");
    assertThat(rig.version("acme.one")).isEqualTo("1.10.0");
    refused(Verb.update, "acme.one", "acme.one 1.10.0 is installed already, and the newest that the catalogues have");
    rig.apply(Verb.update, "acme.one@1.0.0");
    assertThat(rig.version("acme.one")).as("back, since somebody said so").isEqualTo("1.0.0");
    rig.apply(Verb.update, jar("acme.one", "2.0.0"));
    refused(Verb.update, "acme.one", "is newer than what the catalogues have; to go back, name the version: acme.one@1.10.0");
  }

  @Test
  void whatItNeedsComesWithIt() throws Exception {
    listed("acme.app", "1.0.0", NEEDS, "acme.lib;version=\"[1.0,2)\"");
    listed("acme.lib", "1.0.0", HAS, "acme.lib;version=1.0", NEEDS, "acme.base");
    listed("acme.base", "3.0.0", HAS, "acme.base");
    listed("acme.other", "1.0.0", HAS, "acme.lib;version=2.0");
    PluginPlan plan = rig.plan(Verb.install, "acme.app");
    assertThat(plan.summary()).isEqualTo("install acme.app 1.0.0, acme.lib 1.0.0, acme.base 3.0.0");
    assertThat(plan.moves()).extracting(Move::source).containsExactly("the catalogue acme", "the catalogue acme, needed by acme.app",
        "the catalogue acme, needed by acme.lib");
    assertThat(plan.problems()).isEmpty();
    rig.installer.apply(plan, false);
    rig.await("acme.app", "active 1.0.0");
    rig.apply(Verb.rollback);
    assertThat(rig.installer.installed()).as("what came together goes together").isEmpty();
  }

  @Test
  void anUpdateBringsTheVersionThatItNeeds() throws Exception {
    listed("acme.app", "1.0.0", NEEDS, "acme.lib;version=\"[1.0,2)\"");
    listed("acme.lib", "1.0.0", HAS, "acme.lib;version=1.0");
    rig.apply(Verb.install, "acme.app");
    listed("acme.app", "2.0.0", NEEDS, "acme.lib;version=\"[2.0,3)\"");
    listed("acme.lib", "2.0.0", HAS, "acme.lib;version=2.0");
    assertThat(rig.plan(Verb.update, "acme.app").summary()).isEqualTo("update acme.app 1.0.0 to 2.0.0, acme.lib 1.0.0 to 2.0.0");
    rig.apply(Verb.update, "acme.app");
    rig.await("acme.app", "active 2.0.0");
    rig.apply(Verb.rollback);
    rig.await("acme.app", "active 1.0.0");
    assertThat(rig.version("acme.lib")).isEqualTo("1.0.0");
  }

  @Test
  void twoThatStartAtOnceDoNotStandInEachOthersWay() throws Exception {
    listed("acme.app", "1.0.0", NEEDS, "acme.lib;version=\"[1.0,2)\"");
    listed("acme.lib", "1.0.0", HAS, "acme.lib;version=1.0");
    listed("acme.app", "2.0.0", NEEDS, "acme.lib;version=\"[2.0,3)\"");
    listed("acme.lib", "2.0.0", HAS, "acme.lib;version=2.0");
    rig.apply(Verb.install, "acme.app@1.0.0");
    for (int i = 0; i < 30; i++) {
      String next = i % 2 == 0 ? "2.0.0" : "1.0.0";
      rig.apply(Verb.update, "acme.app@" + next);
      rig.await("acme.app", "active " + next);
      rig.await("acme.lib", "active " + next);
    }
    assertThat(rig.installer.history()).noneMatch(change -> change.outcome().startsWith("put back"));
  }

  @Test
  void nothingIsBroughtInWhereThereIsADoubt() throws Exception {
    listed("acme.app", "1.0.0", NEEDS, "acme.lib");
    listed("acme.lib", "1.0.0", HAS, "acme.lib");
    listed("acme.lib2", "1.0.0", HAS, "acme.lib");
    assertThat(rig.plan(Verb.install, "acme.app").problems()).containsExactly(
        "acme.app needs package acme.lib, which nothing exports; name one of these as well: acme.lib@1.0.0, acme.lib2@1.0.0");
    assertThat(rig.plan(Verb.install, "acme.app", "acme.lib2").problems()).isEmpty();
    Path file = jar("acme.file", "1.0.0", NEEDS, "acme.lib");
    PluginPlan plan = rig.plan(Verb.install, file);
    assertThat(plan.moves()).hasSize(1);
    assertThat(plan.problems()).containsExactly(
        "acme.file needs package acme.lib, which nothing exports; acme.lib@1.0.0 of the catalogue acme would do, name it as well");
  }

  @Test
  void whatIsPreferredIsOfTheSameCatalogue() throws Exception {
    catalog.with("first", jar("first.lib", "1.0.0", HAS, "acme.lib"));
    listed("acme.app", "1.0.0", NEEDS, "acme.lib");
    listed("acme.lib", "1.0.0", HAS, "acme.lib");
    assertThat(rig.plan(Verb.install, "acme.app").summary()).isEqualTo("install acme.app 1.0.0, acme.lib 1.0.0");
  }

  @Test
  void whatIsPartOfTheNodeIsNotReplacedToHelpAPlugin() throws Exception {
    Path core = jar("acme.lib", "1.0.0", HAS, "acme.lib;version=1.0");
    rig.framework.getBundleContext().installBundle("reference:" + core.toUri()).start();
    listed("acme.app", "1.0.0", NEEDS, "acme.lib;version=2.0");
    catalog.with("acme", TestJar.of(java.nio.file.Files.createDirectory(folder.resolve("next")), "acme.lib", "2.0.0", HAS, "acme.lib;version=2.0"));
    assertThat(rig.plan(Verb.install, "acme.app").problems()).singleElement().asString()
        .contains("acme.lib@2.0.0 of the catalogue acme would do, but: acme.lib came with the node");
  }

  @Test
  void whatCannotBeHadIsSaidWithTheCatalogueThatIsBroken() throws Exception {
    listed("acme.one", "1.0.0");
    listed("acme.one", "1.1.0");
    catalog.status.add(new CatalogStatus("gone", "/gone", 0, Optional.empty(), 0, Optional.empty(), List.of(), 0, "its index expired"));
    refused(Verb.install, "acme.one@2.0.0",
        "no catalogue has acme.one 2.0.0; there is 1.1.0, 1.0.0; the catalogue gone cannot be used: its index expired");
    refused(Verb.install, "acme.two", "no catalogue has acme.two; 'weft plugin search' lists what there is; the catalogue gone");
    refused(Verb.install, "acme.one@new", "'new' is no version of a plugin; give one such as acme.one@1.2.0");
    catalog.status.clear();
    refused(Verb.install, "acme.two", "no catalogue is configured; name some in weft.yaml");
  }

  private void refused(Verb verb, String what, String message) {
    assertThatThrownBy(() -> rig.plan(verb, what)).isInstanceOf(PluginRefused.class).hasMessageContaining(message);
  }
}
