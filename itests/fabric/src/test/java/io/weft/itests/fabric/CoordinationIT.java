package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.dcs.DcsServer;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.support.JsonReader;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nodes that coordinate on a real store; {@code -Dweft.dcs} chooses which. */
class CoordinationIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private static DcsServer store;
  private static ProcessFabric fabric;

  @BeforeAll
  static void start() {
    store = DcsServer.start();
    fabric = ProcessFabric.of(store::configure, "a", "b");
    fabric.nodes().forEach(node -> store.equip(node).start());
    fabric.nodes().forEach(node -> Await.until("the store to be served to " + node.name(), SOON,
        () -> "serving".equals(json(node, "dcs:status", "--json").get("state"))));
  }

  @AfterAll
  static void stop() throws Exception {
    if (fabric != null) {
      fabric.close();
    }
    if (store != null) {
      store.close(); // null where the machine has no such store, and all of this is skipped
    }
  }

  @Test
  void whatOneNodeWritesTheOtherReads() {
    assertThat(json(fabric.node("a"), "dcs:status", "--json")).containsEntry("backend", store.backend());
    assertThat(json(fabric.node("a"), "dcs:put", "app/flag", "on", "--json")).containsEntry("dry_run", true);
    assertThat(json(fabric.node("a"), "dcs:put", "app/flag", "on", "--yes", "--json")).containsEntry("written", true);
    Await.until("the other node to read it", SOON,
        () -> "on".equals(json(fabric.node("b"), "dcs:get", "app/flag", "--json").get("value")));
    assertThat(json(fabric.node("b"), "dcs:delete", "app/flag", "--yes", "--json")).containsEntry("deleted", true);
  }

  @Test
  void leasesAndJobsAreServed() {
    assertThat(json(fabric.node("a"), "lease:list", "--json")).containsKey("leases");
    assertThat(json(fabric.node("b"), "job:list", "--json")).containsKey("jobs");
  }

  /** Empty if the node does not answer with JSON yet. */
  @SuppressWarnings("unchecked") // JSON objects have strings for keys
  private static Map<String, Object> json(NodeProcess node, String... words) {
    try {
      String out = node.ask(words).out();
      return out.startsWith("{") ? (Map<String, Object>) JsonReader.read(out) : Map.of();
    } catch (java.io.IOException e) {
      return Map.of();
    }
  }
}
