package io.weft.launcher.plugin;

import io.weft.launcher.Failure;
import io.weft.support.Json;
import io.weft.support.plugin.SigningKey;
import io.weft.support.plugin.TrustedKey;
import io.weft.support.plugin.TrustedKeys;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code weft plugin key new FILE}: a key to sign with, and beside it what operators need to trust it. */
final class KeyFiles {

  private static final int BYTES_MAX = 16 << 10;
  private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");

  private KeyFiles() {}

  static int run(List<String> given, PrintStream out) throws Failure {
    Words words = Words.parse(given, Set.of("--plugins", "--catalogs"));
    if (words.arguments().size() != 2 || !words.arguments().get(0).equals("new")) {
      throw Failure.usage("weft plugin key needs: new FILE --plugins com.acme.; see weft plugin --help");
    }
    List<String> plugins = words.all("--plugins");
    List<String> catalogs = words.all("--catalogs");
    if (plugins.isEmpty() && catalogs.isEmpty()) {
      throw Failure.usage("say what the key is for: --plugins com.acme. (names of plugins) or --catalogs acme, or both");
    }
    Path file = Path.of(words.arguments().get(1)).toAbsolutePath().normalize();
    Path shared = file.resolveSibling(file.getFileName().toString().replaceFirst("\\.(key|pem)$", "") + ".pub");
    SigningKey key = SigningKey.generate(new SecureRandom());
    String text = "# Trusts whoever holds " + file.getFileName() + ". Goes into conf/keys of each node that does.\n"
        + new TrustedKey("new", key.publicKey(), split(plugins), split(catalogs)).text();
    try {
      TrustedKeys.parse("new", text);
      Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, key.pem());
      Files.writeString(shared, text, StandardOpenOption.CREATE_NEW);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    } catch (FileAlreadyExistsException e) {
      throw new Failure(Failure.PRECONDITION, e.getFile() + " is there already; keys are never written over", e);
    } catch (IOException e) {
      throw new Failure(Failure.CHECK, "cannot write " + file + ": " + e.getMessage(), e);
    }
    if (words.json()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("key", file.toString());
      map.put("public", shared.toString());
      map.put("id", key.publicKey().id());
      out.println(Json.lines(map));
    } else {
      out.println("made " + file + " (keep it to yourself) and " + shared + " (for conf/keys of the nodes that trust it); id "
          + key.publicKey().id());
    }
    return 0;
  }

  private static List<String> split(List<String> values) {
    return values.stream().flatMap(value -> List.of(value.split("[\\s,]+")).stream()).filter(value -> !value.isEmpty()).toList();
  }

  /** The private key in that file, which only its owner may read. */
  static SigningKey read(String name) throws Failure {
    Path file = Path.of(name);
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new Failure(Failure.PRECONDITION, file + " is no key: it has more than " + BYTES_MAX + " bytes");
      }
      if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
        throw new Failure(Failure.PRECONDITION, "others can read the key " + file + "; run: chmod 600 " + file
            + ", and think of who may have it");
      }
      return SigningKey.parse(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new Failure(Failure.PRECONDITION, file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "cannot read the key " + file + "; make one with 'weft plugin key new'", e);
    }
  }
}
