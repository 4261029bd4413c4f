package io.weft.node.core.succession;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.Registration;
import io.weft.node.Succession;
import io.weft.node.Succession.Estate;
import io.weft.node.core.succession.Estates.Owner;
import io.weft.testkit.ManualTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EstatesTest {

  private static final Owner FORWARD = new Owner(7, "io.weft.forward");
  private static final Duration MOMENT = Duration.ofMillis(1);

  private final ManualTime time = new ManualTime();
  private final Estates estates = new Estates(time);

  @AfterEach
  void noTimerIsLeft() {
    estates.close();
    assertThat(time.pending()).isZero();
    assertThat(estates.size()).isZero();
  }

  @Test
  void theNextVersionGetsItOnce() {
    Left left = new Left();
    assertThat(estates.leave(FORWARD, left)).isPresent();
    assertThat(estates.claim(FORWARD)).contains(left);
    assertThat(estates.claim(FORWARD)).isEmpty();
    assertThat(left.expired).isZero();
  }

  @Test
  void nobodyElseGetsIt() {
    estates.leave(FORWARD, new Left());
    assertThat(estates.claim(new Owner(8, "io.weft.forward"))).as("another bundle of that name").isEmpty();
    assertThat(estates.claim(new Owner(7, "org.example.thief"))).as("other content in the same bundle").isEmpty();
    assertThat(estates.claim(FORWARD)).isPresent();
  }

  @Test
  void whatNobodyClaimsIsClosed() {
    Left left = new Left();
    estates.leave(FORWARD, left);
    time.advance(Succession.WAIT.minus(MOMENT));
    assertThat(left.expired).isZero();
    time.advance(MOMENT);
    assertThat(left.expired).isOne();
    assertThat(estates.claim(FORWARD)).isEmpty();
  }

  @Test
  void whatTheHeirDoesNotTakeIsClosedToo() {
    Left left = new Left();
    estates.leave(FORWARD, left);
    time.advance(Succession.WAIT.minus(MOMENT));
    estates.claim(FORWARD);
    time.advance(Succession.WAIT.minus(MOMENT));
    assertThat(left.expired).isZero();
    time.advance(MOMENT);
    assertThat(left.expired).isOne();
  }

  @Test
  void whatIsEmptyIsForgotten() {
    Left left = new Left();
    Registration registration = estates.leave(FORWARD, left).orElseThrow();
    estates.claim(FORWARD);
    registration.close();
    assertThat(estates.size()).isZero();
    assertThat(time.pending()).isZero();
    registration.close();
    assertThat(left.expired).isZero();
  }

  @Test
  void howLongItGoesOnIsItsOwnToSay() {
    Left left = new Left();
    left.goesOnFor = Duration.ofMinutes(1);
    estates.leave(FORWARD, left);
    estates.claim(FORWARD);
    time.advance(Duration.ofMinutes(1).minus(MOMENT));
    assertThat(left.expired).isZero();
    time.advance(MOMENT);
    assertThat(left.expired).isOne();
  }

  @Test
  void anUninstalledBundleHasNoHeir() {
    Left left = new Left();
    Left others = new Left();
    estates.leave(FORWARD, left);
    estates.leave(new Owner(8, "other"), others);
    estates.gone(7);
    assertThat(left.expired).isOne();
    assertThat(others.expired).isZero();
  }

  @Test
  void anUnclaimedOneIsClosedWhenTheNextIsLeft() {
    Left first = new Left();
    Left second = new Left();
    estates.leave(FORWARD, first);
    estates.leave(FORWARD, second);
    assertThat(first.expired).isOne();
    assertThat(estates.claim(FORWARD)).contains(second);
  }

  @Test
  void theEndOfTheNodeClosesAll() {
    Left waiting = new Left();
    Left claimed = new Left();
    estates.leave(FORWARD, claimed);
    estates.claim(FORWARD);
    estates.leave(FORWARD, waiting);
    estates.close();
    assertThat(waiting.expired).isOne();
    assertThat(claimed.expired).isOne();
    assertThat(estates.leave(FORWARD, new Left())).isEmpty();
  }

  @Test
  void oneThatFailsToCloseHoldsUpNobody() {
    Left other = new Left();
    estates.leave(FORWARD, new Estate() {
      @Override
      public Map<String, Object> things() {
        return Map.of();
      }

      @Override
      public void expired() {
        throw new IllegalStateException("on purpose");
      }
    });
    estates.leave(new Owner(8, "other"), other);
    time.advance(Succession.WAIT);
    assertThat(other.expired).isOne();
  }

  private static final class Left implements Estate {

    private int expired;
    private Duration goesOnFor = Succession.WAIT;

    @Override
    public Duration goesOnFor() {
      return goesOnFor;
    }

    @Override
    public Map<String, Object> things() {
      return Map.of("format", 1);
    }

    @Override
    public void expired() {
      expired++;
    }
  }
}
