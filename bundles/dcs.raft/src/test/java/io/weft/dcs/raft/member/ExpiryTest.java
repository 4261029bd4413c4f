package io.weft.dcs.raft.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.raft.state.Command;
import io.weft.dcs.raft.state.KeyValues.Lifetime;
import io.weft.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryTest {

  private final ManualTime time = new ManualTime();
  private final Expiry expiry = new Expiry(time);

  @Test
  void aSessionHasItsWholeTimeFromEachRenewal() {
    expiry.renewed(new Lifetime("s1", "x", 1_000, 5));
    time.advance(Duration.ofMillis(999));
    assertThat(expiry.due()).isEmpty();
    expiry.renewed(new Lifetime("s1", "x", 1_000, 6));
    time.advance(Duration.ofMillis(999));
    assertThat(expiry.due()).isEmpty();
    time.advance(Duration.ofMillis(1));
    assertThat(expiry.due()).containsExactly(new Command.Expire("s1", 6));
    expiry.ended("s1");
    assertThat(expiry.due()).isEmpty();
  }

  @Test
  void whoBeginsToLeadGivesEverySessionItsWholeTime() {
    Lifetime session = new Lifetime("s1", "x", 1_000, 5);
    expiry.renewed(session);
    time.advance(Duration.ofMillis(900));
    expiry.reset(List.of(session));
    time.advance(Duration.ofMillis(999));
    assertThat(expiry.due()).isEmpty();
    time.advance(Duration.ofMillis(1));
    assertThat(expiry.due()).hasSize(1);
  }
}
