package io.weft.node.core.control;

import io.weft.node.CommandFailure;
import io.weft.node.core.log.BackEnd;
import io.weft.support.command.CommandWords;
import io.weft.support.command.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Job;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what was asked for in a Gogo session. What a command may want to know of its caller is in session variables: {@code
 * COLUMNS}, {@code LINES}, {@code TERM} and {@code .tty} (whether somebody looks at the output). The shell also leaves two
 * {@link Runnable}s there for us to call, {@code .resized} and {@code .interrupt}.
 */
final class Execution {

  static final int INTERRUPTED = 130;
  static final String SHELL = "weft:shell";

  private static final Logger log = LoggerFactory.getLogger(Execution.class);

  private final ControlRequest request;
  private final @Nullable CommandSession session;
  private final PrintStream err;
  private final PrintStream out;
  // Guarded by this.
  private boolean cancelled;
  private boolean done;
  private @Nullable Thread thread;

  Execution(ControlRequest request, @Nullable CommandProcessor processor, InputStream in, OutputStream out, OutputStream err) {
    this.request = request;
    this.out = new PrintStream(out, false, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, false, StandardCharsets.UTF_8);
    this.session = processor == null ? null : processor.createSession(in, this.out, this.err);
    if (request instanceof ControlRequest.Exec exec) {
      put("COLUMNS", exec.columns());
      put(".tty", exec.tty());
    } else if (request instanceof ControlRequest.Shell shell) {
      put("COLUMNS", shell.columns());
      put("LINES", shell.rows());
      put("TERM", shell.term());
      put(".tty", true);
    }
    put("SCOPE", "weft:*");
    // Not set, it would be looked up as a command, of which Gogo has one; then each command is repeated on the error stream.
    put("echo", false);
  }

  private void put(String name, Object value) {
    if (session != null) {
      session.put(name, value);
    }
  }

  /** Runs to the end; what went wrong is on the error stream and, if nobody expected it, in the log. Returns the exit code. */
  int run() {
    synchronized (this) {
      if (cancelled) {
        return INTERRUPTED;
      }
      thread = Thread.currentThread();
    }
    String command = request instanceof ControlRequest.Shell ? SHELL : "command";
    try {
      CommandSession gogo = available();
      if (request instanceof ControlRequest.Exec exec) {
        CommandWords.Call call = CommandWords.resolve(exec.args(), commands(gogo));
        command = call.command();
        log.debug("command started command={}", command);
        execute(gogo, call);
      } else {
        shell(gogo);
      }
      return 0;
    } catch (Exception e) {
      return isCancelled() ? INTERRUPTED : failed(command, e);
    } finally {
      synchronized (this) {
        done = true;
        Thread.interrupted(); // the thread goes back to its pool
      }
      out.flush();
      err.flush();
      close();
    }
  }

  private CommandSession available() {
    if (session == null) {
      throw new CommandFailure(CommandFailure.PRECONDITION,
          "commands are not available: bundle org.apache.felix.gogo.runtime is not active");
    }
    return session;
  }

  private static void execute(CommandSession gogo, CommandWords.Call call) throws Exception {
    // Gogo expands $args to the list itself, so that nothing in an argument is ever parsed.
    gogo.put("args", call.args());
    Object result = gogo.execute(call.command() + " $args");
    if (result != null) {
      gogo.getConsole().println(gogo.format(result, Converter.INSPECT));
    }
  }

  private static void shell(CommandSession gogo) throws Exception {
    // Called, not executed: as a job of its own it would be what Ctrl-C interrupts.
    if (!(gogo.get(SHELL) instanceof Function function)) {
      throw new CommandFailure(CommandFailure.PRECONDITION, "the shell is not available: bundle io.weft.shell is not active");
    }
    function.execute(gogo, new java.util.ArrayList<>());
  }

  private static Set<String> commands(CommandSession gogo) {
    Set<?> names = (Set<?>) Objects.requireNonNull(gogo.get(".commands"));
    // A command whose last provider went is still in Gogo's list.
    return names.stream().map(String::valueOf).filter(n -> gogo.get(n) instanceof Function).collect(Collectors.toSet());
  }

  private int failed(String command, Exception e) {
    Failure failure = Failure.of(command, e);
    if (!failure.expected()) {
      log.warn("command failed command={}", command, e);
    }
    err.println(BackEnd.mask().map(mask -> mask.apply(failure.line())).orElse(failure.line()));
    return failure.exitCode();
  }

  /** Passes Ctrl-C to the shell. Returns whether there is one; a plain command is to be cancelled instead. */
  boolean interrupt() {
    return session != null && request instanceof ControlRequest.Shell && call(".interrupt");
  }

  /** The client's window has a new size. */
  void resize(int columns, int rows) {
    put("COLUMNS", columns);
    put("LINES", rows);
    call(".resized");
  }

  private boolean call(String variable) {
    if (session == null || !(session.get(variable) instanceof Runnable runnable)) {
      return false;
    }
    try {
      runnable.run();
    } catch (RuntimeException e) {
      log.warn("shell failed on {}", variable, e);
    }
    return true;
  }

  /** Interrupts the command. Returns whether there was anything to interrupt. */
  boolean cancel() {
    synchronized (this) {
      if (done) {
        return false;
      }
      cancelled = true;
    }
    if (request instanceof ControlRequest.Shell) {
      call(".interrupt"); // what the shell runs is a job of a session of its own
    }
    if (session != null) {
      Job job = session.foregroundJob();
      if (job != null) {
        job.interrupt();
      }
      close();
    }
    return true;
  }

  /** Stops waiting for a command that was cancelled and has not ended. */
  void abandon() {
    synchronized (this) {
      if (!done && thread != null) {
        log.warn("command does not end after it was cancelled request={}", request.getClass().getSimpleName());
        thread.interrupt();
      }
    }
  }

  private synchronized boolean isCancelled() {
    return cancelled;
  }

  boolean isCurrent() {
    Job job = Job.Utils.current();
    return session != null && job != null && job.session() == session;
  }

  private void close() {
    if (session != null) {
      session.close();
    }
  }
}
