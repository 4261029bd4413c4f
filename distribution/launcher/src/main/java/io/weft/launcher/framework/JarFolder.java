package io.weft.launcher.framework;

import io.weft.support.file.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;

/** {@code data/installed}: the jars of operators' bundles, outside of the framework's cache. A file there is whole, or is not there. */
final class JarFolder {

  private static final int NAME_DIGITS = 16;

  private final Path folder;
  private final Path cache;
  // Not yet in the record, which is about to name them.
  private final Set<String> staged = ConcurrentHashMap.newKeySet();

  JarFolder(Path data) {
    this.folder = data.resolve("installed");
    this.cache = data.resolve("framework");
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  Path folder() {
    return folder;
  }

  void prepare() throws IOException {
    Files.createDirectories(folder);
  }

  /** Copies the framework's own copy of the jar; null if the framework keeps none, as for {@code reference:} locations. */
  String keep(Bundle bundle) throws IOException {
    Optional<Path> cached = cached(bundle);
    if (cached.isEmpty()) {
      return null;
    }
    Path newest = cached.get();
    String name = bundle.getBundleId() + "-" + newest.getParent().getFileName() + "-" + newest.toFile().lastModified() + ".jar";
    if (!Files.exists(folder.resolve(name))) {
      copy(newest, name);
    }
    return name;
  }

  /** Copies a jar that is to be installed, under a name that its content decides. */
  String stage(Path jar) throws IOException {
    String name = hash(jar).substring(0, NAME_DIGITS) + ".jar";
    staged.add(name);
    copy(jar, name);
    return name;
  }

  /** The record names what was staged, or will not any more. */
  void unstage() {
    staged.clear();
  }

  /** Whether the framework's copy of a bundle is the jar of that name. */
  boolean holds(Bundle bundle, String name) throws IOException {
    Optional<Path> cached = cached(bundle);
    return cached.isPresent() && Files.mismatch(cached.get(), folder.resolve(name)) == -1;
  }

  /** Deletes what is in nobody's way but of no use. */
  void keepOnly(Set<String> names) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      for (Path path : list.toList()) {
        String name = path.getFileName().toString();
        if (!names.contains(name) && !staged.contains(name.replaceFirst("\\.part$", ""))) {
          Files.deleteIfExists(path);
        }
      }
    }
  }

  private void copy(Path from, String name) throws IOException {
    WholeFile.write(folder.resolve(name), WholeFile.Sync.CONTENT, out -> Files.copy(from, out));
  }

  private Optional<Path> cached(Bundle bundle) throws IOException {
    Path dir = cache.resolve("bundle" + bundle.getBundleId());
    try (Stream<Path> found = Files.walk(dir, 2)) {
      return found.filter(path -> path.getFileName().toString().equals("bundle.jar"))
          .max(Comparator.comparingLong(path -> path.toFile().lastModified()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String hash(Path jar) throws IOException {
    try (InputStream in = Files.newInputStream(jar)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[65_536];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
