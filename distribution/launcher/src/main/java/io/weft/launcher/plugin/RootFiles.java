package io.weft.launcher.plugin;

import io.weft.launcher.Failure;
import io.weft.support.Json;
import io.weft.support.plugin.CatalogRoot;
import io.weft.support.plugin.CatalogRoot.Role;
import io.weft.support.plugin.PublicKeyId;
import io.weft.support.plugin.SignedRoot;
import io.weft.support.plugin.SigningKey;
import io.weft.support.plugin.TrustedKeys;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code weft plugin root new|sign|show FOLDER}: whose signatures count in a catalogue, from one version to the next. One that lacks signatures
 * waits as {@code root.N.next}, which no node asks for, since those who sign are at different places.
 */
final class RootFiles {

  private static final int DAYS = 365;
  private static final int DAYS_MAX = 3650;
  private static final int PUB_BYTES_MAX = 8 << 10;
  private static final String PENDING = ".next";
  private static final String USAGE = "; see weft plugin --help";

  private final Path folder;
  private final Words words;
  private final PrintStream out;

  private RootFiles(Path folder, Words words, PrintStream out) {
    this.folder = folder;
    this.words = words;
    this.out = out;
  }

  static int run(List<String> given, PrintStream out) throws Failure {
    Words words = Words.parse(given, Set.of("--name", "--root", "--root-signatures", "--index", "--index-signatures", "--days", "--key"));
    if (words.arguments().size() != 2) {
      throw Failure.usage("weft plugin root needs one of new, sign, show and a FOLDER" + USAGE);
    }
    Path folder = Path.of(words.arguments().get(1)).toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      throw new Failure(Failure.PRECONDITION, folder + " is not a folder");
    }
    RootFiles files = new RootFiles(folder, words, out);
    try {
      switch (words.arguments().get(0)) {
        case "new" -> files.make();
        case "sign" -> files.sign();
        case "show" -> files.show();
        default -> throw Failure.usage("weft plugin root needs one of new, sign, show and a FOLDER" + USAGE);
      }
      return 0;
    } catch (IllegalArgumentException e) {
      throw new Failure(Failure.CHECK, folder + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new Failure(Failure.CHECK, "cannot read or write the roots in " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The root that nodes go by, if the catalogue has one. */
  static Optional<CatalogRoot> latest(Path folder) throws IOException {
    List<SignedRoot> all = all(folder);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1).root());
  }

  private static List<SignedRoot> all(Path folder) throws IOException {
    List<SignedRoot> all = new ArrayList<>();
    for (Path file = folder.resolve(SignedRoot.file(1)); Files.exists(file); file = folder.resolve(SignedRoot.file(all.size() + 1L))) {
      all.add(read(file));
    }
    return all;
  }

  private static SignedRoot read(Path file) throws IOException {
    if (Files.size(file) > CatalogRoot.BYTES_MAX) {
      throw new IllegalArgumentException(file.getFileName() + " is no root of a catalogue");
    }
    return SignedRoot.parse(Files.readAllBytes(file));
  }

  private void make() throws Failure, IOException {
    Optional<CatalogRoot> before = latest(folder);
    String name = words.one("--name", before.map(CatalogRoot::catalog).orElse(""));
    if (name.isEmpty()) {
      throw Failure.usage("give the catalogue a name the first time: --name acme");
    }
    if (before.isPresent() && !before.get().catalog().equals(name)) {
      throw new Failure(Failure.PRECONDITION, folder + " is the catalogue " + before.get().catalog() + " already");
    }
    Role root = role("--root", before.map(CatalogRoot::root));
    Role index = role("--index", before.map(CatalogRoot::index));
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    SignedRoot signed = SignedRoot.of(new CatalogRoot(name, before.map(CatalogRoot::version).orElse(0L) + 1, now,
        now.plus(Duration.ofDays(PackCatalog.number(words, "--days", DAYS, DAYS_MAX))), root, index));
    write(before, signedBy(before, signed));
  }

  /** Keys that are named, else those of before; a majority has to sign if nobody says how many. */
  private Role role(String option, Optional<Role> before) throws Failure, IOException {
    List<PublicKeyId> keys = new ArrayList<>();
    for (String file : words.all(option)) {
      keys.add(publicKey(Path.of(file)));
    }
    if (keys.isEmpty() && before.isEmpty()) {
      throw Failure.usage("the first root needs " + option + " FILE.pub, once per key" + USAGE);
    }
    List<PublicKeyId> named = keys.isEmpty() ? before.get().keys() : keys;
    int otherwise = keys.isEmpty() ? before.get().threshold() : option.equals("--index") ? 1 : named.size() / 2 + 1;
    return new Role(PackCatalog.number(words, option + "-signatures", otherwise, named.size()), named);
  }

  private static PublicKeyId publicKey(Path file) throws Failure, IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > PUB_BYTES_MAX) {
      throw new Failure(Failure.PRECONDITION, file + " is no .pub file of a key; 'weft plugin key new' makes one beside the key");
    }
    try {
      return TrustedKeys.parse("new", Files.readString(file)).key();
    } catch (IllegalArgumentException e) {
      throw new Failure(Failure.PRECONDITION, file + ": " + e.getMessage(), e);
    }
  }

  private void sign() throws Failure, IOException {
    Optional<CatalogRoot> before = latest(folder);
    Path pending = pending(before);
    if (!Files.exists(pending)) {
      throw new Failure(Failure.PRECONDITION, "no root waits for signatures in " + folder + "; begin one with 'weft plugin root new'");
    }
    if (words.all("--key").isEmpty()) {
      throw Failure.usage("weft plugin root sign needs --key FILE" + USAGE);
    }
    write(before, signedBy(before, read(pending)));
  }

  private Path pending(Optional<CatalogRoot> before) {
    return folder.resolve(SignedRoot.file(before.map(CatalogRoot::version).orElse(0L) + 1) + PENDING);
  }

  private SignedRoot signedBy(Optional<CatalogRoot> before, SignedRoot unsigned) throws Failure {
    SignedRoot signed = unsigned;
    for (String file : words.all("--key")) {
      SigningKey key = KeyFiles.read(file);
      boolean named = unsigned.root().root().keys().contains(key.publicKey())
          || before.stream().anyMatch(root -> root.root().keys().contains(key.publicKey()));
      if (!named) {
        throw new Failure(Failure.PRECONDITION, file + " (id " + key.publicKey().id() + ") signs no root: neither this one nor the one before "
            + "names it as --root");
      }
      signed = signed.plus(key);
    }
    return signed;
  }

  private void write(Optional<CatalogRoot> before, SignedRoot signed) throws IOException {
    CatalogRoot root = signed.root();
    List<String> missing = missing(before, signed);
    Path whole = folder.resolve(SignedRoot.file(root.version()));
    Path file = missing.isEmpty() ? whole : pending(before);
    Path part = folder.resolve(whole.getFileName() + ".part");
    Files.write(part, signed.bytes());
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (missing.isEmpty()) {
      Files.deleteIfExists(pending(before));
    }
    if (words.json()) {
      Map<String, Object> map = json(signed);
      map.put("file", file.toString());
      map.put("missing", missing);
      out.println(Json.lines(map));
      return;
    }
    out.println("wrote " + file + ": root " + root.version() + " of the catalogue " + root.catalog() + ", good until " + root.expires());
    if (!missing.isEmpty()) {
      out.println("it does not count yet: " + String.join("; ", missing) + ". Add one with: weft plugin root sign " + folder + " --key FILE");
    } else if (before.isEmpty()) {
      out.println("nodes believe it that have the .pub of a key that signed it in conf/keys, with 'catalogs: " + root.catalog()
          + "'. Keep this file and all that follow it.");
    }
    if (missing.isEmpty()) {
      out.println("now pack the catalogue with " + root.index().threshold() + " of " + ids(root.index()) + ": weft plugin pack " + folder
          + " --key FILE");
    }
  }

  private static List<String> missing(Optional<CatalogRoot> before, SignedRoot signed) {
    List<String> missing = new ArrayList<>();
    before.ifPresent(root -> missing(root.root(), "root." + root.version() + " wants", signed, missing));
    missing(signed.root().root(), "it wants itself", signed, missing);
    return missing;
  }

  private static void missing(Role role, String whose, SignedRoot signed, List<String> missing) {
    List<PublicKeyId> signers = signed.signers(role.keys());
    if (!role.isMetBy(signers)) {
      missing.add("signed by " + signers.size() + " of the " + role.threshold() + " keys that " + whose + " of " + ids(role));
    }
  }

  private static String ids(Role role) {
    return String.join(", ", role.keys().stream().map(PublicKeyId::id).toList());
  }

  private void show() throws Failure, IOException {
    List<SignedRoot> roots = all(folder);
    Path pending = pending(latest(folder));
    if (roots.isEmpty() && !Files.exists(pending)) {
      throw new Failure(Failure.PRECONDITION, folder + " has no root; nodes go by the keys in their conf/keys");
    }
    if (words.json()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("roots", roots.stream().map(RootFiles::json).toList());
      map.put("pending", Files.exists(pending) ? json(read(pending)) : Map.of());
      out.println(Json.lines(map));
      return;
    }
    for (SignedRoot signed : roots) {
      print("root." + signed.root().version(), signed);
    }
    if (Files.exists(pending)) {
      print(pending.getFileName().toString(), read(pending));
      missing(latest(folder), read(pending)).forEach(line -> out.println("  " + line));
    }
  }

  private void print(String file, SignedRoot signed) {
    CatalogRoot root = signed.root();
    out.println(file + "  catalogue " + root.catalog() + ", good until " + root.expires());
    out.println("  root   " + root.root().threshold() + " of " + ids(root.root()));
    out.println("  index  " + root.index().threshold() + " of " + ids(root.index()));
  }

  private static Map<String, Object> json(SignedRoot signed) {
    CatalogRoot root = signed.root();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("catalog", root.catalog());
    map.put("version", root.version());
    map.put("created", root.created().toString());
    map.put("expires", root.expires().toString());
    map.put("root", json(root.root()));
    map.put("index", json(root.index()));
    return map;
  }

  private static Map<String, Object> json(Role role) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("threshold", role.threshold());
    map.put("keys", role.keys().stream().map(PublicKeyId::id).toList());
    return map;
  }
}
