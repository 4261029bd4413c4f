package io.weft.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.installer.sample.Blocking;
import io.weft.installer.sample.Failing;
import io.weft.plugin.InstalledPlugin;
import io.weft.plugin.PluginKey;
import io.weft.plugin.PluginProblem;
import io.weft.plugin.PluginRequest.Verb;
import io.weft.plugin.PluginStanding;
import io.weft.plugin.PluginTrust;
import io.weft.plugin.PluginVerdict;
import io.weft.testkit.Await;
import io.weft.testkit.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is put into the deploy folder goes the way of everything that is installed: checked in staging, journalled, bounded, quarantined. */
class DeployFolderTest {

  @TempDir Path folder;
  @TempDir Path elsewhere;
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
    return TestJar.of(elsewhere, name, version, headers);
  }

  /** Whole at once, as a careful operator does it. */
  private Path drop(String file, Path jar) throws IOException {
    Path next = Files.copy(jar, folder.resolve("next"), StandardCopyOption.REPLACE_EXISTING);
    return Files.move(next, folder.resolve("deploy").resolve(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** As after a restart of the node, which forgets nothing that is written down. */
  private void restart() throws Exception {
    rig.installer.close();
    rig.open();
  }

  @Test
  void aFileIsInstalledReplacedAndRemoved() throws Exception {
    Path file = drop("one.jar", jar("acme.one", "1.0.0"));
    rig.await("acme.one", "active 1.0.0");
    assertThat(rig.plugin("acme.one").origin()).isEqualTo("deploy");
    Await.until("the last step", Rig.LONG, () -> rig.steps.contains("started acme.one"));
    assertThat(rig.steps).containsExactly("staged", "begun", "added acme.one", "refreshed", "applied", "started acme.one");
    drop("one.jar", jar("acme.one", "1.1.0"));
    rig.await("acme.one", "active 1.1.0");
    Files.delete(file);
    rig.await("acme.one", "none");
    assertThat(rig.installer.history()).extracting(change -> change.summary())
        .containsExactly("deploy folder: remove acme.one 1.1.0", "deploy folder: replace acme.one 1.0.0 to 1.1.0",
            "deploy folder: add acme.one 1.0.0");
  }

  @Test
  void aNewVersionUnderAnotherNameTakesThePlaceOfTheOld() throws Exception {
    Path old = drop("one-1.0.jar", jar("acme.one", "1.0.0"));
    rig.await("acme.one", "active 1.0.0");
    drop("one-1.1.jar", jar("acme.one", "1.1.0"));
    rig.await("one-1.1.jar", "failed");
    assertThat(rig.plugin("one-1.1.jar").reason()).startsWith("acme.one is installed already, in version 1.0.0");
    Files.delete(old);
    rig.await("acme.one", "active 1.1.0");
    rig.await("one-1.1.jar", "none");
  }

  @Test
  void oneThatBlocksDelaysNobodyAlsoAtTheNextStart() throws Exception {
    drop("blocking.jar", TestJar.of(elsewhere, "acme.blocking", "1.0.0", Blocking.class));
    drop("good.jar", jar("acme.good", "1.0.0"));
    rig.await("acme.good", "active 1.0.0");
    restart();
    drop("better.jar", jar("acme.better", "1.0.0"));
    rig.await("acme.better", "active 1.0.0");
    Await.until("the quarantine", Rig.LONG, () -> {
      rig.time.advance(Rig.blocks() ? Rig.START_MAX : Duration.ofSeconds(1));
      return rig.state("acme.blocking").equals("quarantined 1.0.0");
    });
    assertThat(rig.plugin("acme.blocking").reason()).matches("its start did not come back within 36000000 ms; it is at .*Blocking.start.*");
  }

  @Test
  void oneThatFailsAgainAndAgainIsQuarantined() throws Exception {
    drop("failing.jar", TestJar.of(elsewhere, "acme.failing", "1.0.0", Failing.class));
    rig.await("acme.failing", "quarantined 1.0.0");
    restart();
    rig.time.advance(Duration.ofMinutes(5));
    assertThat(rig.state("acme.failing")).isEqualTo("quarantined 1.0.0");
  }

  @Test
  void whatIsNoPluginIsRefusedBeforeItIsWrittenAnywhereElse() throws Exception {
    drop("good.jar", jar("acme.good", "1.0.0"));
    rig.await("acme.good", "active 1.0.0");
    Set<Path> before = files();
    Files.writeString(folder.resolve("deploy/text.jar"), "not a jar");
    rig.await("text.jar", "failed");
    InstalledPlugin refused = rig.plugin("text.jar");
    assertThat(refused.bundleId()).isEqualTo(InstalledPlugin.NO_BUNDLE);
    assertThat(refused.reason()).hasLineCount(1).contains("may not run here: it is no jar");
    assertThat(rig.framework.getBundleContext().getBundles()).hasSize(2);
    Set<Path> after = files();
    after.removeAll(before);
    assertThat(after).containsOnly(folder.resolve("deploy/text.jar"));
    Files.delete(folder.resolve("deploy/text.jar"));
    rig.await("text.jar", "none");
  }

  /** Outside of staging, and without the memory of the folder, which is written when it likes. */
  private Set<Path> files() throws IOException {
    Set<Path> found = new TreeSet<>();
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (!file.startsWith(folder.resolve("data/staging")) && !file.getFileName().toString().startsWith("deploy.json")) {
          found.add(file);
        }
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (e instanceof NoSuchFileException) {
          return FileVisitResult.CONTINUE; // it went meanwhile
        }
        throw e;
      }
    });
    return found;
  }

  @Test
  void whatNobodyVouchesForWaitsUntilSomebodyDoes() throws Exception {
    Trusting trust = new Trusting();
    rig.trust = trust;
    restart();
    drop("one.jar", jar("acme.one", "1.0.0"));
    rig.await("one.jar", "failed");
    assertThat(rig.plugin("one.jar").reason()).isEqualTo("acme.one may not run here: it is not signed");
    trust.everybody = true;
    rig.await("acme.one", "active 1.0.0");
    rig.await("one.jar", "none");
  }

  @Test
  void whatImportsWhatDoesNotExistWaitsForIt() throws Exception {
    drop("user.jar", jar("acme.user", "1.0.0", "Import-Package", "acme.lib;version=\"[1.0,2)\""));
    rig.await("acme.user", "failed 1.0.0");
    Await.until("the reason", Rig.LONG,
        () -> rig.plugin("acme.user").reason().equals("needs package acme.lib [1.0.0,2.0.0), which nothing exports"));
    drop("lib.jar", jar("acme.lib", "1.0.0", "Export-Package", "acme.lib;version=1.0"));
    rig.await("acme.user", "active 1.0.0");
  }

  @Test
  void whatWasTakenBackDoesNotComeAgainBeforeItsFileChanges() throws Exception {
    drop("one.jar", jar("acme.one", "1.0.0"));
    rig.await("acme.one", "active 1.0.0");
    drop("one.jar", TestJar.of(elsewhere, "acme.one", "2.0.0", Failing.class));
    Await.until("it to be put back", Rig.LONG, () -> {
      rig.time.advance(Duration.ofSeconds(1));
      return rig.outcome().startsWith("put back: acme.one 2.0.0: it did not start");
    });
    rig.await("acme.one", "active 1.0.0");
    int changes = rig.installer.history().size();
    restart();
    rig.time.advance(Duration.ofMinutes(5));
    assertThat(rig.state("acme.one")).isEqualTo("active 1.0.0");
    assertThat(rig.installer.history()).hasSize(changes);
    drop("one.jar", jar("acme.one", "2.1.0"));
    rig.await("acme.one", "active 2.1.0");
  }

  @Test
  void whatChangedWhileTheNodeWasAwayIsMadeSo() throws Exception {
    Path one = drop("one.jar", jar("acme.one", "1.0.0"));
    drop("two.jar", jar("acme.two", "1.0.0"));
    rig.await("acme.one", "active 1.0.0");
    rig.await("acme.two", "active 1.0.0");
    rig.installer.close();
    Files.delete(one);
    drop("two.jar", jar("acme.two", "1.1.0"));
    drop("three.jar", jar("acme.three", "1.0.0"));
    rig.open();
    rig.await("acme.three", "active 1.0.0");
    rig.await("acme.two", "active 1.1.0");
    assertThat(rig.state("acme.one")).isEqualTo("none");
    assertThat(rig.installer.history().get(0).summary()).isEqualTo("deploy folder: remove acme.one 1.0.0, add acme.three 1.0.0, replace acme.two 1.0.0 to 1.1.0");
  }

  @Test
  void whatRestartsAPartOfTheNodeIsRefusedAndNothingElse() throws Exception {
    drop("lib.jar", jar("acme.lib", "1.0.0", "Export-Package", "acme.lib"));
    rig.await("acme.lib", "active 1.0.0");
    Path core = jar("io.weft.core", "1.0.0", "Import-Package", "acme.lib");
    rig.framework.getBundleContext().installBundle("reference:" + core.toUri()).start();
    rig.installer.close();
    drop("lib.jar", jar("acme.lib", "1.1.0", "Export-Package", "acme.lib"));
    drop("one.jar", jar("acme.one", "1.0.0"));
    rig.open();
    rig.await("acme.one", "active 1.0.0");
    rig.await("lib.jar", "failed");
    assertThat(rig.plugin("lib.jar").reason()).isEqualTo("it would restart what came with the node: io.weft.core");
    assertThat(rig.state("acme.lib")).isEqualTo("active 1.0.0");
  }

  @Test
  void itsPluginsAreChangedByTheirFilesAlone() throws Exception {
    drop("one.jar", jar("acme.one", "1.0.0"));
    rig.await("acme.one", "active 1.0.0");
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> rig.plan(Verb.remove, "acme.one")))
        .hasMessage("acme.one is in the deploy folder; replace or remove its file there");
    drop("again.jar", jar("acme.one", "1.0.0"));
    drop("odd\tname.jar", jar("acme.odd", "1.0.0"));
    rig.await("again.jar", "failed");
    rig.await("odd?name.jar", "failed");
  }

  @Test
  void aDamagedMemoryCostsOnlyALook() throws Exception {
    drop("one.jar", jar("acme.one", "1.0.0"));
    rig.await("acme.one", "active 1.0.0");
    rig.installer.close();
    Files.writeString(folder.resolve("data/deploy.json"), "{\"files\": 7");
    rig.open();
    drop("two.jar", jar("acme.two", "1.0.0"));
    rig.await("acme.two", "active 1.0.0");
    assertThat(rig.state("acme.one")).isEqualTo("active 1.0.0");
    assertThat(rig.installer.history()).hasSize(2);
  }

  @Test
  void theMemoryIsReadStrictly() {
    byte[] good = "{\"files\":{\"one.jar\":\"12 1700000000000 (dev=1,ino=2)\"}}".getBytes(StandardCharsets.UTF_8);
    new Fuzz(3, List.of(good), 4096).run(100_000, IllegalArgumentException.class, input -> Drops.parse(new String(input, StandardCharsets.UTF_8)));
  }

  /** Nobody at first. */
  private static final class Trusting implements PluginTrust {

    private volatile boolean everybody;

    @Override
    public PluginVerdict check(Path jar) {
      return everybody ? new PluginVerdict(PluginStanding.SIGNED, PluginProblem.NONE, "acme", "ab", "acme.one", "1.0.0", "", "signed by acme")
          : new PluginVerdict(PluginStanding.REFUSED, PluginProblem.NOT_SIGNED, "", "", "acme.one", "1.0.0", "", "it is not signed");
    }

    @Override
    public PluginVerdict installed(long bundleId) {
      return check(Path.of(""));
    }

    @Override
    public List<PluginKey> keys() {
      return everybody ? List.of(new PluginKey("acme", "ab", List.of("acme."), List.of(), false)) : List.of();
    }

    @Override
    public boolean unsignedAllowed() {
      return false;
    }
  }
}
