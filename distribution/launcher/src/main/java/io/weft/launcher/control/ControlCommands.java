package io.weft.launcher.control;

import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import io.weft.launcher.Signals;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The commands that a running node executes: {@code weft shell} and every word that the launcher does not know itself. */
public final class ControlCommands {

  /** What a shell reports after Ctrl-C. */
  private static final int INTERRUPTED = 130;

  /** What a shell reports of a command that SIGPIPE ended: nobody reads the output, and nobody is to be told so. */
  private static final int OUTPUT_CLOSED = 141;

  private ControlCommands() {}

  /** Runs one command in the node; returns its exit code. */
  public static int exec(Home home, List<String> args) throws Failure {
    Tty tty = Tty.given();
    return exec(home, args, tty, new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
  }

  /** Same, with the output to wherever the caller wants it; the demo uses this. */
  public static int exec(Home home, List<String> args, OutputStream stdout, OutputStream stderr) throws Failure {
    try (ControlConnection connection = ControlConnection.open(home)) {
      return answer(connection, args, new Tty(false, false, Tty.Size.USUAL), stdout, stderr);
    } catch (ControlConnection.OutputClosed e) {
      return OUTPUT_CLOSED;
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private static int exec(Home home, List<String> args, Tty tty, OutputStream stdout, OutputStream stderr) throws Failure {
    try (ControlConnection connection = ControlConnection.open(home)) {
      AtomicInteger interrupts = new AtomicInteger();
      Signals.on(() -> interrupt(connection, interrupts), "INT");
      return answer(connection, args, tty, stdout, stderr);
    } catch (ControlConnection.OutputClosed e) {
      return OUTPUT_CLOSED;
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** A node that turns us away may have closed before we wrote; what it said is there to read all the same. */
  private static int answer(ControlConnection connection, List<String> args, Tty tty, OutputStream stdout, OutputStream stderr)
      throws IOException {
    IOException unsent = null;
    try {
      send(connection, args, tty);
    } catch (IOException e) {
      unsent = e;
    }
    try {
      return connection.copy(stdout, stderr);
    } catch (ControlConnection.OutputClosed e) {
      throw e;
    } catch (IOException e) {
      if (unsent != null) {
        e.addSuppressed(unsent);
      }
      throw e;
    }
  }

  private static void send(ControlConnection connection, List<String> args, Tty tty) throws IOException {
    connection.send(Frame.EXEC, Map.of("args", args, "columns", tty.size().columns(), "tty", tty.out()));
    // No command reads standard input, and taking it would steal it from the script that runs weft in a loop.
    connection.send(Frame.STDIN, new byte[0]);
  }

  /** The first Ctrl-C asks the command to stop; the second does not wait for it. */
  private static void interrupt(ControlConnection connection, AtomicInteger interrupts) {
    if (interrupts.incrementAndGet() > 1) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    try {
      connection.send(Frame.INTERRUPT, new byte[0]);
    } catch (IOException e) {
      Runtime.getRuntime().halt(INTERRUPTED); // the node is gone; so is the command
    }
  }

  /** An interactive session in the node. {@code bin/weft} has put the terminal into raw mode and restores it. */
  public static int shell(Home home, List<String> words) throws Failure {
    if (!words.isEmpty()) {
      throw Failure.usage("weft shell takes no arguments; a single command is: weft " + String.join(" ", words));
    }
    Tty tty = Tty.given();
    String term = tty.in() && tty.out() ? System.getenv().getOrDefault("TERM", "dumb") : "dumb";
    try (ControlConnection connection = ControlConnection.open(home)) {
      connection.send(Frame.SHELL, Map.of("term", term, "columns", tty.size().columns(), "rows", tty.size().rows()));
      if (tty.out()) {
        Signals.on(() -> Tty.currentSize().ifPresent(size -> resize(connection, size)), "WINCH");
      }
      Thread typing = new Thread(() -> forward(new FileInputStream(FileDescriptor.in), connection), "weft-launcher-stdin");
      typing.setDaemon(true);
      typing.start();
      return connection.copy(new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
    } catch (ControlConnection.OutputClosed e) {
      return OUTPUT_CLOSED;
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private static void resize(ControlConnection connection, Tty.Size size) {
    try {
      byte[] payload = ByteBuffer.allocate(4).putShort((short) size.columns()).putShort((short) size.rows()).array();
      connection.send(Frame.RESIZE, payload);
    } catch (IOException e) {
      // the thread that reads finds out too, and says so
      return;
    }
  }

  private static void forward(InputStream typed, ControlConnection connection) {
    byte[] buffer = new byte[8 * 1024];
    try {
      for (int n = typed.read(buffer); n >= 0; n = typed.read(buffer)) {
        connection.send(Frame.STDIN, buffer, n);
      }
      connection.send(Frame.STDIN, new byte[0]);
    } catch (IOException e) {
      // the thread that reads finds out too, and says so
      return;
    }
  }

  private static Failure lost(IOException e) {
    return new Failure(Failure.CHECK, "lost the node: " + e.getMessage(), e);
  }
}
