package io.weft.support.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ReplayCacheTest {

  private final ReplayCache cache = new ReplayCache(2, 4, 1_000);

  private static byte[] nonce(int number) {
    return ByteBuffer.allocate(16).putInt(number).array();
  }

  @Test
  void eachOnce() {
    assertThat(cache.admit("a", nonce(1), 10, 10)).isTrue();
    assertThat(cache.admit("a", nonce(1), 10, 11)).isFalse();
    assertThat(cache.admit("b", nonce(1), 10, 11)).isTrue();
  }

  @Test
  void whatWasForgottenForLackOfRoomIsStillRefused() {
    for (int i = 0; i < 6; i++) {
      assertThat(cache.admit("a", nonce(i), 10 + i, 20)).isTrue();
    }
    for (int i = 0; i < 6; i++) {
      assertThat(cache.admit("a", nonce(i), 10 + i, 20)).isFalse();
    }
  }

  @Test
  void aNewSenderDoesNotMakeRoomByForgettingWhatCouldBeReplayed() {
    cache.admit("a", nonce(1), 10, 10);
    cache.admit("b", nonce(1), 10, 10);
    assertThat(cache.admit("c", nonce(1), 10, 10)).isFalse();
    assertThat(cache.admit("c", nonce(1), 1_500, 1_500)).isTrue();
  }
}
