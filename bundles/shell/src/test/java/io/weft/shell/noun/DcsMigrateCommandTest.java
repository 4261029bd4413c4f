package io.weft.shell.noun;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Expect;
import io.weft.dcs.Session;
import io.weft.shell.Rig;
import io.weft.shell.Sample;
import io.weft.support.JsonReader;
import io.weft.testkit.dcs.MemoryDcs;
import io.weft.testkit.dcs.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an operator sees of a move; what it does is in the tests of {@code Migration}. */
class DcsMigrateCommandTest {

  private final Sample sample = new Sample();
  private final Rig rig = sample.rig.with(new MemoryDcs("second", new MemoryStore(sample.rig.time, sample.rig.time), Runnable::run));

  @Test
  void dryThenDoneThenNothingToDo() {
    Rig.Result dry = rig.run("dcs migrate", "memory", "second", "--look", "1");
    assertThat(dry.out()).contains("memory holds 1 key", "would create 1 key: app/flag", "nothing was done");
    assertThat(rig.run("dcs list", "--backend", "second").out()).contains("there are no such keys");
    assertThat(rig.run("dcs migrate", "memory", "second", "--look", "1", "--yes").out())
        .contains("done; second holds what memory does", "set coordination.backend to second");
    Map<?, ?> json =
        (Map<?, ?>) JsonReader.read(rig.run("dcs migrate", "memory", "second", "--look", "1", "--yes", "--json").out());
    assertThat(json.get("same")).isEqualTo(1L);
    assertThat(json.get("obstacles")).isEqualTo(List.of());
  }

  @Test
  void whatIsInTheWayIsSaidAndStopsIt() {
    MemoryDcs source = (MemoryDcs) rig.stores().get(0);
    Session session = source.open("lease", Duration.ofMinutes(1)).toCompletableFuture().join();
    source.put("held", new byte[0], Expect.any(), session);
    assertThat(rig.run("dcs migrate", "memory", "second", "--look", "1").out())
        .contains("1 key more that go with sessions, which are never copied", "cannot be done now: memory is in use");
    assertThat(rig.run("dcs migrate", "memory", "second", "--look", "1", "--yes"))
        .extracting(Rig.Result::failure, Rig.Result::exit)
        .containsExactly("memory is in use: 1 of its keys go with sessions, such as held", 3);
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThat(rig.run("dcs migrate", "memory", "memory").exit()).isEqualTo(2);
    assertThat(rig.run("dcs migrate", "memory", "raft").failure()).isEqualTo("there is no store 'raft' here; there is memory, second");
    assertThat(rig.run("dcs migrate", "memory", "second", "--look", "0").exit()).isEqualTo(2);
  }
}
