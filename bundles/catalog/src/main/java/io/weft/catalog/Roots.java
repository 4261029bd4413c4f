package io.weft.catalog;

import io.weft.plugin.PluginUnavailable;
import io.weft.support.file.WholeFile;
import io.weft.support.plugin.CatalogRoot;
import io.weft.support.plugin.PublicKeyId;
import io.weft.support.plugin.SignedRoot;
import io.weft.support.plugin.TrustedKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose signatures count in a catalogue: those of the operator's keys until they vouch for a root, and from then on those that the latest root
 * names. Roots follow each other without a gap, each signed by as many keys as the one before it wants and as it wants itself, and the latest is
 * remembered over restarts, so there is no way back to a key that was taken out. Not thread-safe.
 */
final class Roots {

  /** So many at once; a catalogue that is further ahead is caught up with at the next looks. */
  static final int WALK_MAX = 256;

  /**
   * Who may sign an index.
   *
   * @param signatures how many have to
   * @param root that names them, if there is one
   */
  record Signers(List<TrustedKey> keys, int signatures, Optional<CatalogRoot> root) {

    /** Without a root: what the operator's keys say. */
    static Signers of(List<TrustedKey> keys, String catalog, int signatures) {
      return new Signers(keys.stream().filter(key -> key.maySignCatalog(catalog)).toList(), signatures, Optional.empty());
    }

    /** Ids of the keys that the root names for indexes, revoked by the operator or not; none without a root. */
    Set<String> named() {
      return root.map(CatalogRoot::index).stream().flatMap(role -> role.keys().stream()).map(PublicKeyId::id).collect(Collectors.toSet());
    }
  }

  private final String catalog;
  private final Source source;
  private final Path file;
  private @Nullable CatalogRoot latest;

  /** @param file where the latest is remembered */
  Roots(String catalog, Source source, Path file) {
    this.catalog = catalog;
    this.source = source;
    this.file = file;
  }

  /**
   * Believes the roots that are new, as far as they may be.
   *
   * @throws IOException if the catalogue cannot be reached
   */
  void walk(Catalog.Look look) throws PluginUnavailable, IOException {
    CatalogRoot known = known();
    long first = known == null ? 1 : known.version() + 1;
    long skipped = 0;
    long begun = look.nanos();
    for (long version = first; version < first + WALK_MAX; version++) {
      if (look.nanos() - begun > HttpSource.FILE_MAX.toNanos()) {
        throw new IOException("its roots take longer than " + HttpSource.FILE_MAX.toSeconds() + " s"); // nobody vouched for those that follow
      }
      Optional<byte[]> bytes = fetch(version);
      if (bytes.isEmpty()) {
        break;
      }
      try {
        SignedRoot signed = SignedRoot.parse(bytes.get());
        if (known == null && !isAnchored(signed, look)) {
          skipped = version; // an earlier one than the operator's keys know of
        } else {
          known = next(signed, version, known, look);
          remember(signed);
          latest = known;
        }
      } catch (IllegalArgumentException e) {
        throw new PluginUnavailable("its root." + version + " cannot be used: " + e.getMessage()
            + "; a server has to answer 404 for what it does not have", e);
      }
    }
    if (known == null && skipped > 0) {
      throw new PluginUnavailable("of root.1 to root." + skipped + " none is signed by " + atLeast(look.signatures())
          + " of conf/keys that has 'catalogs: " + catalog + "'; ask its publisher for the .pub files of keys that sign its root now");
    }
  }

  private static String atLeast(int signatures) {
    return signatures == 1 ? "a key" : signatures + " keys";
  }

  private Optional<byte[]> fetch(long version) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      source.copy(SignedRoot.file(version), CatalogRoot.BYTES_MAX, bytes);
      return Optional.of(bytes.toByteArray());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Whether the operator's own keys vouch for it. */
  private boolean isAnchored(SignedRoot signed, Catalog.Look look) {
    Signers own = Signers.of(look.keys(), catalog, look.signatures());
    return signed.signers(own.keys().stream().map(TrustedKey::key).toList()).size() >= look.signatures();
  }

  private CatalogRoot next(SignedRoot signed, long version, @Nullable CatalogRoot before, Catalog.Look look) throws PluginUnavailable {
    if (before != null) {
      require(signed, version, before.root(), look, "root." + before.version() + " wants");
    }
    CatalogRoot root = signed.root(); // not looked at before, since strangers could have written it
    if (!root.catalog().equals(catalog)) {
      throw new PluginUnavailable("its root." + version + " is that of the catalogue " + root.catalog());
    }
    if (root.version() != version) {
      throw new PluginUnavailable("its root." + version + " is root." + root.version());
    }
    require(signed, version, root.root(), look, "it wants itself");
    return root;
  }

  private static void require(SignedRoot signed, long version, CatalogRoot.Role role, Catalog.Look look, String whose)
      throws PluginUnavailable {
    List<PublicKeyId> signers = signed.signers(role.keys().stream().filter(key -> !look.revoked().contains(key.id())).toList());
    if (!role.isMetBy(signers)) {
      throw new PluginUnavailable("its root." + version + " is signed by " + signers.size() + " of the " + role.threshold() + " keys that "
          + whose);
    }
  }

  private void remember(SignedRoot signed) throws PluginUnavailable {
    try {
      Files.createDirectories(file.getParent());
      WholeFile.write(file, signed.bytes(), WholeFile.Sync.NAME); // before anybody goes by it
    } catch (IOException e) {
      throw new PluginUnavailable("its root cannot be remembered: " + e.getMessage(), e);
    }
  }

  private @Nullable CatalogRoot known() throws PluginUnavailable {
    if (latest == null) {
      try {
        byte[] bytes = Files.size(file) > CatalogRoot.BYTES_MAX ? new byte[0] : Files.readAllBytes(file);
        latest = SignedRoot.parse(bytes).root();
      } catch (NoSuchFileException e) {
        return null; // there was none
      } catch (IOException | IllegalArgumentException e) {
        throw new PluginUnavailable("the root that was seen of it is damaged: " + e.getMessage() + "; delete " + file
            + " if the keys in conf/keys are current", e);
      }
    }
    return latest;
  }

  /** As it is known now, for people. */
  Optional<CatalogRoot> latest() {
    return Optional.ofNullable(latest);
  }

  /** Who may sign an index now. */
  Signers signers(Catalog.Look look) throws PluginUnavailable {
    CatalogRoot root = known();
    Signers own = Signers.of(look.keys(), catalog, look.signatures());
    if (root == null) {
      return own;
    }
    if (own.keys().isEmpty()) {
      throw new PluginUnavailable("no key in conf/keys is for it any more; a current one with 'catalogs: " + catalog
          + "' says that its roots are to be believed");
    }
    if (!root.expires().isAfter(look.now())) {
      throw new PluginUnavailable("its root." + root.version() + " expired at " + root.expires() + "; ask its publisher for a newer one");
    }
    List<TrustedKey> keys = root.index().keys().stream().filter(key -> !look.revoked().contains(key.id()))
        .map(key -> new TrustedKey(name(key, look), key, List.of(), List.of(catalog))).toList();
    return new Signers(keys, Math.max(look.signatures(), root.index().threshold()), Optional.of(root));
  }

  /** As the operator calls it, if there is a file of it. */
  private static String name(PublicKeyId key, Catalog.Look look) {
    return look.keys().stream().filter(known -> known.key().equals(key)).map(TrustedKey::name).findFirst().orElse(key.id());
  }
}
