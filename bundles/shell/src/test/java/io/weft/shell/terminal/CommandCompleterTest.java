package io.weft.shell.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.shell.Sample;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.jline.Parser;
import org.apache.felix.service.command.CommandSession;
import org.jline.reader.Candidate;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandCompleterTest {

  private final Sample sample = new Sample();
  private final CommandSession session = sample.rig.processor.createSession(InputStream.nullInputStream(),
      OutputStream.nullOutputStream(),
      OutputStream.nullOutputStream());

  @Test
  void nounsAndOwnWordsComeFirst() {
    assertThat(values("")).contains("link", "service", "status", "help", "exit").doesNotContain("weft", "link:list", "grep");
    assertThat(values("gr")).contains("grep");
    assertThat(descriptions("li")).contains("close, list, open, show");
  }

  @Test
  void bothSpellingsOfACommand() {
    assertThat(values("link ")).containsExactly("close", "list", "open", "show");
    assertThat(values("link:")).contains("link:list", "link:close");
    assertThat(values("link:show ")).containsExactly("b", "c");
    assertThat(values("link show ")).containsExactly("b", "c");
  }

  @Test
  void valuesOfArguments() {
    assertThat(values("service resolve ")).containsExactly("files", "pg");
    assertThat(values("access test ")).containsExactly("b", "c");
    assertThat(values("access test b ")).containsExactly("files", "pg");
    assertThat(values("log level ")).contains("root", "io.weft");
    assertThat(values("log level root ")).containsExactly("error", "warn", "info", "debug", "trace", "default");
    assertThat(values("config explain ")).contains("transport.quic.listen");
    assertThat(values("component show ")).contains("weft.mesh");
    assertThat(values("forward remove ")).containsExactly("127.0.0.1:53");
    assertThat(values("help ")).contains("link", "status");
    assertThat(values("plugin show ")).containsExactly("com.acme.vault");
    assertThat(values("plugin install ")).containsExactly("com.acme.vault", "file:", "mvn:");
  }

  @Test
  void pluginsFeaturesAndJavaServices() {
    assertThat(values("plugin ")).contains("install", "update", "remove", "rollback", "history", "list", "why", "check", "start");
    assertThat(values("plugin remove ")).contains("acme.one", "acme.two");
    assertThat(values("plugin remove acme.one ")).as("several may go at once").contains("acme.two");
    assertThat(values("plugin start ")).contains("acme.two", "three.jar");
    assertThat(values("plugin why ")).contains("acme.one", "acme.two", "three.jar");
    assertThat(values("plugin update ")).containsExactly("com.acme.vault", "file:", "mvn:");
    assertThat(values("plugin install x -")).contains("--yes", "--force", "--json");
    assertThat(values("feature info ")).containsExactly("core", "dcs-etcd");
    assertThat(values("feature install ")).as("what is not there").containsExactly("dcs-etcd");
    assertThat(values("feature remove ")).as("nothing was added").isEmpty();
    assertThat(values("service explain ")).contains("io.weft.node.Timers");
  }

  @Test
  void jarsToBeChecked(@TempDir java.nio.file.Path directory) throws Exception {
    java.nio.file.Files.createFile(directory.resolve("x.jar"));
    assertThat(values("plugin check " + directory + "/")).containsExactly(directory + "/x.jar");
  }

  @Test
  void optionsAndTheirValues() {
    assertThat(values("link close b -")).containsExactlyInAnyOrder("--reason", "--stay", "--yes", "--json", "--help");
    assertThat(values("link close b --stay -")).doesNotContain("--stay");
    assertThat(values("link close b ")).contains("--yes");
    assertThat(values("link list --state ")).contains("up", "backoff", "new");
    assertThat(values("health check --kind ")).containsExactly("liveness", "readiness", "posture");
    assertThat(values("forward add pg --at ")).containsExactly("b", "c");
    assertThat(values("status ")).containsExactly("--json", "--help");
  }

  @Test
  void aNewPeerIsOfferedAtOnce() {
    sample.links.links.add(io.weft.testkit.FakeLinks.up("d", sample.node.startedAt));
    assertThat(values("link show ")).containsExactly("b", "c", "d");
  }

  @Test
  void afterAPipeACommandStartsAgain() {
    assertThat(values("link list | gr")).contains("grep");
  }

  @Test
  void filesOfBundles(@TempDir java.nio.file.Path directory) throws Exception {
    java.nio.file.Files.createDirectory(directory.resolve("sub"));
    java.nio.file.Files.createFile(directory.resolve("x.jar"));
    java.nio.file.Files.createFile(directory.resolve("x.txt"));
    assertThat(values("bundle install ")).containsExactly("file:", "mvn:");
    assertThat(values("bundle install file:" + directory + "/")).containsExactlyInAnyOrder("file:" + directory + "/sub/", "file:"
        + directory + "/x.jar");
    assertThat(values("bundle install file:/no/such/")).isEmpty();
  }

  @Test
  void nothingForWhatIsUnknown() {
    assertThat(values("nope ")).isEmpty();
    assertThat(values("link nope ")).isEmpty();
  }

  private List<String> values(String line) {
    return complete(line).stream().map(Candidate::value).toList();
  }

  private List<String> descriptions(String line) {
    return complete(line).stream().map(Candidate::descr).toList();
  }

  private List<Candidate> complete(String line) {
    List<Candidate> candidates = new ArrayList<>();
    new CommandCompleter(sample.rig, session).complete(null, new Parser().parse(line, line.length(), ParseContext.COMPLETE),
        candidates);
    return candidates;
  }
}
