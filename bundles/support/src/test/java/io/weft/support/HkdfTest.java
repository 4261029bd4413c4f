package io.weft.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HkdfTest {

  /** RFC 5869, A.3: no salt, no info. */
  @Test
  void givesTheKeysOfTheRfc() {
    byte[] secret = new byte[22];
    Arrays.fill(secret, (byte) 0x0b);

    byte[] extracted = Hkdf.extract(secret);
    byte[] expanded = Hkdf.expand(extracted, new byte[0], 42);

    assertThat(hex(extracted)).isEqualTo("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04");
    assertThat(hex(expanded))
        .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  }

  @Test
  void refusesLengthsItCannotGive() {
    byte[] extracted = Hkdf.extract(new byte[16]);

    assertThatThrownBy(() -> Hkdf.expand(extracted, new byte[0], 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Hkdf.expand(extracted, new byte[0], 8161)).isInstanceOf(IllegalArgumentException.class);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
