package io.weft.path.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.path.NatKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each reason why there is no direct path has one code, and a sentence that says what to do. */
class AdviceTest {

  @ParameterizedTest
  @CsvSource({
    // policy, our NAT, theirs, relays, why all of them refuse, cause
    "any, blocked, endpoint_independent, 1, '', no_udp",
    "any, blocked, endpoint_independent, 1, turn_refused, no_udp",
    "any, address_dependent, address_dependent, 1, '', both_symmetric",
    "any, address_dependent, address_dependent, 0, '', both_symmetric",
    "any, address_dependent, address_dependent, 1, turn_refused, turn_refused",
    "any, endpoint_independent, endpoint_independent, 1, clock_skew, clock_skew",
    "any, endpoint_independent, unknown, 0, '', no_relay",
    "any, endpoint_independent, unknown, 2, '', no_pair",
    "relay_only, endpoint_independent, unknown, 0, '', no_relay",
    "relay_only, endpoint_independent, unknown, 1, '', policy",
    "relay_only, endpoint_independent, unknown, 1, turn_refused, turn_refused",
    "direct_only, endpoint_independent, unknown, 1, turn_refused, policy",
    "direct_only, address_dependent, address_dependent, 1, '', both_symmetric",
  })
  void findsTheCause(Policy policy, NatKind ours, NatKind theirs, int relays, String refused, String cause) {
    assertThat(Advice.cause(policy, ours, theirs, relays, refused)).isEqualTo(cause);
    assertThat(Advice.of(cause)).endsWith(".");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no_udp", "both_symmetric", "turn_refused", "clock_skew", "no_relay", "no_signal", "no_answer", "policy",
      "consent_expired", "no_pair"})
  void saysWhatToDoInOneSentence(String cause) {
    assertThat(Advice.of(cause)).isNotBlank().doesNotContain(". ").endsWith(".");
  }

  @Test
  void saysNothingWhereNothingNeedBeDone() {
    assertThat(Advice.of("")).isEmpty();
  }
}
