package io.weft.catalog;

import io.weft.node.Clock;
import io.weft.plugin.CatalogStatus;
import io.weft.plugin.PluginUnavailable;
import io.weft.support.plugin.CatalogIndex;
import io.weft.support.plugin.CatalogRoot;
import io.weft.support.plugin.ListedPlugin;
import io.weft.support.plugin.SignedIndex;
import io.weft.support.plugin.TrustedKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One configured catalogue: asks for its index when that is due, believes it or says why not, and keeps the last one for when the server is
 * away. Any thread; one at a time looks.
 */
final class Catalog {

  /** After which one that could not be used is looked at again. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final String name;
  private final String location;
  private final Source source;
  private final Roots roots;
  private final Path seenFile;
  private final Path lastFile;
  // All below guarded by this, which is held while it looks: who comes meanwhile wants the same answer.
  private @Nullable IndexCheck current;
  private String problem = "not looked at yet";
  private volatile long dueNanos;
  private volatile boolean looked;
  private volatile Set<String> names = Set.of(); // read without waiting for whoever looks

  /** @param state folder for what it remembers */
  Catalog(String name, String location, Source source, Path state) {
    this.name = name;
    this.location = location;
    this.source = source;
    this.roots = new Roots(name, source, state.resolve(name + ".root"));
    this.seenFile = state.resolve(name + ".json");
    this.lastFile = state.resolve(name + ".index");
  }

  String name() {
    return name;
  }

  /** Of the plugins that it listed when it was last looked at. */
  Set<String> names() {
    return names;
  }

  /**
   * How an index is judged, and when.
   *
   * @param keys of the operator, without those that were revoked
   * @param revoked ids of keys
   */
  record Look(List<TrustedKey> keys, Set<String> revoked, int signatures, Clock clock, long refreshNanos) {

    Instant now() {
      return clock.now();
    }

    long nanos() {
      return clock.nanos();
    }
  }

  /** Whether the next question makes it look. */
  boolean isDue(Look look) {
    return !looked || look.nanos() - dueNanos >= 0;
  }

  /** What it lists; nothing while it cannot be used. */
  synchronized List<ListedPlugin> plugins(Look look) {
    IndexCheck checked = look(look);
    return checked == null ? List.of() : checked.index().plugins();
  }

  /** Looks again at the next question. */
  synchronized void refresh() {
    looked = false;
  }

  synchronized CatalogStatus status(Look look) {
    IndexCheck checked = look(look);
    Optional<CatalogRoot> root = roots.latest();
    long version = root.map(CatalogRoot::version).orElse(0L);
    Optional<Instant> expires = root.map(CatalogRoot::expires);
    return checked == null
        ? new CatalogStatus(name, location, 0, Optional.empty(), version, expires, List.of(), 0, problem)
        : new CatalogStatus(name, location, checked.index().version(), Optional.of(checked.index().expires()), version, expires,
            checked.signers().stream().map(TrustedKey::name).toList(), checked.index().plugins().size(), problem);
  }

  private @Nullable IndexCheck look(Look look) {
    boolean due = isDue(look);
    IndexCheck known = current;
    // What was good may have expired, or lost its key, since it was last looked at.
    boolean stillGood = known != null && known.index().expires().isAfter(look.now()) && isSignedStill(known, look);
    if (!due && (stillGood || known == null)) {
      return known;
    }
    looked = true;
    dueNanos = look.nanos() + look.refreshNanos();
    current = null;
    try {
      current = fetched(look);
      problem = "";
    } catch (PluginUnavailable e) {
      problem = String.valueOf(e.getMessage());
    } catch (IOException e) {
      problem = "it cannot be reached: " + e.getMessage();
      current = last(look);
    }
    if (!problem.isEmpty()) { // somebody may be about to put it right
      dueNanos = look.nanos() + Math.min(look.refreshNanos(), AGAIN.toNanos());
    }
    names = current == null ? Set.of() : current.index().plugins().stream().map(ListedPlugin::name).collect(Collectors.toUnmodifiableSet());
    return current;
  }

  private boolean isSignedStill(IndexCheck known, Look look) {
    try {
      return roots.signers(look).keys().containsAll(known.signers());
    } catch (PluginUnavailable e) {
      return false; // the look that follows says why
    }
  }

  private IndexCheck fetched(Look look) throws PluginUnavailable, IOException {
    roots.walk(look);
    Roots.Signers signers = roots.signers(look);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    source.copy(SignedIndex.FILE, CatalogIndex.BYTES_MAX, bytes);
    Seen seen = seen();
    IndexCheck checked = IndexCheck.of(bytes.toByteArray(), name, signers, seen.under(signers.named()), look.now());
    Seen now = new Seen(checked.index().version(), checked.sha256(), signers.named());
    if (!now.equals(seen)) {
      try {
        Files.createDirectories(seenFile.getParent());
        now.write(seenFile); // before anybody uses it
      } catch (IOException e) {
        throw new PluginUnavailable("what was seen of it cannot be written: " + e.getMessage(), e);
      }
    }
    Seen.replace(lastFile, bytes.toByteArray());
    return checked;
  }

  private Seen seen() throws PluginUnavailable {
    try {
      return Seen.read(seenFile);
    } catch (IOException e) {
      throw new PluginUnavailable("what was seen of it is not known: " + e.getMessage(), e);
    }
  }

  /** The last one that was believed, if it still would be. */
  private @Nullable IndexCheck last(Look look) {
    try {
      Roots.Signers signers = roots.signers(look);
      IndexCheck checked = IndexCheck.of(Files.readAllBytes(lastFile), name, signers, seen().under(signers.named()), look.now());
      problem += "; the index of its version " + checked.index().version() + " is used meanwhile";
      return checked;
    } catch (NoSuchFileException e) {
      return null; // there was none
    } catch (IOException | PluginUnavailable e) {
      problem += "; the last one is of no use: " + e.getMessage();
      return null;
    }
  }

  /** Writes the jar to a file; its size and hash are for who asked to check. */
  void copy(ListedPlugin plugin, Path to) throws IOException {
    try (var out = Files.newOutputStream(to)) {
      source.copy(plugin.file(), plugin.size(), out);
    }
  }
}
