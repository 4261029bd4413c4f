package io.weft.shell.noun;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.shell.Rig;
import io.weft.shell.Sample;
import io.weft.store.Failover;
import io.weft.store.FailoverReport;
import io.weft.store.FailoverReport.Line;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an operator sees of a failover. */
class FailoverCommandTest {

  private final List<String> done = new ArrayList<>();
  private final Rig rig = new Sample().rig.with(new OneReplica());

  @Test
  void nothingIsDoneWithoutYes() {
    assertThat(rig.run("store failover", "db2:5432").out()).contains("db2:5432 follows db1:5432", "add --yes");
    assertThat(done).isEmpty();
    assertThat(rig.run("store failover", "db2:5432", "--yes").out()).contains("flip", "db2:5432 is the primary",
        "kept in data/failover/x.txt");
    assertThat(done).containsExactly("db2:5432");
  }

  @Test
  void whatIsRefusedFailsWithTheReason() {
    Rig.Result refused = rig.run("store failover", "db3:5432", "--yes", "--json");
    assertThat(refused.failure()).isEqualTo("db1:5432 does not answer");
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.out()).contains("\"flipped\": false", "\"step\": \"undo\"");
  }

  /** A database with one good replica. */
  private final class OneReplica implements Failover {

    @Override
    public FailoverReport plan(String replica) {
      return new FailoverReport(List.of(new Line("look", true, replica + " follows db1:5432")), true, "");
    }

    @Override
    public FailoverReport run(String replica) {
      done.add(replica);
      return replica.equals("db2:5432")
          ? new FailoverReport(List.of(new Line("flip", true, replica + " is the primary")), true, "data/failover/x.txt")
          : new FailoverReport(List.of(new Line("prove", false, "db1:5432 does not answer"), new Line("undo", true, "as before")),
          false, "x");
    }
  }
}
