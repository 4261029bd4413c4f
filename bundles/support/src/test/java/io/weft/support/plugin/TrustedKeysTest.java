package io.weft.support.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys count for the names they are bound to; what cannot be read counts for nothing. */
class TrustedKeysTest {

  @TempDir
  Path folder;

  private final PublicKeyId key = SigningKey.generate(new SecureRandom()).publicKey();

  private TrustedKeys read() {
    return TrustedKeys.read(List.of(folder));
  }

  @Test
  void aKeySignsTheNamesItIsBoundTo() throws Exception {
    Files.writeString(folder.resolve("acme.pub"), "# Acme\nkey: " + key.text() + "\nplugins: com.acme. org.example.vault\ncatalogs: acme\n");
    TrustedKey acme = read().find(key.id()).orElseThrow();
    assertThat(acme.name()).isEqualTo("acme");
    assertThat(List.of("com.acme.a", "com.acme.a.b", "org.example.vault")).allMatch(acme::maySign);
    assertThat(List.of("com.acme", "com.acmes.a", "org.example.vault.more", "io.weft.mesh", "")).noneMatch(acme::maySign);
    assertThat(acme.maySignCatalog("acme")).isTrue();
    assertThat(acme.maySignCatalog("other")).isFalse();
    assertThat(TrustedKeys.parse("acme", acme.text())).isEqualTo(acme);
  }

  @Test
  void aStarIsEverythingButTheProduct() {
    TrustedKey any = new TrustedKey("any", key, List.of("*"), List.of());
    assertThat(any.maySign("com.acme.a")).isTrue();
    assertThat(any.maySign("io.weft.mesh")).isFalse();
    assertThat(any.isProducts()).isFalse();
    TrustedKey product = new TrustedKey("product", key, List.of("io.weft."), List.of());
    assertThat(product.maySign("io.weft.mesh") && product.isProducts()).isTrue();
  }

  @Test
  void aKeyWithAFaultDoesNotCountAndIsNamed() throws Exception {
    Files.writeString(folder.resolve("a.pub"), "key: nonsense\nplugins: *\n");
    Files.writeString(folder.resolve("b.pub"), "key: " + key.text() + "\n");
    Files.writeString(folder.resolve("c.pub"), "key: " + key.text() + "\nplugins: com/acme\n");
    Files.writeString(folder.resolve("d.pub"), "key: " + key.text() + "\nplugins: *\nmore: x\n");
    Files.writeString(folder.resolve("e.pub"), "x".repeat(10_000));
    assertThat(read().keys()).isEmpty();
    assertThat(read().problems()).hasSize(5).allMatch(problem -> problem.endsWith("this key does not count"));
    assertThat(read().usable()).isTrue();
  }

  @Test
  void revocationsAreReadAndAFaultInThemStopsEverything() throws Exception {
    Path revoked = folder.resolve("revoked");
    Files.writeString(revoked, "# lost laptop\nkey " + key.id() + " since yesterday\n\nsha256 " + "ab".repeat(32) + "\n");
    assertThat(read().revokedKeys()).containsExactly(key.id());
    assertThat(read().revokedFiles()).containsExactly("ab".repeat(32));
    Files.writeString(revoked, "key " + key.id().substring(1) + "\n");
    assertThat(read().usable()).isFalse();
    assertThat(read().problems()).singleElement().asString().contains("line 1 is neither");
  }

  @Test
  void noFolderIsNoKey() {
    TrustedKeys none = TrustedKeys.read(List.of(folder.resolve("none")));
    assertThat(none.keys()).isEmpty();
    assertThat(none.usable()).isTrue();
  }
}
