package io.weft.launcher.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SourceWatchTest {

  @TempDir
  Path project;

  @BeforeEach
  void make() throws Exception {
    Files.createDirectories(project.resolve("src/main/java"));
  }

  @Test
  void seesAFileThatIsSavedAndOneInAFolderThatIsNew() throws Exception {
    try (SourceWatch watch = SourceWatch.of(project)) {
      Files.writeString(project.resolve("src/main/java/A.java"), "class A {}");
      await(watch, "src/main/java/A.java");

      Path folder = Files.createDirectory(project.resolve("src/main/java/b"));
      Files.writeString(project.resolve("pom.xml"), "<project/>"); // so that there is something to see, and the folder is known after it
      await(watch, "pom.xml");
      Files.writeString(folder.resolve("B.java"), "class B {}");
      await(watch, "src/main/java/b/B.java");
    }
  }

  @Test
  void doesNotMindWhatTheBuildMakesAndWhatEditorsKeep() throws Exception {
    try (SourceWatch watch = SourceWatch.of(project)) {
      Files.createDirectory(project.resolve("target"));
      Files.writeString(project.resolve("notes.txt"), "");
      Files.writeString(project.resolve("src/main/java/.A.java.swp"), "");
      Files.writeString(project.resolve("src/main/java/A.java~"), "");
      Files.writeString(project.resolve("bnd.bnd"), "");

      assertThat(watch.await().file()).isEqualTo(Path.of("bnd.bnd"));
    }
  }

  /** One saved file may be seen twice. */
  private static void await(SourceWatch watch, String file) throws Exception {
    while (!watch.await().file().equals(Path.of(file))) {
      // that was the file before
    }
  }
}
