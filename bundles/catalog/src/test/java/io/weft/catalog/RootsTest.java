package io.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.support.plugin.CatalogIndex;
import io.weft.support.plugin.CatalogRoot;
import io.weft.support.plugin.CatalogRoot.Role;
import io.weft.support.plugin.ListedPlugin;
import io.weft.support.plugin.SignedIndex;
import io.weft.support.plugin.SignedRoot;
import io.weft.support.plugin.SigningKey;
import io.weft.support.plugin.TrustedKey;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.Fuzz;
import io.weft.testkit.ManualTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the keys of a catalogue are changed, and what whoever has an old one can do about it. */
class RootsTest {

  @TempDir Path dir;

  private final ManualTime time = new ManualTime();
  private final SigningKey one = key();
  private final SigningKey two = key();
  private final SigningKey three = key();
  private final SigningKey packs = key();
  private final SigningKey packsNext = key();
  private final List<TrustedKey> keys = new ArrayList<>();
  private final Set<String> revoked = new HashSet<>();
  private int signatures = 1;
  private Path folder;
  private ConfiguredCatalogs node;

  private static SigningKey key() {
    return SigningKey.generate(new SecureRandom());
  }

  private static Role role(int threshold, SigningKey... keys) {
    return new Role(threshold, Arrays.stream(keys).map(SigningKey::publicKey).toList());
  }

  @BeforeEach
  void folder() throws Exception {
    folder = Files.createDirectories(dir.resolve("acme"));
    keys.add(trusted("one", one));
  }

  private static TrustedKey trusted(String name, SigningKey key) {
    return new TrustedKey(name, key.publicKey(), List.of(), List.of("acme"));
  }

  /** Another node, or this one after a restart. */
  private ConfiguredCatalogs node(String home) {
    return new ConfiguredCatalogs(dir.resolve(home), FakeConfig.of(PluginsConfig.class, Map.of("catalogs", new String[] {"acme=" + folder},
        "catalog_signatures", signatures)), time, time, new NoTrust(), () -> new ConfiguredCatalogs.Trusted(
            keys.stream().filter(key -> !revoked.contains(key.key().id())).toList(), Set.copyOf(revoked)));
  }

  private CatalogRoot root(long version, Role root, Role index) {
    return new CatalogRoot("acme", version, time.now(), time.now().plus(Duration.ofDays(365)), root, index);
  }

  private void publish(CatalogRoot root, SigningKey... signers) throws Exception {
    publish(root.version(), root, signers);
  }

  private void publish(long asVersion, CatalogRoot root, SigningKey... signers) throws Exception {
    SignedRoot signed = SignedRoot.of(root);
    for (SigningKey signer : signers) {
      signed = signed.plus(signer);
    }
    Files.write(folder.resolve("root." + asVersion), signed.bytes());
  }

  private void pack(long version, SigningKey... signers) throws Exception {
    Instant now = time.now();
    Files.write(folder.resolve("index"), SignedIndex.sign(new CatalogIndex("acme", version, now.minusSeconds(1), now.plus(Duration.ofDays(300)), 1,
        List.of(new ListedPlugin("com.acme.vault", "1.0." + version, List.of(), "", "", List.of(), List.of(), "vault.jar", 1, "ab".repeat(32), ""))),
        List.of(signers)));
  }

  /** What the node makes of the catalogue now: the version of the index that it uses, or why it uses none. */
  private String now() {
    node = node == null ? node("home") : node;
    node.refresh();
    var status = node.catalogs().get(0);
    return status.problem().isEmpty() ? "index " + status.version() + " root " + status.root() : status.problem();
  }

  private String afterARestart() {
    node = null;
    return now();
  }

  @Test
  void keysAreChangedWithoutTheOperator() throws Exception {
    pack(1, one);
    assertThat(now()).as("before there are roots").isEqualTo("index 1 root 0");
    publish(root(1, role(2, one, two, three), role(1, packs)), one, two);
    pack(2, packs);
    assertThat(now()).isEqualTo("index 2 root 1");
    publish(root(2, role(2, two, three), role(1, packsNext)), two, three);
    pack(3, packsNext);
    assertThat(now()).isEqualTo("index 3 root 2");
    assertThat(afterARestart()).isEqualTo("index 3 root 2");
    node = node("other");
    assertThat(now()).as("a new node walks from the root that its key vouches for").isEqualTo("index 3 root 2");
  }

  @Test
  void aKeyThatWasTakenOutCountsForNothing() throws Exception {
    publish(root(1, role(1, one), role(1, packs)), one);
    pack(1, packs);
    assertThat(now()).isEqualTo("index 1 root 1");
    publish(root(2, role(1, two), role(1, packsNext)), one, two);
    pack(2, packs);
    assertThat(now()).isEqualTo("its index is signed by no key that root.2 names for it; its publisher has to pack it again");
    pack(2, one);
    assertThat(now()).as("the operator's own key signs no index since there are roots").contains("no key that root.2 names");
    publish(root(3, role(1, one), role(1, packs)), one);
    assertThat(now()).isEqualTo("its root.3 is signed by 0 of the 1 keys that root.2 wants");
    Files.delete(folder.resolve("root.3"));
    pack(2, packsNext);
    assertThat(now()).isEqualTo("index 2 root 2");
  }

  @Test
  void whoHidesTheRootsTakesNobodyBack() throws Exception {
    publish(root(1, role(1, one), role(1, packs)), one);
    publish(root(2, role(1, two), role(1, packsNext)), one, two);
    pack(1, packsNext);
    assertThat(now()).isEqualTo("index 1 root 2");
    Files.delete(folder.resolve("root.1"));
    Files.delete(folder.resolve("root.2"));
    assertThat(afterARestart()).isEqualTo("index 1 root 2");
    pack(2, one);
    assertThat(afterARestart()).contains("no key that root.2 names");
    publish(2, root(2, role(1, one), role(1, one)), one);
    assertThat(afterARestart()).as("another root of the same version is not asked for").contains("no key that root.2 names");
  }

  @Test
  void theOldAndTheNewThresholdAreBothNeeded() throws Exception {
    publish(root(1, role(2, one, two), role(1, packs)), one, two);
    pack(1, packs);
    assertThat(now()).isEqualTo("index 1 root 1");
    CatalogRoot next = root(2, role(2, two, three), role(1, packs));
    publish(next, two, three);
    assertThat(now()).isEqualTo("its root.2 is signed by 1 of the 2 keys that root.1 wants");
    publish(next, one, two);
    assertThat(now()).isEqualTo("its root.2 is signed by 1 of the 2 keys that it wants itself");
    String text = new String(SignedRoot.of(next).plus(two).bytes(), StandardCharsets.UTF_8);
    String line = text.lines().filter(l -> l.startsWith("signature")).findFirst().orElseThrow() + "\n";
    Files.writeString(folder.resolve("root.2"), text.replace(line, line + line));
    assertThat(now()).as("one signature twice").contains("its signatures are not as they must be");
    Files.writeString(folder.resolve("root.2"), text.replace(line, line + line.replace(two.publicKey().id(), three.publicKey().id())));
    assertThat(now()).as("one signature under two names").isEqualTo("its root.2 is signed by 1 of the 2 keys that root.1 wants");
    publish(next, one, two, three);
    assertThat(now()).isEqualTo("index 1 root 2");
  }

  @Test
  void rootsFollowWithoutAGap() throws Exception {
    publish(root(1, role(1, one), role(1, packs)), one);
    pack(1, packs);
    publish(root(3, role(1, one), role(1, packsNext)), one);
    assertThat(now()).as("what is behind a gap is not there").isEqualTo("index 1 root 1");
    publish(2, root(3, role(1, one), role(1, packsNext)), one);
    assertThat(now()).isEqualTo("its root.2 is root.3");
    publish(2, root(1, role(1, one), role(1, packs)), one);
    assertThat(now()).isEqualTo("its root.2 is root.1");
  }

  @Test
  void expiryStopsWhoFreezesIt() throws Exception {
    publish(root(1, role(1, one), role(1, packs)), one);
    pack(1, packs);
    assertThat(now()).isEqualTo("index 1 root 1");
    time.advance(Duration.ofDays(366));
    pack(2, packs);
    assertThat(now()).contains("its root.1 expired at 2027-01-01T00:00:00Z; ask its publisher for a newer one");
    publish(root(2, role(1, one), role(1, packs)), one);
    assertThat(now()).as("one that expired still says who signs the next").isEqualTo("index 2 root 2");
  }

  @Test
  void theOperatorHasTheLastWord() throws Exception {
    publish(root(1, role(1, one), role(2, packs, packsNext)), one);
    pack(1, packs, packsNext);
    assertThat(now()).isEqualTo("index 1 root 1");
    revoked.add(packs.publicKey().id());
    assertThat(now()).isEqualTo("its index is signed by 1 of 2 keys that are needed");
    revoked.clear();
    TrustedKey anchor = keys.remove(0);
    assertThat(now()).contains("no key in conf/keys is for it any more");
    keys.add(anchor);
    revoked.add(one.publicKey().id());
    assertThat(now()).contains("no key in conf/keys is for it any more");
    keys.add(trusted("three", three));
    assertThat(now()).as("any key for it says that it is wanted").isEqualTo("index 1 root 1");
    publish(root(2, role(1, one), role(1, packs)), one);
    assertThat(now()).as("a revoked key signs no root").isEqualTo("its root.2 is signed by 0 of the 1 keys that root.1 wants");
  }

  @Test
  void aNewNodeNeedsAKeyThatVouches() throws Exception {
    publish(root(1, role(1, two), role(1, packs)), two);
    publish(root(2, role(1, three), role(1, packs)), two, three);
    pack(1, packs);
    assertThat(now()).contains("of root.1 to root.2 none is signed by a key of conf/keys that has 'catalogs: acme'");
    keys.set(0, trusted("three", three));
    assertThat(now()).as("it begins with the first that a current key signed").isEqualTo("index 1 root 2");
    signatures = 2;
    node = node("careful");
    assertThat(now()).contains("none is signed by 2 keys of conf/keys");
    keys.add(trusted("two", two));
    assertThat(now()).contains("signed by 1 of 2 keys");
  }

  @Test
  void numbersOfAThiefEndWithItsKey() throws Exception {
    publish(root(1, role(1, one), role(1, packs)), one);
    pack(1000, packs);
    assertThat(now()).isEqualTo("index 1000 root 1");
    publish(root(2, role(1, one), role(1, packs, packsNext)), one);
    pack(7, packsNext);
    assertThat(now()).as("not while an old key is named").contains("older than version 1000");
    publish(root(3, role(1, one), role(1, packsNext)), one);
    assertThat(now()).isEqualTo("index 7 root 3");
    pack(6, packsNext);
    assertThat(now()).as("and from there never back").contains("older than version 7");
  }

  @Test
  void aServerWithoutEndIsLeft() throws Exception {
    byte[] strangers = SignedRoot.of(root(1, role(1, two), role(1, packs))).plus(two).bytes();
    Roots roots = new Roots("acme", (path, max, out) -> {
      time.advance(Duration.ofSeconds(20)); // less than is too long for one
      out.write(strangers);
    }, dir.resolve("acme.root"));
    Catalog.Look look = new Catalog.Look(keys, Set.of(), 1, time, 1);
    assertThatThrownBy(() -> roots.walk(look)).isInstanceOf(java.io.IOException.class).hasMessage("its roots take longer than 30 s");
    assertThat(roots.latest()).isEmpty();
  }

  @Test
  void thatOfAnotherCatalogueIsNotTaken() throws Exception {
    publish(1, new CatalogRoot("other", 1, time.now(), time.now().plusSeconds(99), role(1, one), role(1, packs)), one);
    assertThat(now()).isEqualTo("its root.1 is that of the catalogue other");
  }

  @Test
  void whatIsRememberedIsNotGuessed() throws Exception {
    publish(root(1, role(1, one), role(1, packs)), one);
    pack(1, packs);
    assertThat(now()).isEqualTo("index 1 root 1");
    Files.writeString(dir.resolve("home/data/catalogs/acme.root"), "damaged");
    assertThat(afterARestart()).contains("the root that was seen of it is damaged", "acme.root if the keys in conf/keys are current");
  }

  @Test
  void everyBitOfWhatIsSignedCounts() throws Exception {
    publish(root(1, role(1, one), role(1, packs)), one);
    byte[] good = Files.readAllBytes(folder.resolve("root.1"));
    for (int i = 0; i < good.length; i++) {
      byte[] changed = good.clone();
      changed[i] ^= 1;
      try {
        SignedRoot signed = SignedRoot.parse(changed);
        assertThat(signed.signers(List.of(one.publicKey()))).as("byte %d", i).isEmpty();
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageNotContaining("\n");
      }
    }
  }

  @Test
  void theDecoderTakesWhatIsWellFormedAndRefusesTheRest() {
    CatalogRoot root = root(1, role(2, one, two), role(1, packs));
    byte[] good = SignedRoot.of(root).plus(one).plus(two).plus(one).bytes();
    assertThat(SignedRoot.parse(good).root()).isEqualTo(root);
    assertThat(SignedRoot.parse(good).signers(root.root().keys())).hasSize(2);
    new Fuzz(3, List.of(good), 4096).run(50_000, IllegalArgumentException.class, input -> SignedRoot.parse(input).root());
    new Fuzz(4, List.of(root.json().getBytes(StandardCharsets.UTF_8)), 4096).run(50_000, IllegalArgumentException.class,
        input -> CatalogRoot.parse(new String(input, StandardCharsets.UTF_8)));
    assertThatThrownBy(() -> SignedRoot.parse(new byte[CatalogRoot.BYTES_MAX + 1])).hasMessage("it has more than 65536 bytes");
    assertThatThrownBy(() -> role(1, one, one)).hasMessage("a role has one key twice");
    assertThatThrownBy(() -> role(2, one)).hasMessage("a threshold is 1 to the number of its keys");
    assertThatThrownBy(() -> role(0, one)).isInstanceOf(IllegalArgumentException.class);
  }
}
