package io.weft.shell.noun;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Expect;
import io.weft.shell.Sample;
import io.weft.testkit.Await;
import io.weft.testkit.dcs.MemoryDcs;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What changes is printed as it happens, once, until somebody ends it. */
class DcsWatchCommandTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final Sample sample = new Sample();
  private final MemoryDcs dcs = (MemoryDcs) sample.rig.stores().get(0);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final AtomicReference<Throwable> ended = new AtomicReference<>();
  private Thread thread;

  @AfterEach
  void end() throws Exception {
    thread.interrupt();
    thread.join();
  }

  @Test
  void changesArePrintedAsLinesOfJson() throws Exception {
    watch("app/", "--json");
    awaitLine("{\"event\":\"watching\",\"revision\":1,\"keys\":1}");
    put("app/flag", "off");
    put("other/key", "x");
    dcs.delete("app/flag", Expect.any());
    awaitLine("{\"event\":\"put\",\"key\":\"app/flag\",\"value\":\"off\",\"base64\":null,\"revision\":2,\"session\":null}");
    awaitLine("{\"event\":\"deleted\",\"key\":\"app/flag\",\"revision\":4}");
    assertThat(text()).doesNotContain("other");
    thread.interrupt();
    thread.join();
    assertThat(ended.get()).isInstanceOf(InterruptedException.class);
    assertThat(lines()).hasSize(3);
  }

  @Test
  void whatWasMissedIsToldAfterwards() {
    watch();
    awaitLine("watching 1 key from revision 1; Ctrl-C ends");
    dcs.line(MemoryDcs.Line.LOSES_REQUESTS);
    awaitLine("interrupted: memory: the line is cut");
    MemoryDcs other = new MemoryDcs(sample.store, Runnable::run);
    other.put("app/new", "1".getBytes(StandardCharsets.UTF_8), Expect.any(), null);
    other.delete("app/flag", Expect.any());
    sample.store.compact();
    dcs.line(MemoryDcs.Line.UP);
    awaitLine("deleted  app/flag @3");
    awaitLine("put      app/new @2  1");
    awaitLine("resumed");
  }

  @Test
  void endsWithTheShell() throws Exception {
    watch("app/");
    awaitLine("watching 1 key below app/ from revision 1; Ctrl-C ends");
    sample.rig.onStop.forEach(Runnable::run);
    thread.join();
    assertThat(ended.get()).isInstanceOf(InterruptedException.class);
    assertThat(sample.rig.onStop).isEmpty();
  }

  @Test
  void refusesWhatCannotBeAPrefix() throws Exception {
    watch("app");
    thread.join();
    assertThat(ended.get()).hasMessageStartingWith("dcs watch cannot do that: a prefix is empty, or ends with '/'");
  }

  private void watch(String... args) {
    thread = new Thread(() -> {
      try (CommandSession session = sample.rig.processor.createSession(InputStream.nullInputStream(), out, out)) {
        sample.rig.commands().get("dcs:watch").execute(session, List.of((Object[]) args));
      } catch (Exception e) {
        ended.set(e);
      }
    });
    thread.start();
  }

  private void put(String key, String value) {
    dcs.put(key, value.getBytes(StandardCharsets.UTF_8), Expect.any(), null);
  }

  private void awaitLine(String line) {
    Await.until("the line " + line, SOON, () -> lines().contains(line));
  }

  private List<String> lines() {
    return text().lines().toList();
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
