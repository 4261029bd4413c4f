package io.weft.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  /** A library that two features need is named by both, so that each can be had without the other. */
  @Test
  void aBundleThatTwoFeaturesNameIsTheSameInBoth() throws IOException {
    Map<String, Map<String, Object>> seen = new HashMap<>();
    for (Path file : files()) {
      Set<String> here = new HashSet<>();
      for (FeatureBundle bundle : read(file).getBundles()) {
        String artifact = bundle.getID().getGroupId() + ":" + bundle.getID().getArtifactId() + ":" + bundle.getID().getClassifier();
        assertThat(here.add(artifact)).as("%s is once in %s", artifact, file).isTrue();
        Map<String, Object> metadata = new HashMap<>(bundle.getMetadata());
        metadata.put("id", bundle.getID().toString());
        assertThat(seen.getOrDefault(artifact, metadata)).as(artifact).isEqualTo(metadata);
        seen.put(artifact, metadata);
      }
    }
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
