package io.weft.support.plugin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The file {@code index} of a catalogue: a line {@code weft-catalog/1}, a line {@code signature KEY-ID SIGNATURE} per key, an empty line, and
 * the JSON that was signed, byte for byte.
 */
public final class SignedIndex {

  /** Its name in a catalogue. */
  public static final String FILE = "index";

  private static final SignedText.Sort SORT =
      new SignedText.Sort("weft-catalog/1", "weft/catalog/1", "no index of a catalogue", CatalogIndex.BYTES_MAX);

  private final SignedText signed;

  private SignedIndex(SignedText signed) {
    this.signed = signed;
  }

  /** @throws IllegalArgumentException if the bytes are no index; nothing is said of who signed it */
  public static SignedIndex parse(byte[] bytes) {
    return new SignedIndex(SignedText.parse(SORT, bytes));
  }

  /** @throws IllegalArgumentException if what was signed is no index */
  public CatalogIndex index() {
    return CatalogIndex.parse(signed.text());
  }

  /** Those of the keys that signed it, each once. */
  public List<TrustedKey> signers(Collection<TrustedKey> keys) {
    List<PublicKeyId> good = signed.signers(keys.stream().map(TrustedKey::key).toList());
    List<TrustedKey> signers = new ArrayList<>();
    for (PublicKeyId key : good) {
      keys.stream().filter(trusted -> trusted.key().equals(key)).findFirst().ifPresent(signers::add);
    }
    return signers;
  }

  /** SHA-256 of what was signed. */
  public String sha256() {
    return signed.sha256();
  }

  public static byte[] sign(CatalogIndex index, List<SigningKey> keys) {
    SignedText signed = SignedText.of(SORT, index.json());
    for (SigningKey key : keys) {
      signed = signed.plus(key);
    }
    return signed.bytes();
  }
}
