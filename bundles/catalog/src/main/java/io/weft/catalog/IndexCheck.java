package io.weft.catalog;

import io.weft.plugin.PluginUnavailable;
import io.weft.support.plugin.CatalogIndex;
import io.weft.support.plugin.SignedIndex;
import io.weft.support.plugin.TrustedKey;
import java.time.Instant;
import java.util.List;

/**
 * An index that may be believed: signed by enough keys that may sign this catalogue, in force, and no older than what was believed before.
 *
 * @param sha256 of what was signed
 */
record IndexCheck(CatalogIndex index, List<TrustedKey> signers, String sha256) {

  /** More versions than this at once would be a way to leave no number for the next one. */
  static final long JUMP_MAX = 1 << 20;

  /**
   * @throws PluginUnavailable saying what is wrong with it
   */
  static IndexCheck of(byte[] bytes, String catalog, Roots.Signers may, Seen seen, Instant now) throws PluginUnavailable {
    try {
      SignedIndex signed = SignedIndex.parse(bytes);
      List<TrustedKey> signers = signed.signers(may.keys());
      if (signers.isEmpty()) {
        throw new PluginUnavailable(may.root().isEmpty()
            ? "its index is signed by no trusted key; a key whose file has 'catalogs: " + catalog + "' is needed"
            : "its index is signed by no key that root." + may.root().get().version() + " names for it; its publisher has to pack it again");
      }
      CatalogIndex index = signed.index(); // not looked at before, since strangers could have written it
      int needed = Math.max(may.signatures(), index.threshold());
      if (signers.size() < needed) {
        throw new PluginUnavailable("its index is signed by " + signers.size() + " of " + needed + " keys that are needed");
      }
      checkAge(index, signed.sha256(), catalog, seen, now);
      return new IndexCheck(index, signers, signed.sha256());
    } catch (IllegalArgumentException e) {
      throw new PluginUnavailable("its index cannot be used: " + e.getMessage(), e);
    }
  }

  private static void checkAge(CatalogIndex index, String sha256, String catalog, Seen seen, Instant now) throws PluginUnavailable {
    if (!index.catalog().equals(catalog)) {
      throw new PluginUnavailable("its index is that of the catalogue " + index.catalog());
    }
    if (!index.expires().isAfter(now)) {
      throw new PluginUnavailable("its index expired at " + index.expires() + "; ask its publisher for a newer one");
    }
    if (index.version() < seen.version()) {
      throw new PluginUnavailable("its index is version " + index.version() + ", older than version " + seen.version()
          + " which this node has seen");
    }
    if (index.version() == seen.version() && !sha256.equals(seen.sha256())) {
      throw new PluginUnavailable("its index is another version " + index.version() + " than the one which this node has seen");
    }
    if (seen.version() > 0 && index.version() - seen.version() > JUMP_MAX) {
      throw new PluginUnavailable("its index jumps from version " + seen.version() + " to " + index.version());
    }
  }
}
