package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {

  private static final long MOST = 16L << 20;
  private final ManualTime time = new ManualTime();
  private final GrowthBudget budget = new GrowthBudget(64L << 20);

  private ReceiveWindow window() {
    return new ReceiveWindow(budget, MOST, time);
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
    time.advance(Duration.ofSeconds(1));
    assertThat(window.consume(ReceiveWindow.INITIAL / 2 - 1)).isFalse();
    assertThat(window.consume(1)).isTrue();
    assertThat(window.limit()).isEqualTo(ReceiveWindow.INITIAL * 3 / 2);
    assertThat(window.receive(ReceiveWindow.INITIAL / 2)).isTrue();
    assertThat(window.receive(1)).isFalse();
  }

  @Test
  void growsWhileItHoldsTheSenderUp() {
    ReceiveWindow window = window();
    for (int i = 0; i < 10; i++) {
      time.advance(Duration.ofSeconds(1));
      window.receive((int) window.size() / 2);
      window.consume((int) window.size() / 2);
      window.stopped();
    }
    assertThat(window.size()).isEqualTo(MOST);
    assertThat(window.stopped()).isFalse();
    assertThat(budget.left()).isEqualTo((64L << 20) - MOST + ReceiveWindow.INITIAL);
    window.close();
    assertThat(budget.left()).isEqualTo(64L << 20);
  }

  @Test
  void growsBeforeItHoldsAFastSenderUp() {
    ReceiveWindow window = window();
    for (int i = 0; i < 10; i++) {
      time.advance(Duration.ofMillis(9));
      window.receive((int) window.size() / 2);
      window.consume((int) window.size() / 2);
    }
    assertThat(window.size()).isEqualTo(MOST);
  }

  @Test
  void staysSmallForASlowReader() {
    ReceiveWindow window = window();
    window.receive(ReceiveWindow.INITIAL);
    for (int i = 0; i < 20; i++) {
      time.advance(Duration.ofMillis(11));
      assertThat(window.stopped()).isFalse();
      window.consume(ReceiveWindow.INITIAL / 2);
      window.receive(ReceiveWindow.INITIAL / 2);
    }
    assertThat(window.size()).isEqualTo(ReceiveWindow.INITIAL);
  }

  @Test
  void growsAllTogetherByNoMoreThanTheBudget() {
    List<ReceiveWindow> windows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      windows.add(window());
    }
    for (int round = 0; round < 20; round++) {
      windows.forEach(ReceiveWindow::stopped);
    }
    long total = windows.stream().mapToLong(ReceiveWindow::size).sum();
    assertThat(total).isEqualTo((64L << 20) + 200L * ReceiveWindow.INITIAL - budget.left());
    assertThat(budget.left()).isLessThan(1L << 20);
    windows.forEach(ReceiveWindow::close);
    assertThat(budget.left()).isEqualTo(64L << 20);
  }

  @Test
  void theFirstOnesLeaveSomethingForTheNext() {
    for (int i = 0; i < 7; i++) {
      ReceiveWindow early = window(); // which stays open, though it has nothing more to do
      for (int round = 0; round < 10; round++) {
        early.stopped();
      }
    }
    ReceiveWindow late = window();
    assertThat(late.stopped()).isTrue();
    assertThat(late.size()).isGreaterThan(ReceiveWindow.INITIAL);
  }

  @Test
  void tellsWhoReadsMoreThanThereWas() {
    ReceiveWindow window = window();
    window.receive(10);
    assertThatThrownBy(() -> window.consume(11)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("11 bytes consumed, 10 were there");
    assertThatThrownBy(() -> window.consume(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void saysOncePerLimitThatItIsInTheWay() {
    SendWindow window = new SendWindow();
    assertThat(window.mustTell()).isFalse();
    window.send(ReceiveWindow.INITIAL);
    assertThat(window.mustTell()).isTrue();
    assertThat(window.mustTell()).isFalse();
    window.raise(ReceiveWindow.INITIAL + 5);
    assertThat(window.mustTell()).isFalse();
    window.send(5);
    assertThat(window.mustTell()).isTrue();
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
}
