package io.weft.support.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.CommandFailure;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommandWordsTest {

  private static final Set<String> COMMANDS = Set.of("weft:status", "weft:help", "link:list", "link:close", "gogo:cat");

  @Test
  void twoWordsAreScopeAndFunction() {
    assertThat(resolve("link", "list", "--json")).isEqualTo(new CommandWords.Call("link:list", List.of("--json")));
    assertThat(resolve("LINK", "List")).isEqualTo(new CommandWords.Call("link:list", List.of()));
    assertThat(resolve("link:close", "b", "--yes")).isEqualTo(new CommandWords.Call("link:close", List.of("b", "--yes")));
  }

  @Test
  void oneWordIsOurOwn() {
    assertThat(resolve("status")).isEqualTo(new CommandWords.Call("weft:status", List.of()));
    assertThat(resolve("help", "link")).isEqualTo(new CommandWords.Call("weft:help", List.of("link")));
  }

  @Test
  void helpOfAScope() {
    assertThat(resolve("link", "--help")).isEqualTo(new CommandWords.Call("weft:help", List.of("link")));
  }

  @Test
  void whatIsMissingOrUnknownIsSaid() {
    assertThatThrownBy(() -> resolve("link")).isInstanceOf(CommandFailure.class)
        .hasMessage("'link' needs a verb; there is close, list").extracting(e -> ((CommandFailure) e).exitCode()).isEqualTo(2);
    assertThatThrownBy(() -> resolve("link", "open")).hasMessage("'link' has no 'open'; there is close, list");
    assertThatThrownBy(() -> resolve("statsu")).hasMessage("unknown command 'statsu'; did you mean 'status'?");
    assertThatThrownBy(() -> resolve("lnk", "list")).hasMessage("unknown command 'lnk'; did you mean 'link list'?");
    assertThatThrownBy(() -> resolve("frobnicate")).hasMessage("unknown command 'frobnicate'; 'weft help' lists all");
  }

  @Test
  void nothingTypedReachesTheTerminalRaw() {
    assertThatThrownBy(() -> resolve("\u001b[2Jx".repeat(50))).satisfies(e -> assertThat(e.getMessage()).doesNotContain("\u001b")
        .hasSizeLessThan(120));
  }

  @Test
  void syntaxIsNeverACommand() {
    for (String word : List.of("link:list;", "link:list $x", "{link:list}", "(link:list)", ":", "")) {
      assertThatThrownBy(() -> resolve(word)).isInstanceOf(CommandFailure.class);
    }
  }

  private static CommandWords.Call resolve(String... words) {
    return CommandWords.resolve(List.of(words), COMMANDS);
  }
}
