package io.weft.shell.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.shell.Sample;
import io.weft.shell.frame.Command;
import io.weft.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A person at a terminal, as far as bytes go. */
@Timeout(60)
class InteractiveShellTest {

  @TempDir Path home;
  private final Sample sample = new Sample();
  private final PipedOutputStream keyboard = new PipedOutputStream();
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final Stuck stuck = new Stuck();
  private CommandSession client;
  private Thread thread;

  @BeforeEach
  void open() throws IOException {
    for (Command command : sample.rig.commands().values()) {
      sample.rig.processor.addCommand(command.spec().scope(), command, command.spec().function());
    }
    sample.rig.processor.addCommand("acme", stuck, "hang");
    sample.node.home = home;
    client = sample.rig.processor.createSession(new PipedInputStream(keyboard, 65_536), screen, screen);
    client.put("TERM", "xterm");
    client.put("COLUMNS", 100);
    client.put("LINES", 30);
    thread = new Thread(() -> {
      try {
        sample.rig.commands().get("weft:shell").execute(client, List.of());
      } catch (Exception e) {
        screen.writeBytes(("DIED " + e).getBytes(StandardCharsets.UTF_8));
      }
    });
    thread.start();
    until("ready>");
  }

  @AfterEach
  void close() throws IOException {
    keyboard.close();
    ended();
    client.close();
  }

  @Test
  void runsCommandsInBothSpellings() throws IOException {
    type("link list\r");
    until("RECEIVED");
    type("access:test b pg\r");
    until("allowed: allow b (expose pg)");
    type("link list | grep backoff\r");
    until("peer_silent");
    type("exit\r");
    ended();
  }

  @Test
  void mistakesAreOneLineAndTheSessionGoesOn() throws IOException {
    type("link shw\r");
    until("'link' has no 'shw'; there is close, list, open, show");
    type("link show nobody\r");
    until("no peer 'nobody'; known are b, c");
    type("a )(\r");
    until("not understood: unexpected token");
    type("status\r");
    until("HEALTH");
  }

  @Test
  void tabCompletes() throws IOException {
    type("access t\t");
    until("access test");
    type("b pg\r");
    until("allowed: allow b");
  }

  @Test
  void controlCCancelsTheCommandOnly() throws IOException {
    type("acme hang\r");
    Await.until("the command to run", Duration.ofSeconds(20), () -> stuck.started.getCount() == 0);
    type("\u0003");
    Await.until("the command to notice", Duration.ofSeconds(20), stuck.interrupted::get);
    type("node show\r");
    until("incarnation");
  }

  @Test
  void anInterruptFrameDoesTheSame() {
    sendLine("acme hang\r");
    Await.until("the command to run", Duration.ofSeconds(20), () -> stuck.started.getCount() == 0);
    ((Runnable) client.get(".interrupt")).run();
    Await.until("the command to notice", Duration.ofSeconds(20), stuck.interrupted::get);
  }

  @Test
  void theHistoryIsPrivateAndLeavesOutWhatStartsWithABlank() throws IOException {
    type("peer list\r");
    until("lab");
    type(" secret list\r");
    until("formation");
    type("\u0004");
    ended();
    Path file = home.resolve("data/shell_history");
    assertThat(Files.readString(file)).contains("peer list").doesNotContain("secret list");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
  }

  @Test
  void aNewSizeIsUsedByTheNextCommand() throws IOException {
    client.put("COLUMNS", 20);
    ((Runnable) client.get(".resized")).run();
    type("link list\r");
    until("\nc ");
    assertThat(plain().lines().filter(l -> l.startsWith("b "))).isNotEmpty().allMatch(l -> l.stripTrailing().length() <= 20);
  }

  @Test
  void exitIsOfTheSessionAndSystemIsOutOfReach() throws IOException {
    type("system:exit 1\r");
    until("unknown command 'system:exit'");
    type("gosh\r");
    until("unknown command 'gosh'");
    type("new java.lang.Object\r");
    until("unknown command 'new'");
    type("weft:shell\r");
    until("you are in the shell already");
    type("quit\r");
    ended();
  }

  @Test
  void endsWhenTheShellIsStopped() {
    sample.rig.onStop.forEach(Runnable::run);
    ended();
    assertThat(plain()).contains("the shell was stopped or updated");
  }

  @Test
  void endsWithTheClient() throws IOException {
    keyboard.close();
    ended();
  }

  private void type(String keys) throws IOException {
    screen.reset();
    keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
    keyboard.flush();
  }

  private void sendLine(String keys) {
    try {
      type(keys);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void until(String text) {
    try {
      Await.until(text, Duration.ofSeconds(20), () -> plain().contains(text));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; the screen has: " + plain(), e);
    }
  }

  private void ended() {
    Await.until("the session to end", Duration.ofSeconds(20), () -> !thread.isAlive());
    assertThat(plain()).doesNotContain("DIED");
  }

  private String plain() {
    return screen.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[[0-9;?]*[a-zA-Z]", "").replace("\r", "");
  }

  /** A command that waits for Ctrl-C. */
  public static final class Stuck {
    final CountDownLatch started = new CountDownLatch(1);
    final AtomicBoolean interrupted = new AtomicBoolean();

    public void hang() throws InterruptedException {
      started.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.set(true);
        throw e;
      }
    }
  }
}
