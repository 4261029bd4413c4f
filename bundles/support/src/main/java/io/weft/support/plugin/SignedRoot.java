package io.weft.support.plugin;

import java.util.Collection;
import java.util.List;

/**
 * A file {@code root.N} of a catalogue: as {@link SignedIndex}, with the first line {@code weft-catalog-root/1}. It counts if as many keys signed it
 * as the root before it wants of its own, and as many as it wants itself.
 */
public final class SignedRoot {

  private static final String PREFIX = "root.";
  private static final SignedText.Sort SORT =
      new SignedText.Sort("weft-catalog-root/1", "weft/catalog-root/1", "no root of a catalogue", CatalogRoot.BYTES_MAX);

  private final SignedText signed;

  private SignedRoot(SignedText signed) {
    this.signed = signed;
  }

  /** The name of a version in a catalogue. */
  public static String file(long version) {
    return PREFIX + version;
  }

  /** @throws IllegalArgumentException if the bytes are no root; nothing is said of who signed it */
  public static SignedRoot parse(byte[] bytes) {
    return new SignedRoot(SignedText.parse(SORT, bytes));
  }

  /** That nobody signed yet. */
  public static SignedRoot of(CatalogRoot root) {
    return new SignedRoot(SignedText.of(SORT, root.json()));
  }

  /** With the signature of that key, too; once, however often. */
  public SignedRoot plus(SigningKey key) {
    return new SignedRoot(signed.plus(key));
  }

  /** @throws IllegalArgumentException if what was signed is no root */
  public CatalogRoot root() {
    return CatalogRoot.parse(signed.text());
  }

  /** Those of the keys that signed it, each once. */
  public List<PublicKeyId> signers(Collection<PublicKeyId> keys) {
    return signed.signers(keys);
  }

  public byte[] bytes() {
    return signed.bytes();
  }
}
