package io.weft.support.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.itests.archives.RawZip;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The signature covers every bit of a jar, and the jar stays one. */
class SignedJarTest {

  private final SigningKey key = SigningKey.generate(new SecureRandom());

  private static byte[] jar() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(out, new Manifest(new ByteArrayInputStream(RawZip.manifest())))) {
      jar.putNextEntry(new ZipEntry("com/acme/A.class"));
      jar.write(new byte[200]);
    }
    return out.toByteArray();
  }

  private boolean good(byte[] jar) {
    return SignedJar.of(jar).map(signed -> signed.isGood(SignedJar.statement(jar), key.publicKey())).orElse(false);
  }

  @Test
  void isGoodForThisJarAndThisKey() throws Exception {
    byte[] signed = SignedJar.sign(jar(), key);
    assertThat(good(signed)).isTrue();
    assertThat(good(jar())).isFalse();
    PublicKeyId other = SigningKey.generate(new SecureRandom()).publicKey();
    assertThat(SignedJar.of(signed).orElseThrow().isGood(SignedJar.statement(signed), other)).isFalse();
    assertThat(PluginArchive.read(signed).names()).containsExactly("META-INF/MANIFEST.MF", "com/acme/A.class");
  }

  @Test
  void everyBitCounts() throws Exception {
    byte[] signed = SignedJar.sign(jar(), key);
    for (int bit = 0; bit < signed.length * 8; bit++) {
      byte[] changed = signed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(good(changed)).as("with bit %d of %d changed", bit, signed.length * 8).isFalse();
    }
  }

  @Test
  void nothingCanBeAddedOrTakenAway() throws Exception {
    byte[] signed = SignedJar.sign(jar(), key);
    assertThat(good(Arrays.copyOf(signed, signed.length + 1))).isFalse();
    assertThat(good(Arrays.copyOf(signed, signed.length - 1))).isFalse();
    assertThat(good(Arrays.copyOfRange(signed, 1, signed.length))).isFalse();
    byte[] longer = new byte[signed.length + 1];
    System.arraycopy(signed, 0, longer, 1, signed.length);
    assertThat(good(longer)).isFalse();
  }

  @Test
  void staysAJar(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("a.jar"), SignedJar.sign(jar(), key));
    try (JarFile jar = new JarFile(file.toFile())) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Bundle-SymbolicName")).isEqualTo("com.acme.one");
    }
    try (JarInputStream jar = new JarInputStream(Files.newInputStream(file))) {
      assertThat(jar.getNextJarEntry().getName()).isEqualTo("com/acme/A.class");
    }
  }

  @Test
  void isSignedAnewWithoutATrace() throws Exception {
    byte[] once = SignedJar.sign(jar(), SigningKey.generate(new SecureRandom()));
    assertThat(SignedJar.sign(once, key)).isEqualTo(SignedJar.sign(jar(), key));
  }

  @Test
  void theKeySurvivesItsFile() {
    SigningKey again = SigningKey.parse("# for plugins\n" + key.pem());
    assertThat(again.publicKey().text()).isEqualTo(key.publicKey().text());
    assertThat(PublicKeyId.parse(key.publicKey().text()).id()).hasSize(16);
    assertThat(key.toString()).doesNotContain(key.pem().substring(30, 60));
    assertThatThrownBy(() -> SigningKey.parse("secret")).isInstanceOf(IllegalArgumentException.class).hasMessageNotContaining("secret");
    assertThatThrownBy(() -> PublicKeyId.parse("short")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void agreesWithTheVectorOfRfc8032() {
    // RFC 8032, 7.1, test 1.
    SigningKey vector = SigningKey.parse("-----BEGIN PRIVATE KEY-----\n" + java.util.Base64.getEncoder().encodeToString(
        java.util.HexFormat.of().parseHex("302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        + "\n-----END PRIVATE KEY-----\n");
    assertThat(java.util.HexFormat.of().formatHex(java.util.Base64.getUrlDecoder().decode(vector.publicKey().text())))
        .isEqualTo("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  }
}
