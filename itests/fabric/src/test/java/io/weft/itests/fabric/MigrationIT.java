package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.dcs.DcsServer;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.support.JsonReader;
import io.weft.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A node with two real stores: what is in the one is saved, and moved to the other. */
class MigrationIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private static DcsServer etcd;
  private static DcsServer postgres;
  private static ProcessFabric fabric;
  private static NodeProcess node;

  @BeforeAll
  static void start() {
    etcd = DcsServer.start("etcd");
    postgres = DcsServer.start("postgres");
    fabric = ProcessFabric.of(config -> {
      etcd.configure(config);
      postgres.configure(config);
      config.line("coordination: {backend: none}");
    }, "a");
    node = fabric.node("a");
    node.features("core,node,ops,dcs-etcd,dcs-postgres").start();
    for (String backend : List.of("etcd", "postgres")) {
      Await.until(backend + " to be served", SOON,
          () -> "serving".equals(tryJson("dcs:status", "--backend", backend, "--json").get("state")));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable part : new AutoCloseable[] {fabric, etcd, postgres}) {
      if (part != null) {
        part.close(); // null where the machine has no such store, and all of this is skipped
      }
    }
  }

  @Test
  void whatEtcdHoldsIsSavedAndMovedToPostgres() throws Exception {
    for (String key : List.of("app/flag", "app/käse und brot", "_jobs/billing/paused", "a.b/c%2F*")) {
      json("dcs:put", key, "value of " + key, "--backend", "etcd", "--yes", "--json");
    }
    Map<String, Object> source = entries("etcd");
    assertThat(node.ask("dcs:list").err()).contains("coordination is off (coordination.backend: none); there is etcd, postgres");

    Map<String, Object> saved = json("dcs:snapshot", "data/etcd.dcs", "--backend", "etcd", "--json");
    Map<String, Object> dry = json("dcs:migrate", "etcd", "postgres", "--look", "1", "--json");
    assertThat(dry).containsEntry("keys", 4L).containsEntry("create", 4L).containsEntry("obstacles", List.of())
        .containsEntry("dry_run", true).containsEntry("digest", saved.get("digest"));
    assertThat(entries("postgres")).isEmpty();

    assertThat(json("dcs:migrate", "etcd", "postgres", "--look", "1", "--yes", "--json")).containsEntry("migrated", true);
    assertThat(entries("postgres")).isEqualTo(source);
    assertThat(entries("etcd")).isEqualTo(source);
    assertThat(json("dcs:migrate", "etcd", "postgres", "--look", "1", "--json")).containsEntry("same", 4L);
    assertThat((Long) json("dcs:status", "--backend", "postgres", "--json").get("revision"))
        .isGreaterThan((Long) dry.get("token_writes"));

    json("dcs:put", "app/flag", "newer", "--backend", "postgres", "--yes", "--json");
    assertThat(node.ask("dcs:migrate", "etcd", "postgres", "--look", "1", "--yes").err()).contains("only an empty store is copied into");
    assertThat(json("dcs:restore", "data/etcd.dcs", "--backend", "postgres", "--yes", "--json")).containsEntry("change", 1L)
        .containsEntry("restored", true);
    assertThat(entries("postgres")).isEqualTo(source);
  }

  /** Values by key. */
  private static Map<String, Object> entries(String backend) throws IOException {
    Map<String, Object> values = new TreeMap<>();
    for (Object entry : (List<?>) json("dcs:list", "--backend", backend, "--json").get("entries")) {
      values.put(String.valueOf(((Map<?, ?>) entry).get("key")), ((Map<?, ?>) entry).get("value"));
    }
    return values;
  }

  @SuppressWarnings("unchecked") // JSON objects have strings for keys
  private static Map<String, Object> json(String... words) throws IOException {
    var answer = node.ask(words);
    assertThat(answer.err()).as(String.join(" ", words)).isEmpty();
    return (Map<String, Object>) JsonReader.read(answer.out());
  }

  /** Empty if the node does not answer with JSON yet. */
  @SuppressWarnings("unchecked") // JSON objects have strings for keys
  private static Map<String, Object> tryJson(String... words) {
    try {
      String out = node.ask(words).out();
      return out.startsWith("{") ? (Map<String, Object>) JsonReader.read(out) : Map.of();
    } catch (IOException e) {
      return Map.of();
    }
  }
}
