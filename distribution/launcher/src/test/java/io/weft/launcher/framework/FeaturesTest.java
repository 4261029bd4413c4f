package io.weft.launcher.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeaturesTest {

  @TempDir
  Path dir;

  private Features features;

  @BeforeEach
  void dist() throws IOException {
    features = new Features(new Dist(dir, "1"));
    Files.createDirectories(dir.resolve("features"));
    for (String jar : List.of("g/h/a/1/a-1.jar", "g/b/2/b-2-linux.jar")) {
      Path path = dir.resolve("bundles").resolve(jar);
      Files.createDirectories(path.getParent());
      Files.createFile(path);
    }
  }

  @Test
  void anIdIsAPathInAMavenRepository() {
    assertThat(Features.path("g.h:a:1")).isEqualTo("g/h/a/1/a-1.jar");
    assertThat(Features.path("g:a:war:1")).isEqualTo("g/a/1/a-1.war");
    assertThat(Features.path("g:b:jar:linux:2")).isEqualTo("g/b/2/b-2-linux.jar");
    for (String bad : List.of("a", "a:b", "a:b:", "a::b", "a:../../x:1", "a:b:1:2:3:4", "a:b/c:1")) {
      assertThatThrownBy(() -> Features.path(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void bundlesComeInTheOrderOfTheirStartAndOnce() throws Exception {
    feature("one", "[{\"id\":\"g.h:a:1\",\"start-level\":20}, {\"id\":\"g:b:jar:linux:2\",\"start-level\":1,\"start\":false}]");
    feature("two", "[{\"id\":\"g.h:a:1\",\"start-level\":5}]");
    List<PlannedBundle> plan = features.plan(List.of("one", "two"));
    assertThat(plan).extracting(PlannedBundle::artifact).containsExactly("g:b:linux", "g.h:a");
    assertThat(plan).extracting(PlannedBundle::startLevel).containsExactly(1, 20);
    assertThat(plan).extracting(PlannedBundle::start).containsExactly(false, true);
    assertThat(plan.get(1).location()).isEqualTo("reference:" + dir.resolve("bundles/g/h/a/1/a-1.jar").toUri());
  }

  @Test
  void whatCannotBeReadIsNamed() throws Exception {
    assertThatThrownBy(() -> features.plan(List.of("none"))).isInstanceOf(Failure.class).hasMessageContaining("no feature 'none'");
    assertThatThrownBy(() -> features.plan(List.of("../x"))).hasMessageContaining("not the name of a feature");
    Files.writeString(dir.resolve("features/bad.json"), "{");
    assertThatThrownBy(() -> features.plan(List.of("bad"))).hasMessageContaining("bad.json").hasMessageContaining("character 2");
    feature("gone", "[{\"id\":\"g:gone:1\"}]");
    assertThatThrownBy(() -> features.plan(List.of("gone"))).hasMessageContaining("gone-1.jar").hasMessageContaining("missing");
  }

  private void feature(String name, String bundles) throws IOException {
    Files.writeString(dir.resolve("features/" + name + ".json"), "{\"id\":\"g:a:osgifeature:" + name + ":1\",\"bundles\":" + bundles + "}");
  }
}
