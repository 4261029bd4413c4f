package io.weft.launcher.trust;

import io.weft.support.plugin.MalformedArchive;
import io.weft.support.plugin.PluginArchive;
import io.weft.support.plugin.PluginManifest;
import io.weft.support.plugin.Sha256;
import io.weft.support.plugin.SignedJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What the bytes of a jar say, once read: who may run changes with keys and switches, this does not.
 *
 * @param sha256 of all bytes; empty if they cannot be read
 * @param problem what is wrong with its form, as a value of PluginProblem; empty if nothing is
 * @param problemText the same for people
 * @param reserved what of the node it would take the place of; empty if nothing
 * @param statement what a signature on it signs
 */
record JarFacts(
    String sha256,
    String name,
    String version,
    String problem,
    String problemText,
    String reserved,
    Optional<SignedJar> signature,
    byte[] statement) {

  /** @param ours symbolic names of the bundles of the node */
  static JarFacts read(Path jar, DistributionHashes distribution, Set<String> ours) {
    byte[] bytes;
    try {
      if (Files.size(jar) > PluginArchive.BYTES_MAX) {
        return bad(Sha256.hex(jar), "it has more than " + PluginArchive.BYTES_MAX + " bytes");
      }
      bytes = Files.readAllBytes(jar);
    } catch (IOException e) {
      return unreadable("it cannot be read: " + e.getMessage());
    }
    String hash = Sha256.hex(bytes);
    try {
      PluginManifest manifest = new PluginManifest(PluginArchive.read(bytes));
      if (manifest.symbolicName().isEmpty()) {
        return distribution.contains(hash) ? good(hash, manifest, ours, bytes) : bad(hash, "it is no bundle: it has no symbolic name");
      }
      return good(hash, manifest, ours, bytes);
    } catch (MalformedArchive e) {
      // Jars of libraries that came with the distribution need not keep rules that are for strangers.
      return bad(hash, e.getMessage());
    }
  }

  private static JarFacts good(String hash, PluginManifest manifest, Set<String> ours, byte[] bytes) {
    Optional<SignedJar> signature = SignedJar.of(bytes);
    return new JarFacts(hash, manifest.symbolicName(), manifest.version(), "", "", manifest.reserved(ours).orElse(""), signature,
        signature.isPresent() ? SignedJar.statement(bytes) : new byte[0]);
  }

  private static JarFacts bad(String hash, String text) {
    return new JarFacts(hash, "", "", "MALFORMED", text, "", Optional.empty(), new byte[0]);
  }

  static JarFacts unreadable(String text) {
    return new JarFacts("", "", "", "UNREADABLE", text, "", Optional.empty(), new byte[0]);
  }

  String keyId() {
    return signature.map(SignedJar::keyId).orElse("");
  }
}
