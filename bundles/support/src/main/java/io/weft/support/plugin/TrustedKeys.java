package io.weft.support.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The keys of an operator and what was revoked, read from folders: {@code NAME.pub} with lines {@code key:}, {@code plugins:} and {@code
 * catalogs:}, and {@code revoked} with lines {@code key ID} and {@code sha256 HASH}. A key whose file has a fault is not trusted; while a
 * list of what was revoked has one, nothing is, since nobody knows what it was going to say.
 *
 * @param revokedKeys ids
 * @param revokedFiles hashes of jars
 * @param problems a line each
 * @param usable false while a list of what was revoked cannot be read
 */
public record TrustedKeys(
    List<TrustedKey> keys, Set<String> revokedKeys, Set<String> revokedFiles, List<String> problems, boolean usable) {

  private static final String SUFFIX = ".pub";
  private static final String REVOKED = "revoked";
  private static final int KEYS_MAX = 256;
  private static final int KEY_BYTES_MAX = 8 << 10;
  private static final int REVOKED_BYTES_MAX = 4 << 20;
  private static final Pattern RULE = Pattern.compile("\\*|[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?");
  private static final Pattern CATALOG = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  public TrustedKeys {
    keys = List.copyOf(keys);
    revokedKeys = Set.copyOf(revokedKeys);
    revokedFiles = Set.copyOf(revokedFiles);
    problems = List.copyOf(problems);
  }

  /** What the folders hold now; one that does not exist holds nothing. */
  public static TrustedKeys read(List<Path> folders) {
    Reader reader = new Reader();
    folders.forEach(reader::folder);
    return new TrustedKeys(reader.keys, reader.revokedKeys, reader.revokedFiles, reader.problems, reader.usable);
  }

  /** The key of that id, revoked or not. */
  public Optional<TrustedKey> find(String id) {
    return keys.stream().filter(key -> key.key().id().equals(id)).findFirst();
  }

  /** Of one key; for those who wrote it. */
  public static TrustedKey parse(String name, String text) {
    Map<String, String> words = new HashMap<>();
    for (String line : text.lines().map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#")).toList()) {
      int colon = line.indexOf(':');
      String word = colon < 0 ? "" : line.substring(0, colon).strip();
      if (!List.of("key", "plugins", "catalogs").contains(word) || words.put(word, line.substring(colon + 1).strip()) != null) {
        throw new IllegalArgumentException("expected one line each of 'key:', 'plugins:' and 'catalogs:'");
      }
    }
    if (!words.containsKey("key")) {
      throw new IllegalArgumentException("the line 'key:' is missing");
    }
    List<String> plugins = words(words.get("plugins"));
    List<String> catalogs = words(words.get("catalogs"));
    if (plugins.isEmpty() && catalogs.isEmpty()) {
      throw new IllegalArgumentException("it is trusted with nothing: add a line such as 'plugins: com.acme.'");
    }
    if (!plugins.stream().allMatch(rule -> RULE.matcher(rule).matches())) {
      throw new IllegalArgumentException("'plugins:' takes names such as com.acme.vault, beginnings such as com.acme. and *");
    }
    if (!catalogs.stream().allMatch(catalog -> CATALOG.matcher(catalog).matches())) {
      throw new IllegalArgumentException("'catalogs:' takes names of a-z, 0-9 and dashes");
    }
    return new TrustedKey(name, PublicKeyId.parse(words.get("key")), plugins, catalogs);
  }

  private static List<String> words(String line) {
    return line == null || line.isEmpty() ? List.of() : List.of(line.split("[\\s,]+"));
  }

  private static final class Reader {

    private final List<TrustedKey> keys = new ArrayList<>();
    private final Set<String> revokedKeys = new HashSet<>();
    private final Set<String> revokedFiles = new HashSet<>();
    private final List<String> problems = new ArrayList<>();
    private boolean usable = true;

    void folder(Path folder) {
      if (!Files.exists(folder)) {
        return;
      }
      Set<Path> files = new TreeSet<>();
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
        found.forEach(files::add);
      } catch (IOException | java.nio.file.DirectoryIteratorException e) {
        problems.add(folder + " cannot be read: " + reason(e));
        usable = false;
      }
      files.stream().skip(KEYS_MAX).findFirst().ifPresent(first -> problems.add(folder + " has more than " + KEYS_MAX
          + " keys; those from " + first.getFileName() + " on do not count"));
      files.stream().limit(KEYS_MAX).forEach(this::key);
      if (Files.exists(folder.resolve(REVOKED))) {
        revoked(folder.resolve(REVOKED));
      }
    }

    private void key(Path file) {
      String name = file.getFileName().toString();
      try {
        TrustedKey key = parse(MalformedArchive.printable(name.substring(0, name.length() - SUFFIX.length())), text(file, KEY_BYTES_MAX));
        Optional<TrustedKey> same = keys.stream().filter(other -> other.key().id().equals(key.key().id())).findFirst();
        if (same.isPresent()) {
          problems.add(file + ": this key is there already, as " + same.get().name() + "; this file does not count");
        } else {
          keys.add(key);
        }
      } catch (IOException | IllegalArgumentException e) {
        problems.add(file + ": " + reason(e) + "; this key does not count");
      }
    }

    private void revoked(Path file) {
      try {
        int number = 0;
        for (String line : text(file, REVOKED_BYTES_MAX).lines().toList()) {
          number++;
          String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
          if (words.length >= 2 && words[0].equals("key") && words[1].matches("[0-9a-f]{16}")) {
            revokedKeys.add(words[1]);
          } else if (words.length >= 2 && words[0].equals("sha256") && words[1].matches("[0-9a-f]{64}")) {
            revokedFiles.add(words[1]);
          } else if (!words[0].isEmpty()) {
            throw new IllegalArgumentException("line " + number + " is neither 'key ID' nor 'sha256 HASH'");
          }
        }
      } catch (IOException | IllegalArgumentException e) {
        problems.add(file + ": " + reason(e) + "; until that is put right no plugin is trusted");
        usable = false;
      }
    }

    private static String text(Path file, int max) throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(max + 1);
        if (bytes.length > max) {
          throw new IOException("it has more than " + max + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
      }
    }

    private static String reason(Exception e) {
      return MalformedArchive.printable(e instanceof java.nio.file.FileSystemException ? e.getClass().getSimpleName() : e.getMessage());
    }
  }
}
