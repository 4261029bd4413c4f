package io.weft.shell;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static String run(String words, String... args) {
    Rig rig = new Rig().with(new SamplePlugins());
    rig.columns = 200;
    Rig.Result result = rig.run(words, args);
    return result.out() + result.failure();
  }
}
