package io.weft.shell.terminal;

import io.weft.node.CommandFailure;
import io.weft.node.Registration;
import io.weft.secret.Secrets;
import io.weft.shell.frame.Services;
import io.weft.support.command.Failure;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.felix.gogo.jline.Parser;
import org.apache.felix.gogo.runtime.SyntaxError;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session. Reads lines from a terminal at the other end of a control session and runs them, until {@code exit}, Ctrl-D or the
 * end of the client. Gogo's own {@code gosh} is not used: its profile puts {@code System.exit} within reach of a slip.
 */
public final class InteractiveShell {

  private static final int HISTORY_MAX = 1000;
  private static final int LINE_MAX = 64 * 1024;
  private static final Logger log = LoggerFactory.getLogger(InteractiveShell.class);

  private final Services services;
  private final @Nullable Path home;
  private volatile boolean stopped;

  /** @param home of the node, for the history; null to keep none */
  public InteractiveShell(Services services, @Nullable Path home) {
    this.services = services;
    this.home = home;
  }

  /**
   * Runs until the end of the session.
   *
   * @param client the session of the control socket: its streams, its size, and where it finds what to call on an interrupt
   */
  public void run(CommandSession client) throws IOException {
    if (client.get(".terminal") != null) {
      throw new CommandFailure(CommandFailure.PRECONDITION, "you are in the shell already");
    }
    if (!(client.get("LINES") instanceof Integer)) {
      throw new CommandFailure(CommandFailure.PRECONDITION, "the shell needs a terminal; start it with 'weft shell'");
    }
    CommandProcessor processor = services.need(CommandProcessor.class);
    // The terminal writes single bytes and flushes when something is to be seen.
    try (Terminal terminal = new ExternalTerminal("weft", String.valueOf(client.get("TERM")), client.getKeyboard(),
        new BufferedOutputStream(client.getConsole(), 8192), StandardCharsets.UTF_8);
        CommandSession session = processor.createSession(terminal.input(), terminal.output(), terminal.output())) {
      prepare(terminal);
      SessionWords.define(session, processor);
      session.put(".terminal", terminal);
      session.put(".tty", !isDumb(terminal));
      Runnable resized = () -> resize(client, session, terminal);
      resized.run();
      client.put(".resized", resized);
      client.put(".interrupt", (Runnable) () -> terminal.raise(Terminal.Signal.INT));
      terminal.handle(Terminal.Signal.INT, signal -> interrupt(session));
      try (Registration stop = services.onStop(() -> stop(session, terminal))) {
        if (isDumb(terminal)) {
          script(session, terminal);
        } else {
          loop(session, terminal, reader(session, terminal));
        }
      }
    }
  }

  /** Ends the session with its present line or command: a command that stops the shell itself is let finish. */
  private void stop(CommandSession session, Terminal terminal) {
    stopped = true;
    Job job = Job.Utils.current();
    if (job == null || job.session() != session) {
      terminal.raise(Terminal.Signal.INT);
    }
  }

  /** The client's terminal is raw, so what its driver would do is done here. */
  private static void prepare(Terminal terminal) {
    Attributes attributes = terminal.getAttributes();
    attributes.setInputFlag(Attributes.InputFlag.ICRNL, true);
    attributes.setOutputFlag(Attributes.OutputFlag.OPOST, true);
    attributes.setOutputFlag(Attributes.OutputFlag.ONLCR, true);
    // A script that is piped in has no use for its own lines.
    attributes.setLocalFlag(Attributes.LocalFlag.ECHO, !isDumb(terminal));
    terminal.setAttributes(attributes);
  }

  private static boolean isDumb(Terminal terminal) {
    return terminal.getType().startsWith(Terminal.TYPE_DUMB);
  }

  private static void resize(CommandSession client, CommandSession session, Terminal terminal) {
    if (client.get("COLUMNS") instanceof Integer columns && client.get("LINES") instanceof Integer rows) {
      session.put("COLUMNS", columns);
      session.put("LINES", rows);
      terminal.setSize(new Size(columns, rows));
      terminal.raise(Terminal.Signal.WINCH);
    }
  }

  private static void interrupt(CommandSession session) {
    Job job = session.foregroundJob();
    if (job != null) {
      job.interrupt();
    }
  }

  private LineReader reader(CommandSession session, Terminal terminal) {
    LineReaderBuilder builder = LineReaderBuilder.builder().appName("weft").terminal(terminal)
        .parser(new Parser()).highlighter(new CommandHighlighter(session)).completer(new CommandCompleter(services, session))
        .variable(LineReader.HISTORY_SIZE, HISTORY_MAX).variable(LineReader.HISTORY_FILE_SIZE, HISTORY_MAX)
        .variable(LineReader.SECONDARY_PROMPT_PATTERN, "> ")
        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
        .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
        .option(LineReader.Option.AUTO_FRESH_LINE, true)
        .option(LineReader.Option.AUTO_LIST, true)
        .option(LineReader.Option.AUTO_MENU, true);
    HistoryFile.prepare(home).ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
    LineReader reader = builder.build();
    session.put(".reader", reader);
    return reader;
  }

  private void loop(CommandSession session, Terminal terminal, LineReader reader) {
    while (!stopped) {
      try {
        String line = reader.readLine(Prompt.of(services, terminal));
        if (!line.isBlank() && !execute(session, terminal, line)) {
          return;
        }
      } catch (UserInterruptException e) {
        log.trace("line dropped"); // Ctrl-C at the prompt: a fresh one
      } catch (EndOfFileException e) {
        return;
      }
    }
    terminal.writer().println("the shell was stopped or updated; open it again with 'weft shell'");
    terminal.flush();
  }

  /** Lines of a script that is piped in: nobody looks at prompts, and nobody edits. */
  private void script(CommandSession session, Terminal terminal) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c >= 0 && !stopped; ) {
      c = terminal.reader().read();
      if (c >= 0 && c != '\n') {
        line.append((char) c);
        if (line.length() > LINE_MAX) {
          throw new CommandFailure(CommandFailure.USAGE, "a line of a script has at most " + LINE_MAX + " characters");
        }
      } else if (!line.isEmpty()) {
        String text = line.toString();
        line.setLength(0);
        if (!text.isBlank() && !execute(session, terminal, text)) {
          return;
        }
      }
    }
  }

  /** Returns whether to go on. */
  private boolean execute(CommandSession session, Terminal terminal, String line) {
    try {
      Object result = session.execute(line);
      if (result != null) {
        terminal.writer().println(session.format(result, Converter.INSPECT));
      }
      session.put("_", result);
      return true;
    } catch (SessionWords.Exit e) {
      return false;
    } catch (InterruptedException e) {
      // Thrown by the job that was interrupted, or in this thread because the client has gone.
      terminal.writer().println(); // after the ^C that the terminal echoed
      return !Thread.currentThread().isInterrupted();
    } catch (SyntaxError | EOFException e) {
      terminal.writer().println(Prompt.error("not understood: " + Failure.oneLine(String.valueOf(e.getMessage())), terminal));
      return true;
    } catch (Exception e) {
      report(session, terminal, line, e);
      return true;
    } finally {
      terminal.flush();
    }
  }

  private void report(CommandSession session, Terminal terminal, String line, Exception e) {
    String command = line.strip().split("\\s", 2)[0];
    Failure failure = Failure.of(command, e);
    if (!failure.expected()) {
      log.warn("command failed command={}", Failure.oneLine(command), e);
    }
    session.put("exception", e);
    String shown = services.find(Secrets.class).map(secrets -> secrets.masked(failure.line())).orElse(failure.line());
    terminal.writer().println(Prompt.error(shown, terminal));
  }

  /** Names that a command line may start with. */
  static Set<String> commands(CommandSession session) {
    return session.get(".commands") instanceof Set<?> names
        ? names.stream().map(String::valueOf).collect(Collectors.toSet()) : Set.of();
  }
}
