package io.weft.path.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.ice4j.ice.harvest.HarvestConfig;
import org.ice4j.ice.harvest.MappingCandidateHarvesters;
import org.junit.jupiter.api.Test;

/** ice4j calls nobody by itself: not the metadata service of a cloud, nor a server that it knows of. */
class QuietLibraryTest {

  @Test
  void noHarvesterOfItsOwnRuns() {
    assertThat(HarvestConfig.config.enableAwsHarvester()).isFalse();
    assertThat(HarvestConfig.config.forceAwsHarvester()).isFalse();
    MappingCandidateHarvesters.initialize();
    assertThat(MappingCandidateHarvesters.getHarvesters()).isEmpty();
  }
}
