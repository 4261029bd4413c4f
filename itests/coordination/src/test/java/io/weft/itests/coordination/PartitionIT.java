package io.weft.itests.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.dcs.AcknowledgedWrites;
import io.weft.itests.dcs.FaultyStore;
import io.weft.itests.lab.Lab;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three nodes and an etcd of three members. */
@Tag("nightly")
class PartitionIT extends Partitions {

  /** How long a leader of etcd that hears nothing of the others goes on to answer, and more. */
  private static final Duration STEPS_DOWN_MAX = Duration.ofSeconds(5);

  @Override
  FaultyStore store(Lab inside) {
    return FaultyStore.etcdAt(i -> HOSTS.get("s" + i), i -> inside.inside("s" + i));
  }

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
      long silent = System.nanoTime() + STEPS_DOWN_MAX.plus(TTL).toNanos();
      long end = silent + TTL.multipliedBy(2).toNanos();
      Await.until("the time in which nobody may act", SOON, () -> System.nanoTime() - end > 0);
      assertCut(List.of("s0", "s1"));
      assertThat(fabric.record().attempts()).noneMatch(a -> a.asked() - silent > 0);
      healed(writes);
    }
  }
}
