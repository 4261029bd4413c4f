package io.weft.shell.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

  private static final int WIDE = Integer.MAX_VALUE;

  @Test
  void alignsTextLeftAndFiguresRight() {
    Table table = new Table().left("PEER").right("RTT").left("REASON").row("b", "0.40 ms", "hello").row("longer", "12 ms", "");
    assertThat(table.lines(WIDE, false)).containsExactly(
        "PEER        RTT  REASON",
        "b       0.40 ms  hello",
        "longer    12 ms");
  }

  @Test
  void theWidestTextGivesWayFirstAndFiguresNever() {
    Table table = new Table().left("PEER").right("SENT").left("REASON").row("peer-b", "1,000,000",
        "a very long reason that nobody reads");
    assertThat(table.lines(40, false)).containsExactly(
        "PEER         SENT  REASON",
        "peer-b  1,000,000  a very long reason t…");
    assertThat(table.lines(20, false)).allMatch(l -> Text.width(l) <= 20);
    assertThat(table.lines(5, false)).allMatch(l -> Text.width(l) <= 5);
  }

  @Test
  void wideCharactersCountTwice() {
    Table table = new Table().left("A").left("B").row("日本", "x").row("é", "y");
    assertThat(table.lines(WIDE, false)).containsExactly("A     B", "日本  x", "é     y");
    assertThat(Text.cut("日本語", 5)).isEqualTo("日本…");
  }

  @Test
  void coloursDoNotDisturbTheAlignment() {
    List<String> lines = new Table().left("A").left("B").row(Cell.good("up"), "x").lines(WIDE, true);
    assertThat(lines.get(1)).isEqualTo("\u001b[32mup\u001b[0m  x");
  }

  @Test
  void whatOthersSaidCannotMoveTheCursor() {
    assertThat(new Table().left("A").row("x\u001b[2J\r\n\u202ey").lines(WIDE, false).get(1)).isEqualTo("x?[2J???y");
  }
}
