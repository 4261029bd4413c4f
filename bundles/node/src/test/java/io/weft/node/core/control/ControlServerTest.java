package io.weft.node.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.CommandFailure;
import io.weft.node.HealthStatus;
import io.weft.node.Listener;
import io.weft.testkit.Await;
import io.weft.testkit.ManualTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real socket and the real Gogo. */
@Timeout(30)
class ControlServerTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  // One for all tests: it replaces System.out, and a command that one test leaves behind may still use it during the next.
  private static final ThreadIOImpl THREAD_IO = new ThreadIOImpl();

  @TempDir Path home;
  private final ManualTime time = new ManualTime();
  private final CommandProcessorImpl gogo = new CommandProcessorImpl(THREAD_IO);
  private final Commands commands = new Commands();
  private ControlServer server;

  @BeforeAll
  static void redirect() {
    THREAD_IO.start();
  }

  @AfterAll
  static void restore() {
    THREAD_IO.stop();
  }

  @BeforeEach
  void open() {
    for (String function : List.of("echo", "plain", "fail", "wrapped", "crash", "hang", "stubborn", "cat", "flood", "look",
        "result", "stop")) {
      gogo.addCommand("t", commands, function);
    }
    server = new ControlServer(home, time, gogo);
    server.open();
  }

  @AfterEach
  void close() {
    server.close();
    gogo.stop();
  }

  @Test
  void runsACommandAndSaysHowItEnded() throws Exception {
    assertThat(exec("t", "echo", "a", "b")).isEqualTo(new ControlClient.Outcome("<a><b>\n", "", 0));
    assertThat(exec("t:echo")).isEqualTo(new ControlClient.Outcome("\n", "", 0));
    assertThat(exec("t", "plain", "x", "7")).isEqualTo(new ControlClient.Outcome("x7\n", "", 0));
    assertThat(exec("t", "result").out()).contains("one").contains("two");
  }

  @Test
  void nothingInAnArgumentIsSyntax() throws Exception {
    String[] nasty = {"a b", "$HOME", "${x}", "it's", "\"q\"", "{t:fail}", "(t:fail)", "|", ";", "&", ">/tmp/x", "*", "~", "",
        "1", "null", "[a]",
        "%(1)", "\\", "é😀", "new\nline", "--", "#c", "$args", "!!"};
    List<String> words = new ArrayList<>(List.of("t", "echo"));
    words.addAll(Arrays.asList(nasty));
    String expected = String.join("", Arrays.stream(nasty).map(a -> "<" + a + ">").toList()) + "\n";
    assertThat(exec(words.toArray(String[]::new))).isEqualTo(new ControlClient.Outcome(expected, "", 0));
  }

  @Test
  void aFailureKeepsItsExitCode() throws Exception {
    assertThat(exec("t", "fail")).isEqualTo(new ControlClient.Outcome("", "mesh is not running\n", 3));
    assertThat(exec("t", "wrapped")).isEqualTo(new ControlClient.Outcome("", "not allowed\n", 4));
    assertThat(exec("t", "crash")).isEqualTo(new ControlClient.Outcome("before\n",
        "t:crash failed: IllegalStateException: boom line2\n", 1));
    assertThat(exec("t", "plain", "x")).satisfies(o -> assertThat(o.exit()).isEqualTo(2));
    assertThat(exec("nope").exit()).isEqualTo(2);
  }

  @Test
  void aCommandSeesItsCaller() throws Exception {
    try (ControlClient client = new ControlClient(home)) {
      client.json(ControlFrames.EXEC, Map.of("args", List.of("t", "look"), "columns", 123, "tty", true));
      assertThat(client.outcome().out()).isEqualTo("columns=123 tty=true\n");
    }
  }

  @Test
  void interruptCancelsTheCommandOnly() throws Exception {
    try (ControlClient client = new ControlClient(home)) {
      client.exec("t", "hang");
      assertThat(commands.started.await(10, TimeUnit.SECONDS)).isTrue();
      client.send(ControlFrames.INTERRUPT, new byte[0]);
      assertThat(client.outcome().exit()).isEqualTo(130);
    }
    Await.until("the command to notice", SOON, commands.interrupted::get);
    assertThat(exec("t", "echo", "x").exit()).isZero();
  }

  @Test
  void aCommandThatIgnoresTheInterruptIsLeftBehind() throws Exception {
    try (ControlClient client = new ControlClient(home)) {
      client.exec("t", "stubborn");
      assertThat(commands.started.await(10, TimeUnit.SECONDS)).isTrue();
      client.send(ControlFrames.INTERRUPT, new byte[0]);
      Await.until("the interrupt to arrive", SOON, commands.interrupted::get);
      time.advance(ControlSession.CANCEL_GRACE);
      assertThat(client.outcome().exit()).isEqualTo(130);
    } finally {
      commands.release.countDown();
    }
  }

  @Test
  void aClientThatGoesCancelsItsCommand() throws Exception {
    try (ControlClient client = new ControlClient(home)) {
      client.exec("t", "hang");
      assertThat(commands.started.await(10, TimeUnit.SECONDS)).isTrue();
    }
    Await.until("the command to notice", SOON, commands.interrupted::get);
  }

  @Test
  void aClientThatGoesWhileTheCommandFloodsItCancelsIt() throws Exception {
    try (ControlClient client = new ControlClient(home)) {
      client.exec("t", "flood");
      assertThat(commands.started.await(10, TimeUnit.SECONDS)).isTrue();
    }
    Await.until("the command to end", SOON, commands.interrupted::get);
  }

  @Test
  void inputReachesTheCommand() throws Exception {
    try (ControlClient client = new ControlClient(home)) {
      client.exec("t", "cat");
      client.send(ControlFrames.STDIN, "one\n".getBytes(StandardCharsets.UTF_8));
      client.send(ControlFrames.STDIN, "two\n".getBytes(StandardCharsets.UTF_8));
      client.send(ControlFrames.STDIN, new byte[0]);
      assertThat(client.outcome()).isEqualTo(new ControlClient.Outcome("one\ntwo\n", "", 0));
    }
  }

  @Test
  void inputThatNobodyReadsIsBounded() throws Exception {
    try (ControlClient client = new ControlClient(home)) {
      client.exec("t", "hang");
      for (int i = 0; i < 5; i++) {
        client.send(ControlFrames.STDIN, new byte[ControlFrames.PAYLOAD_MAX]);
      }
      ControlClient.Outcome outcome = client.outcome();
      assertThat(outcome.exit()).isEqualTo(2);
      assertThat(outcome.err()).isEqualTo("more than 4 MiB of input wait and the command does not read them\n");
    }
  }

  @Test
  void whoSaysNothingIsSentAway() throws Exception {
    try (ControlClient client = new ControlClient(home)) {
      Await.until("the timeout to be set", SOON, () -> time.pending() == 1);
      time.advance(ControlSession.HEADER_TIMEOUT);
      assertThat(client.outcome()).isEqualTo(new ControlClient.Outcome("", "no request came within 5 s\n", 2));
    }
  }

  @Test
  void nonsenseIsSentAway() throws Exception {
    try (ControlClient client = new ControlClient(home)) {
      client.raw("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(client.outcome().exit()).isEqualTo(2);
    }
  }

  @Test
  void theNumberOfSessionsIsBounded() throws Exception {
    List<ControlClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < ControlServer.SESSIONS_MAX; i++) {
        clients.add(new ControlClient(home));
        clients.get(i).exec("t", "hang");
      }
      Await.until("all to be in", SOON, () -> commands.running.get() == ControlServer.SESSIONS_MAX);
      assertThat(exec("t", "echo").exit()).isEqualTo(3);
    } finally {
      for (ControlClient client : clients) {
        client.close();
      }
    }
    Await.until("room again", SOON, () -> exec("t", "echo").exit() == 0);
  }

  @Test
  void theShellIsCalledWithWhatItNeeds() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch resized = new CountDownLatch(1);
    Function shell = (session, args) -> {
      session.put(".interrupt", (Runnable) interrupted::countDown);
      session.put(".resized", (Runnable) resized::countDown);
      session.getConsole().print(session.get("TERM") + " " + session.get("COLUMNS") + "x" + session.get("LINES") + "|");
      session.getConsole().flush();
      interrupted.await();
      resized.await();
      session.getConsole().print(session.get("COLUMNS") + "x" + session.get("LINES") + "|" + (char) session.getKeyboard().read());
      session.getConsole().flush();
      return null;
    };
    try (ControlClient client = new ControlClient(home)) {
      client.json(ControlFrames.SHELL, Map.of("term", "xterm", "columns", 90, "rows", 30));
      assertThat(client.outcome()).isEqualTo(
          new ControlClient.Outcome("", "the shell is not available: bundle io.weft.shell is not active\n", 3));
    }
    gogo.addCommand("weft", new Object() {
      @SuppressWarnings("unused")
      public Object shell(CommandSession session) throws Exception {
        return shell.execute(session, List.of());
      }
    }, "shell");
    try (ControlClient client = new ControlClient(home)) {
      client.json(ControlFrames.SHELL, Map.of("term", "xterm", "columns", 90, "rows", 30));
      Await.until("the shell to start", SOON, () -> client.peek().contains("|"));
      client.send(ControlFrames.INTERRUPT, new byte[0]);
      client.send(ControlFrames.RESIZE, new byte[] {0, 100, 0, 50});
      client.send(ControlFrames.STDIN, new byte[] {'q'});
      assertThat(client.outcome()).isEqualTo(new ControlClient.Outcome("xterm 90x30|100x50|q", "", 0));
    }
  }

  @Test
  void aCommandMayStopTheServerThatRunsIt() throws Exception {
    commands.server = server;
    assertThat(exec("t", "stop")).isEqualTo(new ControlClient.Outcome("stopped\n", "", 0));
    assertThat(server.listeners()).isEmpty();
  }

  @Test
  void closingEndsEverything() throws Exception {
    try (ControlClient client = new ControlClient(home)) {
      client.exec("t", "hang");
      assertThat(commands.started.await(10, TimeUnit.SECONDS)).isTrue();
      server.close();
      assertThat(client.outcome()).isEqualTo(new ControlClient.Outcome("", "the control socket closes\n", 3));
    }
    Await.until("no thread", SOON,
        () -> Thread.getAllStackTraces().keySet().stream().noneMatch(t -> t.getName().startsWith("weft-node-control")));
  }

  @Test
  void saysWhereItListens() {
    assertThat(server.listeners()).containsExactly(new Listener(home.resolve("run/control.sock").toString(), "unix", "control"));
    assertThat(server.check()).extracting("status").containsExactly(HealthStatus.ok);
    ControlServer second = new ControlServer(home, time, gogo);
    second.open();
    assertThat(second.listeners()).isEmpty();
    assertThat(second.check().get(0).message()).contains("another process answers");
    second.close();
  }

  @Test
  void worksWithoutGogoToo() throws Exception {
    Path other = home.resolve("other");
    ControlServer bare = new ControlServer(other, time, null);
    bare.open();
    try (ControlClient client = new ControlClient(other)) {
      client.exec("status");
      assertThat(client.outcome().exit()).isEqualTo(3);
    } finally {
      bare.close();
    }
  }

  private ControlClient.Outcome exec(String... args) throws IOException {
    try (ControlClient client = new ControlClient(home)) {
      client.exec(args);
      return client.outcome();
    }
  }

  /** Commands as a stranger would write them: nothing of ours, some print to System.out. */
  @SuppressWarnings("unused")
  public static final class Commands {
    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    final AtomicBoolean interrupted = new AtomicBoolean();
    final java.util.concurrent.atomic.AtomicInteger running = new java.util.concurrent.atomic.AtomicInteger();
    ControlServer server;

    public void echo(CommandSession session, String[] args) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (String arg : args) {
        out.writeBytes(("<" + arg + ">").getBytes(StandardCharsets.UTF_8));
      }
      out.write('\n');
      System.out.write(out.toByteArray());
    }

    public void plain(String text, int number) {
      System.out.println(text + number);
    }

    public void fail() {
      throw new CommandFailure(CommandFailure.PRECONDITION, "mesh is not running");
    }

    public void wrapped() throws ExecutionException {
      throw new ExecutionException(new CommandFailure(CommandFailure.DENIED, "not allowed"));
    }

    public void crash() {
      System.out.println("before");
      throw new IllegalStateException("boom\nline2");
    }

    public void hang() throws InterruptedException {
      running.incrementAndGet();
      started.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.set(true);
        throw e;
      }
    }

    public void stubborn() {
      started.countDown();
      while (release.getCount() > 0) {
        try {
          release.await();
        } catch (InterruptedException e) {
          interrupted.set(true);
        }
      }
    }

    public void cat() throws IOException {
      System.in.transferTo(System.out);
    }

    public void flood() {
      started.countDown();
      byte[] line = "x".repeat(1000).getBytes(StandardCharsets.UTF_8);
      while (!Thread.currentThread().isInterrupted()) {
        System.out.write(line, 0, line.length);
      }
      interrupted.set(true);
    }

    public void look(CommandSession session) {
      System.out.println("columns=" + session.get("COLUMNS") + " tty=" + session.get(".tty"));
    }

    public List<String> result() {
      return List.of("one", "two");
    }

    public void stop() {
      server.close();
      System.out.println("stopped");
    }
  }
}
