package io.weft.node.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.core.config.SchemaCache.Version;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaCacheTest {

  private static final KeySchema BOUNDED = new KeySchema("channels.max", KeySchema.Type.INTEGER, false, false, List.of("8"), "1", "64",
      List.of(), "How many.", "at once");
  private static final KeySchema MANY = new KeySchema("peers", KeySchema.Type.TEXT, true, false, List.of("a", "b,c"), null, null,
      List.of("a", "b,c", "d"), "Who, \u00e4hm, is \ud83e\uddf5.", KeySchema.UNSAID);
  private static final Map<Version, List<SectionSchema>> KNOWN = Map.of(
      new Version(7, 1_700_000_000_000L), List.of(
          new SectionSchema("weft.mesh", false, "Mesh", "Links.", Map.of("channels.max", BOUNDED)),
          new SectionSchema("weft.forward", true, "", "", Map.of("peers", MANY))),
      new Version(8, 0), List.of());

  @TempDir Path dir;

  @Test
  void whatWasKeptComesBack() {
    SchemaCache cache = new SchemaCache(dir.resolve("schemas"));
    assertThat(cache.read()).isEmpty();
    cache.write(KNOWN);
    assertThat(cache.read()).isEqualTo(KNOWN);
    cache.write(Map.of());
    assertThat(cache.read()).isEmpty();
  }

  @Test
  void whatBundlesReallyDeclareComesBack() throws IOException {
    List<SectionSchema> real = new MetatypeReader().read("weft.xml", new ByteArrayInputStream(TestSchema.document()));
    assertThat(real).isNotEmpty();
    assertThat(SchemaCache.decode(SchemaCache.encode(Map.of(new Version(1, 2), real)))).containsEntry(new Version(1, 2), real);
  }

  @Test
  void whatIsDamagedIsAsGoodAsNone() throws IOException {
    Path file = dir.resolve("schemas");
    byte[] good = SchemaCache.encode(KNOWN);
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      byte[] bad = random.nextBoolean() ? java.util.Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
      if (bad.length == good.length) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      assertThatThrownBy(() -> SchemaCache.decode(bad)).isInstanceOf(IOException.class);
    }
    Files.write(file, new byte[] {1, 2, 3});
    assertThat(new SchemaCache(file).read()).isEmpty();
  }
}
