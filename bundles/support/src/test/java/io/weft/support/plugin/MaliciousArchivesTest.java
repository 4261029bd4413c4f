package io.weft.support.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weft.itests.archives.MaliciousArchives;
import io.weft.itests.archives.MaliciousArchives.Attack;
import io.weft.itests.archives.RawZip;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jars made to hurt whoever unpacks, lists or runs them. Each is refused for what is wrong with it, in one line. */
class MaliciousArchivesTest {

  static Stream<Attack> archives() {
    return MaliciousArchives.archives();
  }

  static Stream<Attack> bundles() {
    return MaliciousArchives.bundles();
  }

  @ParameterizedTest
  @MethodSource("archives")
  void isRefusedInOneLine(Attack attack) {
    MalformedArchive refused = catchThrowableOfType(() -> PluginArchive.read(attack.jar()), MalformedArchive.class);
    assertThat(refused).as(attack.name()).isNotNull();
    assertThat(refused.getMessage()).contains(attack.because()).hasSizeLessThan(300).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}]");
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void doesNotTakeThePlaceOfWhatTheNodeProvides(Attack attack) throws Exception {
    PluginManifest manifest = new PluginManifest(PluginArchive.read(attack.jar()));
    assertThat(manifest.reserved(Set.of("org.jline"))).hasValueSatisfying(why -> assertThat(why).contains(attack.because()));
  }

  @Test
  void thereAreManyKinds() {
    assertThat(archives().count() + bundles().count()).isGreaterThan(70);
  }

  @Test
  void anOrdinaryJarIsTaken() throws Exception {
    RawZip zip = RawZip.bundle("Import-Package: io.weft.secret", "Export-Package: com.acme.api;version=\"1.0\"");
    zip.add("com/", "").mode(0x41ed);
    zip.add("com/acme/A.class", "x").mode(0x81a4);
    zip.add("io/weft/support/Json.class", "a private copy");
    zip.add("zeros", new byte[60_000]);
    PluginManifest manifest = new PluginManifest(PluginArchive.read(zip.bytes()));
    assertThat(manifest.reserved(Set.of("org.jline"))).isEmpty();
    assertThat(manifest.symbolicName() + " " + manifest.version()).isEqualTo("com.acme.one 1.0.0");
  }
}
