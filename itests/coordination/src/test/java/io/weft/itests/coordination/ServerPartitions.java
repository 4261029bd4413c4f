package io.weft.itests.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.dcs.AcknowledgedWrites;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three nodes and a store of three members, each on a host of its own. */
abstract class ServerPartitions extends Partitions {

  /** How long a leader of the store that hears nothing of the others goes on to answer, and more. */
  abstract Duration stepsDownMax();

  @Override
  List<String> nodes() {
    return List.of("a", "b", "c");
  }

  @Override
  List<String> hosts() {
    return HOSTS.keySet().stream().sorted().toList();
  }

  @Override
  List<String> few(String holder) {
    return List.of("s0", holder);
  }

  @Override
  List<String> across(List<String> few) {
    return List.of("s2", few.contains("c") ? "b" : "c");
  }

  /** A member two nodes and a node two members: no two members see each other, so nobody acts. */
  @Test
  void ring() {
    try (AcknowledgedWrites writes = Faults.writes(fabric)) {
      cutToRing(List.of("a", "s0", "b", "s1", "c", "s2"));
      long silent = System.nanoTime() + stepsDownMax().plus(TTL).toNanos();
      long end = silent + TTL.multipliedBy(2).toNanos();
      Await.until("the time in which nobody may act", SOON, () -> System.nanoTime() - end > 0);
      assertCut(List.of("s0", "s1"));
      assertThat(fabric.record().attempts()).noneMatch(a -> a.asked() - silent > 0);
      healed(writes);
    }
  }
}
