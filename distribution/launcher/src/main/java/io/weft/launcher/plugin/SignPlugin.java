package io.weft.launcher.plugin;

import io.weft.launcher.Failure;
import io.weft.support.Json;
import io.weft.support.plugin.MalformedArchive;
import io.weft.support.plugin.PluginArchive;
import io.weft.support.plugin.PluginManifest;
import io.weft.support.plugin.Sha256;
import io.weft.support.plugin.SignedJar;
import io.weft.support.plugin.SigningKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code weft plugin sign JAR... --key FILE}: in place, and whole or not at all. */
final class SignPlugin {

  private SignPlugin() {}

  static int run(List<String> given, PrintStream out) throws Failure {
    Words words = Words.parse(given, Set.of("--key"));
    String keyFile = words.one("--key", "");
    if (words.arguments().isEmpty() || keyFile.isEmpty()) {
      throw Failure.usage("weft plugin sign needs a JAR and --key FILE; see weft plugin --help");
    }
    SigningKey key = KeyFiles.read(keyFile);
    List<Map<String, Object>> signed = new ArrayList<>();
    for (String jar : words.arguments()) {
      signed.add(sign(Path.of(jar), key));
    }
    if (words.json()) {
      out.println(Json.lines(Map.of("signed", signed)));
    } else {
      signed.forEach(one -> out.println("signed " + one.get("file") + ": " + one.get("name") + " " + one.get("version") + " by key "
          + one.get("key")));
    }
    return 0;
  }

  private static Map<String, Object> sign(Path jar, SigningKey key) throws Failure {
    byte[] bytes = read(jar);
    try {
      PluginManifest manifest = new PluginManifest(PluginArchive.read(bytes));
      byte[] signed = SignedJar.sign(bytes, key);
      Path next = jar.resolveSibling(jar.getFileName() + ".next");
      Files.write(next, signed);
      Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(jar));
      Files.move(next, jar, StandardCopyOption.ATOMIC_MOVE);
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("file", jar.toString());
      map.put("name", manifest.symbolicName());
      map.put("version", manifest.version());
      map.put("sha256", Sha256.hex(signed));
      map.put("key", key.publicKey().id());
      return map;
    } catch (MalformedArchive e) {
      throw new Failure(Failure.CHECK, jar + " would be taken by no node: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new Failure(Failure.CHECK, "cannot write " + jar + ": " + e.getMessage(), e);
    }
  }

  static byte[] read(Path jar) throws Failure {
    try {
      if (Files.size(jar) > PluginArchive.BYTES_MAX) {
        throw new Failure(Failure.CHECK, jar + " has more than " + PluginArchive.BYTES_MAX + " bytes, which no node takes");
      }
      return Files.readAllBytes(jar);
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "cannot read " + jar + "; build it first: mvn package", e);
    }
  }
}
