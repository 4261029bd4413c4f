package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {

  private static final long MILLI = 1_000_000;
  private static final long MOST = 16L << 20;
  private final GrowthBudget budget = new GrowthBudget(64L << 20);

  private ReceiveWindow window() {
    return new ReceiveWindow(budget, MOST, 0);
  }

  @Test
  void letsTheSenderSendTheInitialWindowAndNotAByteMore() {
    ReceiveWindow window = window();
    assertThat(window.receive(ReceiveWindow.INITIAL)).isTrue();
    assertThat(window.waiting()).isEqualTo(ReceiveWindow.INITIAL);
    assertThat(window.receive(1)).isFalse();
  }

  @Test
  void grantsMoreOnceHalfIsRead() {
    ReceiveWindow window = window();
    window.receive(ReceiveWindow.INITIAL);
    assertThat(window.consume(ReceiveWindow.INITIAL / 2 - 1)).isFalse();
    assertThat(window.consume(1)).isTrue();
    assertThat(window.grant(1000 * MILLI, MILLI)).isEqualTo(ReceiveWindow.INITIAL * 3 / 2);
    assertThat(window.receive(ReceiveWindow.INITIAL / 2)).isTrue();
    assertThat(window.receive(1)).isFalse();
  }

  @Test
  void growsWhileItHoldsTheSenderUp() {
    ReceiveWindow window = window();
    long now = 0;
    for (int i = 0; i < 20; i++) {
      now += 30 * MILLI; // Each half is read within less than two round trips of 40 ms.
      read(window, now, 40 * MILLI);
    }
    assertThat(window.size()).isEqualTo(MOST);
    assertThat(budget.left()).isEqualTo((64L << 20) - MOST + ReceiveWindow.INITIAL);
    window.close();
    assertThat(budget.left()).isEqualTo(64L << 20);
  }

  @Test
  void staysSmallForASlowReader() {
    ReceiveWindow window = window();
    long now = 0;
    for (int i = 0; i < 20; i++) {
      now += 100 * MILLI;
      read(window, now, 40 * MILLI);
    }
    assertThat(window.size()).isEqualTo(ReceiveWindow.INITIAL);
  }

  @Test
  void growsAllTogetherByNoMoreThanTheBudget() {
    List<ReceiveWindow> windows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      windows.add(window());
    }
    long now = 0;
    for (int round = 0; round < 20; round++) {
      now += MILLI;
      for (ReceiveWindow window : windows) {
        read(window, now, 40 * MILLI);
      }
    }
    long total = windows.stream().mapToLong(ReceiveWindow::size).sum();
    assertThat(total).isEqualTo((64L << 20) + 200L * ReceiveWindow.INITIAL);
    assertThat(budget.left()).isZero();
    windows.forEach(ReceiveWindow::close);
    assertThat(budget.left()).isEqualTo(64L << 20);
  }

  @Test
  void tellsWhoReadsMoreThanThereWas() {
    ReceiveWindow window = window();
    window.receive(10);
    assertThatThrownBy(() -> window.consume(11)).isInstanceOf(IllegalArgumentException.class).hasMessage("11 bytes consumed, 10 were there");
    assertThatThrownBy(() -> window.consume(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sendsNoMoreThanGrantedAndNeverLessThanBefore() {
    SendWindow window = new SendWindow();
    window.send(ReceiveWindow.INITIAL - 1);
    assertThat(window.room()).isOne();
    window.raise(10);
    assertThat(window.room()).isOne();
    window.raise(ReceiveWindow.INITIAL + 10);
    assertThat(window.room()).isEqualTo(11);
  }

  private static void read(ReceiveWindow window, long now, long rtt) {
    int half = (int) (window.size() / 2);
    assertThat(window.receive(half)).isTrue();
    if (window.consume(half)) {
      window.grant(now, rtt);
    }
  }
}
