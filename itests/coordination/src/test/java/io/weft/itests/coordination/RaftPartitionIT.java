package io.weft.itests.coordination;

import io.weft.itests.dcs.AcknowledgedWrites;
import io.weft.itests.dcs.FaultyStore;
import io.weft.itests.lab.Lab;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Five nodes that keep the store among themselves, over the links that are cut. */
@Tag("nightly")
class RaftPartitionIT extends Partitions {

  private static final List<String> NODES = List.of("a", "b", "c", "s0", "s1");

  @Override
  FaultyStore store(Lab inside) {
    return FaultyStore.raft(NODES);
  }

  @Override
  List<String> nodes() {
    return NODES;
  }

  @Override
  List<String> hosts() {
    return NODES;
  }

  @Override
  List<String> few(String holder) {
    return List.of(holder, NODES.get((NODES.indexOf(holder) + 1) % NODES.size()));
  }

  @Override
  List<String> across(List<String> few) {
    return NODES.stream().filter(node -> !few.contains(node)).limit(2).toList();
  }

  /** Each sees two others, and with itself that is a majority: whoever leads serves its neighbours, and the others act no more. */
  @Test
  void ring() {
    try (AcknowledgedWrites writes = Faults.writes(fabric)) {
      cutToRing(NODES);
      assertCut(NODES.subList(0, 3)); // whose cables the cuts were made on
      fabric.awaitActing(SOON);
      healed(writes);
    }
  }
}
