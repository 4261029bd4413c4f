package io.weft.itests.coordination;

import io.weft.itests.dcs.AcknowledgedWrites;
import io.weft.itests.dcs.FaultyStore;
import io.weft.itests.lab.Lab;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three nodes and one PostgreSQL: whoever is cut off from it acts no more, and nobody minds who is cut off from another node. */
@Tag("nightly")
class PostgresPartitionIT extends Partitions {

  private static final String SERVER = "s0";

  @Override
  FaultyStore store(Lab inside) {
    return FaultyStore.postgresAt(HOSTS.get(SERVER), inside.inside(SERVER));
  }

  @Override
  List<String> nodes() {
    return List.of("a", "b", "c");
  }

  @Override
  List<String> hosts() {
    return List.of("a", "b", "c", SERVER);
  }

  @Override
  List<String> few(String holder) {
    return List.of(holder);
  }

  @Override
  List<String> across(List<String> few) {
    return List.of(few.contains("c") ? "b" : "c");
  }

  /** The holder and the server are opposite each other. */
  @Test
  void ring() {
    try (AcknowledgedWrites writes = Faults.writes(fabric)) {
      var last = fabric.latest();
      List<String> others = nodes().stream().filter(node -> !node.equals(last.node())).toList();
      cutToRing(List.of(last.node(), others.get(0), SERVER, others.get(1)));
      fabric.awaitOther(last, SOON);
      assertRefuses(last.node());
      healed(writes);
    }
  }
}
