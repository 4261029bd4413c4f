package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Machine;
import io.weft.itests.net.Ports;
import io.weft.itests.postgres.Postgres;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A client that nobody here wrote, and that gives up on anything that is not quite TCP: PostgreSQL copies and follows another through the fabric. */
class PostgresIT {

  @Test
  void aReplicaIsMadeAndFollowsThroughTheFabric() {
    Machine.needsRoot(); // the servers run as the user postgres
    Machine.check(Postgres.isInstalled(), "PostgreSQL is not installed");
    int primaryPort = Ports.freeTcp();
    int forwardPort = Ports.freeTcp();
    try (ProcessFabric fabric = ProcessFabric.of(node -> configure(node, primaryPort, forwardPort), "a", "b").start();
        Postgres primary = Postgres.create(primaryPort)) {
      primary.execute("create table t (id int primary key, payload text)");
      primary.execute("insert into t select i, repeat(md5(i::text), 20) from generate_series(1, 50000) i");
      try (Postgres replica = Postgres.replicaOf(forwardPort, Ports.freeTcp())) {
        assertThat(replica.query("select pg_is_in_recovery()")).isEqualTo("t");
        assertThat(replica.query("select count(*), md5(string_agg(payload, '' order by id)) from t"))
            .isEqualTo(primary.query("select count(*), md5(string_agg(payload, '' order by id)) from t"));

        primary.execute("insert into t values (0, 'streamed')");
        awaitStreamed(replica, 0);

        long links = fabric.node("a").linksUp("b");
        fabric.node("b").kill();
        primary.execute("insert into t values (-1, 'while the fabric was down')");
        fabric.node("b").start().awaitReady();
        Await.until("a new link", Duration.ofSeconds(60), () -> fabric.node("a").linksUp("b") > links);
        fabric.awaitLinks();
        awaitStreamed(replica, -1);
        assertThat(primary.query("select count(*) from pg_stat_replication where state = 'streaming'")).isEqualTo("1");
      }
    }
  }

  private static void configure(NodeConfig node, int primaryPort, int forwardPort) {
    if (node.name().equals("b")) {
      node.expose("pg", "tcp", "127.0.0.1:" + primaryPort, "a");
    } else {
      node.forward("pg", "b", "tcp", "127.0.0.1:" + forwardPort);
    }
  }

  private static void awaitStreamed(Postgres replica, int id) {
    Await.until("row " + id + " at the replica", Duration.ofSeconds(60),
        () -> replica.query("select count(*) from t where id = " + id).equals("1"));
  }
}
