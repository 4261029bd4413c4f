package io.weft.support.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OriginTest {

  @Test
  void aLocationTellsIt() {
    assertThat(Origin.of("reference:file:/opt/weft/bundles/a.jar")).isEqualTo(Origin.node);
    assertThat(Origin.of("plugin:com.acme.one")).isEqualTo(Origin.plugin);
    assertThat(Origin.of("deploy:one.jar")).isEqualTo(Origin.deploy);
    assertThat(Origin.of("mvn:com.acme/one/1.0.0")).isEqualTo(Origin.bundle);
  }

  @Test
  void aLocationIsMadeAndTakenApart() {
    assertThat(Origin.deploy.location("one.jar")).isEqualTo("deploy:one.jar");
    assertThat(Origin.deploy.rest("deploy:one.jar")).contains("one.jar");
    assertThat(Origin.deploy.rest("plugin:one.jar")).isEmpty();
  }
}
