package io.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.plugin.PluginUnavailable;
import io.weft.support.plugin.CatalogIndex;
import io.weft.support.plugin.ListedPlugin;
import io.weft.support.plugin.SignedIndex;
import io.weft.support.plugin.SigningKey;
import io.weft.support.plugin.TrustedKey;
import io.weft.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The attacks on catalogues that the framework for updates (TUF) names, each refused with its reason. */
class IndexCheckTest {

  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  private final SigningKey one = SigningKey.generate(new SecureRandom());
  private final SigningKey two = SigningKey.generate(new SecureRandom());
  private final List<TrustedKey> keys = List.of(trusted("one", one, "acme"), trusted("two", two, "acme"));

  private static TrustedKey trusted(String name, SigningKey key, String... catalogs) {
    return new TrustedKey(name, key.publicKey(), List.of(), List.of(catalogs));
  }

  private static CatalogIndex index(long version, int threshold, String file) {
    return new CatalogIndex("acme", version, NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(30)), threshold, List.of(new ListedPlugin(
        "com.acme.vault", "1.2.0", List.of("SecretSource"), "Secrets", "Apache-2.0", List.of("a;b=c"), List.of(), file, 100, "ab".repeat(32), "")));
  }

  private IndexCheck check(byte[] bytes, int signatures, Seen seen, Instant now) throws PluginUnavailable {
    return IndexCheck.of(bytes, "acme", Roots.Signers.of(keys, "acme", signatures), seen, now);
  }

  private void refused(byte[] bytes, Seen seen, Instant now, String because) {
    assertThatThrownBy(() -> check(bytes, 1, seen, now)).isInstanceOf(PluginUnavailable.class).hasMessageContaining(because);
  }

  @Test
  void whatIsSignedAndCurrentIsBelieved() throws Exception {
    byte[] bytes = SignedIndex.sign(index(7, 1, "vault.jar"), List.of(one));
    IndexCheck checked = check(bytes, 1, Seen.NOTHING, NOW);
    assertThat(checked.index()).isEqualTo(index(7, 1, "vault.jar"));
    assertThat(checked.signers()).containsExactly(keys.get(0));
    assertThat(check(bytes, 1, new Seen(7, checked.sha256(), Set.of()), NOW)).as("the same again").isEqualTo(checked);
  }

  @Test
  void strangersAndKeysForOtherThingsDoNotCount() {
    byte[] bytes = SignedIndex.sign(index(7, 1, "vault.jar"), List.of(SigningKey.generate(new SecureRandom())));
    refused(bytes, Seen.NOTHING, NOW, "signed by no trusted key");
    byte[] good = SignedIndex.sign(index(7, 1, "vault.jar"), List.of(one));
    assertThatThrownBy(() -> IndexCheck.of(good, "acme", Roots.Signers.of(List.of(trusted("one", one, "other")), "acme", 1), Seen.NOTHING, NOW))
        .hasMessageContaining("'catalogs: acme' is needed");
  }

  @Test
  void everyBitOfWhatIsSignedCounts() {
    byte[] bytes = SignedIndex.sign(index(7, 1, "vault.jar"), List.of(one));
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> check(changed, 1, Seen.NOTHING, NOW)).as("byte %d", i).isInstanceOf(PluginUnavailable.class);
    }
  }

  @Test
  void asManyKeysAreNeededAsOperatorOrPublisherWant() throws Exception {
    byte[] single = SignedIndex.sign(index(7, 1, "vault.jar"), List.of(one));
    assertThatThrownBy(() -> check(single, 2, Seen.NOTHING, NOW)).hasMessageContaining("signed by 1 of 2 keys");
    refused(SignedIndex.sign(index(7, 2, "vault.jar"), List.of(one)), Seen.NOTHING, NOW, "signed by 1 of 2 keys");
    assertThat(check(SignedIndex.sign(index(7, 2, "vault.jar"), List.of(one, two)), 2, Seen.NOTHING, NOW).signers()).hasSize(2);
    List<TrustedKey> same = List.of(trusted("a", one, "acme"), trusted("b", one, "acme"));
    assertThatThrownBy(() -> IndexCheck.of(single, "acme", Roots.Signers.of(same, "acme", 2), Seen.NOTHING, NOW)).as("one key under two names is one key")
        .hasMessageContaining("signed by 1 of 2 keys");
  }

  @Test
  void oneSignatureTwiceIsNotTwo() {
    String single = new String(SignedIndex.sign(index(7, 2, "vault.jar"), List.of(one)), StandardCharsets.UTF_8);
    String line = single.lines().filter(l -> l.startsWith("signature ")).findFirst().orElseThrow() + "\n";
    String twice = single.replace(line, line + line);
    refused(twice.getBytes(StandardCharsets.UTF_8), Seen.NOTHING, NOW, "its signatures are not as they must be");
    String renamed = single.replace(line, line + line.replace(one.publicKey().id(), two.publicKey().id()));
    refused(renamed.getBytes(StandardCharsets.UTF_8), Seen.NOTHING, NOW, "signed by 1 of 2 keys");
  }

  @Test
  void anOlderOneIsARollback() {
    refused(SignedIndex.sign(index(6, 1, "vault.jar"), List.of(one)), new Seen(7, "x", Set.of()), NOW, "older than version 7");
  }

  @Test
  void anotherOfTheSameVersionIsAMix() {
    refused(SignedIndex.sign(index(7, 1, "other.jar"), List.of(one)), new Seen(7, "ab", Set.of()), NOW, "another version 7");
  }

  @Test
  void anExpiredOneIsAFreeze() {
    refused(SignedIndex.sign(index(7, 1, "vault.jar"), List.of(one)), Seen.NOTHING, NOW.plus(Duration.ofDays(31)), "expired");
  }

  @Test
  void aJumpWouldLeaveNoNumbers() {
    refused(SignedIndex.sign(index(Long.MAX_VALUE, 1, "vault.jar"), List.of(one)), new Seen(7, "x", Set.of()), NOW, "jumps from version 7");
  }

  @Test
  void thatOfAnotherCatalogueIsNotTaken() {
    List<TrustedKey> both = List.of(trusted("one", one, "acme", "other"));
    assertThatThrownBy(() -> IndexCheck.of(SignedIndex.sign(index(7, 1, "vault.jar"), List.of(one)), "other", Roots.Signers.of(both, "other", 1), Seen.NOTHING, NOW))
        .hasMessageContaining("that of the catalogue acme");
  }

  @Test
  void whatIsNoIndexIsSaidInOneLine() {
    for (String text : List.of("", "weft-catalog/1", "weft-catalog/2\n\n{}", "weft-catalog/1\nsignature x y\n\n{}", "<html>\n\n</html>")) {
      refused(text.getBytes(StandardCharsets.UTF_8), Seen.NOTHING, NOW, "");
    }
    for (String file : List.of("../evil.jar", "/etc/passwd", "a//b.jar", "a\\b.jar", "http://x/a.jar", "")) {
      assertThatThrownBy(() -> index(1, 1, file)).as(file).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void decodersTakeWhatIsWellFormedAndRefuseTheRest() {
    byte[] good = SignedIndex.sign(index(7, 1, "vault.jar"), List.of(one));
    new Fuzz(1, List.of(good), 4096).run(50_000, IllegalArgumentException.class, input -> SignedIndex.parse(input).index());
    byte[] json = index(7, 1, "vault.jar").json().getBytes(StandardCharsets.UTF_8);
    new Fuzz(2, List.of(json), 4096).run(50_000, IllegalArgumentException.class,
        input -> CatalogIndex.parse(new String(input, StandardCharsets.UTF_8)));
  }
}
