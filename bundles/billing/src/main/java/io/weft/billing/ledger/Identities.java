package io.weft.billing.ledger;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns who somebody is outside into what the books know: HMAC-SHA256 under a key that is not in the database, so that whoever
 * reads the books cannot try out names.
 */
public final class Identities {

  private static final String ALGORITHM = "HmacSHA256";
  private static final String DOMAIN = "weft/billing/identity/1\n";
  private static final String CHECK = "weft/billing/identity-check/1\n";
  private static final int KEY_MIN = 16;
  private static final int CHECK_BYTES = 8;

  private final SecretKeySpec key;

  /** @param key at least 16 bytes; copied */
  public Identities(byte[] key) {
    if (key.length < KEY_MIN) {
      throw new IllegalArgumentException("billing.identity.key: needs at least " + KEY_MIN + " bytes");
    }
    this.key = new SecretKeySpec(Arrays.copyOf(key, key.length), ALGORITHM);
  }

  /** The same for whatever people write in two ways: case, blanks around, composed letters. */
  public byte[] hash(String external) {
    String normal = Normalizer.normalize(external.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return mac(DOMAIN + normal);
  }

  public String hex(String external) {
    return HexFormat.of().formatHex(hash(external));
  }

  /** Tells two keys apart and says nothing about either. */
  byte[] check() {
    return Arrays.copyOf(mac(CHECK), CHECK_BYTES);
  }

  private byte[] mac(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " is part of every JDK", e);
    }
  }
}
