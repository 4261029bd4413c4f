package io.weft.itests.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.net.Ports;
import io.weft.itests.process.Distribution;
import io.weft.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft dev} as an author uses it: save, look, make a mistake, mend it. */
class DevIT {

  private static final Duration SOON = Duration.ofSeconds(120);

  @TempDir
  static Path folder;

  @Test
  void whatIsSavedRunsAndAMistakeStopsNothing() throws Exception {
    Machine.needs("mvn");
    Path repository = LocalRepository.in(folder);
    Path project = folder.resolve("p");
    String weft = Distribution.weft().toString();
    Command.of(weft, "plugin", "new", "command", "acme-dev", "--group", "com.acme", "--dir", project.toString()).run().orFail();
    Path log = folder.resolve("dev.log");
    Process dev = Command.of(weft, "dev", "--dir", project.toString(), "--port", String.valueOf(Ports.freeUdp()))
        .env("MAVEN", "mvn -o -Dmaven.repo.local=" + repository).start(log);
    try {
      said(dev, log, "running with acme-dev-1.0.0-SNAPSHOT.jar");
      for (String node : List.of("a", "b")) {
        answers(project, node, "links are up");
      }

      Path source = project.resolve("src/main/java/com/acme/acmedev/AcmeDev.java");
      String text = Files.readString(source);
      Files.writeString(source, text.replace("links are up", "links are really up"));
      said(dev, log, "reloaded in ");
      System.out.println(Files.readAllLines(log).stream().filter(line -> line.startsWith("reloaded in ")).findFirst().orElseThrow());
      for (String node : List.of("a", "b")) {
        answers(project, node, "links are really up");
      }

      Files.writeString(source, text.replace("class AcmeDev", "class Acme Dev"));
      said(dev, log, "not built, the nodes go on with what they have:");
      assertThat(Files.readString(log)).contains("AcmeDev.java:[");
      answers(project, "a", "links are really up");
    } finally {
      dev.destroy();
      assertThat(dev.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(dev.exitValue()).isZero();
    assertThat(project.resolve("target/nodes/a/run/control.sock")).doesNotExist();
  }

  private static void said(Process dev, Path log, String text) {
    Await.until("weft dev to say: " + text, SOON, () -> {
      if (!dev.isAlive()) {
        throw new AssertionError("weft dev ended: " + Files.readString(log));
      }
      return Files.readString(log).contains(text);
    });
  }

  /** A plugin that has just been installed has its configuration a moment later. */
  private static void answers(Path project, String node, String text) {
    Command command = Command.of(Distribution.weft().toString(), "acme-dev", "list", "--home", project.resolve("target/nodes/" + node).toString());
    Await.until(node + " to answer: " + text, SOON, () -> command.run().out().contains(text));
  }
}
