package io.weft.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;

/** The files are what the reference implementation of the specification can read. */
class FeatureFilesTest {

  private static final Path FILES = Path.of("target/classes/features");

  @TestFactory
  Stream<DynamicTest> everyFileIsAFeature() throws IOException {
    return files().stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
      Feature feature = read(file);
      assertThat(feature.getID().getClassifier()).hasValue(file.getFileName().toString().replace(".json", ""));
      assertThat(feature.getDescription()).isPresent();
      assertThat(feature.getBundles()).isNotEmpty();
      for (FeatureBundle bundle : feature.getBundles()) {
        assertThat(bundle.getID().toString()).doesNotContain("$").doesNotContain("@");
        assertThat(bundle.getMetadata().keySet()).isSubsetOf("id", "start-level", "start", "start-for");
        assertThat(((Number) bundle.getMetadata().get("start-level")).intValue()).isBetween(1, 60);
      }
    }));
  }

  @Test
  void noBundleIsInTwoFeatures() throws IOException {
    List<String> all = new ArrayList<>();
    for (Path file : files()) {
      read(file).getBundles().forEach(bundle -> all.add(bundle.getID().toString()));
    }
    Set<String> once = new HashSet<>(all);
    assertThat(all).hasSize(once.size());
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> list = Files.list(FILES)) {
      return list.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static Feature read(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      return new FeatureServiceImpl().readFeature(reader);
    }
  }
}
