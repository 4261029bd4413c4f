package io.weft.testkit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.CommandFailure;
import io.weft.support.JsonReader;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.Test;

/**
 * What people expect of every command of the shell: {@code --help} explains it with an example, {@code --json} is JSON, and what it
 * does not understand ends with one line and exit code 2. Extend it, and say which words work.
 */
public abstract class CommandContract {

  /** The command under test, with something to tell. */
  protected abstract Function command();

  /** Words with which it succeeds; may be none. Without {@code --json}. */
  protected abstract String[] works();

  @Test
  public void answersAPersonInLines() throws Exception {
    String text = new FakeCommandSession().call(command(), works());
    assertThat(text).isNotBlank().endsWith(System.lineSeparator());
    assertThat(text.lines()).allSatisfy(line -> assertThat(line.chars().noneMatch(Character::isISOControl)).isTrue());
  }

  @Test
  public void answersAProgramInJson() throws Exception {
    String[] words = works().clone();
    String[] all = java.util.Arrays.copyOf(words, words.length + 1);
    all[words.length] = "--json";
    String text = new FakeCommandSession().call(command(), all);
    assertThat(JsonReader.read(text)).isNotNull();
  }

  @Test
  public void helpSaysHowToUseItWithAnExample() throws Exception {
    assertThat(new FakeCommandSession().call(command(), "--help")).contains("Usage: weft ", "--json", "Example");
  }

  @Test
  public void whatItDoesNotUnderstandIsOneLine() {
    for (String word : new String[] {"--no-such-option", "no-such-word\u001b[2J\n"}) {
      assertThatThrownBy(() -> new FakeCommandSession().call(command(), word))
          .isInstanceOfSatisfying(CommandFailure.class, e -> {
            assertThat(e.exitCode()).isEqualTo(CommandFailure.USAGE);
            assertThat(e.getMessage()).contains("--help");
          });
    }
  }
}
