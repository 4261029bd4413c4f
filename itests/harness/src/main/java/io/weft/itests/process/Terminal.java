package io.weft.itests.process;

import io.weft.itests.Command;
import io.weft.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real terminal, 100 by 30, in which a person could sit: tmux with a server of its own. */
public final class Terminal implements AutoCloseable {

  private static final Duration SEEN_MAX = Duration.ofSeconds(30);

  private final Path directory = ProcessFabric.temporary();

  /** Runs a command line of sh in it; what it leaves on the screen stays there. */
  public Terminal(String commandLine) {
    tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", commandLine + "; echo ended with $?; exec cat");
  }

  private String tmux(String... words) {
    List<String> all = new ArrayList<>(List.of("tmux", "-S", directory.resolve("tmux").toString()));
    all.addAll(List.of(words));
    return Command.of(all).env("TERM", "xterm").env("LC_ALL", "C.UTF-8").run().orFail();
  }

  /** Types a text as it is. */
  public Terminal type(String text) {
    tmux("send-keys", "-l", text);
    return this;
  }

  /** Presses a key by the name that tmux has for it: Enter, Tab, Up, C-c, C-d. */
  public Terminal press(String key) {
    tmux("send-keys", key);
    return this;
  }

  /** What is to be seen, without blanks at the ends of lines. */
  public String screen() {
    return String.join("\n", tmux("capture-pane", "-p").lines().map(String::stripTrailing).toList()).stripTrailing();
  }

  /** The line in which the cursor is, which is the last that is not empty. */
  public String lastLine() {
    String screen = screen();
    return screen.substring(screen.lastIndexOf('\n') + 1);
  }

  public Terminal awaitScreen(String text) {
    return await(text, () -> screen().contains(text));
  }

  public Terminal awaitLastLine(String text) {
    return await(text + " as the last line", () -> lastLine().equals(text));
  }

  private Terminal await(String what, java.util.concurrent.Callable<Boolean> condition) {
    try {
      Await.until(what, SEEN_MAX, condition);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; the screen:\n" + screen(), e);
    }
    return this;
  }

  @Override
  public void close() {
    tmux("kill-server");
    try {
      Files.deleteIfExists(directory.resolve("tmux"));
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
