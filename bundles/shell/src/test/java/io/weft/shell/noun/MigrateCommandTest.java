package io.weft.shell.noun;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.shell.Rig;
import io.weft.shell.Sample;
import io.weft.store.MigrationRefused;
import io.weft.store.Migrations;
import io.weft.store.SchemaInfo;
import io.weft.store.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an operator sees of the tables of plugins. */
class MigrateCommandTest {

  private final List<String> done = new ArrayList<>();
  private final Rig rig = new Sample().rig.with(new OneSchema());

  @Test
  void statusFailsWhileSomethingIsMissing() {
    Rig.Result status = rig.run("billing migrate", "status");
    assertThat(status.out()).contains("billing", "accounts", "one-per-hour", "1 of 2 migrations are applied");
    assertThat(status.exit()).isEqualTo(1);
    assertThat(rig.run("billing migrate", "status", "--json").out()).contains("\"state\": \"behind\"", "\"version\": 1",
        "\"by\": \"a\"");
  }

  @Test
  void nothingIsDoneWithoutYes() {
    assertThat(rig.run("billing migrate", "plan").out()).isEqualTo("apply 2 (one-per-hour)\n");
    assertThat(rig.run("billing migrate", "apply").out()).contains("apply 2 (one-per-hour)", "add --yes");
    assertThat(rig.run("billing migrate", "down", "0").out()).contains("take back 1 (accounts)", "add --yes");
    assertThat(done).isEmpty();
    assertThat(rig.run("billing migrate", "apply", "--yes").out()).isEqualTo("applied 2 (one-per-hour)\n");
    assertThat(rig.run("billing migrate", "down", "0", "--yes").failure()).isEqualTo("this would be lost: x");
    assertThat(rig.run("billing migrate", "down", "0", "--yes").exit()).isEqualTo(3);
    assertThat(done).containsExactly("apply billing", "down billing 0", "down billing 0");
  }

  @Test
  void whatMakesNoSenseIsSaidSo() {
    assertThat(rig.run("billing migrate", "up").failure()).contains("it is status, plan, apply or down");
    assertThat(rig.run("billing migrate", "down").failure()).contains("needs VERSION");
    assertThat(rig.run("billing migrate", "plan", "3").failure()).contains("takes VERSION after down only");
    assertThat(rig.run("billing migrate", "down", "x").failure()).contains("takes a number");
    assertThat(rig.run("billing migrate", "plan", "--schema", "other").failure()).contains("there is billing");
    assertThat(new Sample().rig.run("billing migrate", "status").failure()).contains("the store is not running");
  }

  /** A store with one schema that is behind. */
  private final class OneSchema implements Migrations {

    @Override
    public List<SchemaInfo> status() {
      return List.of(new SchemaInfo("billing", SchemaInfo.State.BEHIND, 1, 2, false, "1 of 2 migrations are applied", List.of(
          new Step(1, "accounts", true, true, Instant.parse("2026-01-01T01:00:00Z"), "a", false),
          new Step(2, "one-per-hour", false, true, null, "", false))));
    }

    @Override
    public List<String> plan(String schema) {
      return List.of("apply 2 (one-per-hour)");
    }

    @Override
    public List<String> apply(String schema) {
      done.add("apply " + schema);
      return List.of("applied 2 (one-per-hour)");
    }

    @Override
    public List<String> down(String schema, int version) throws MigrationRefused {
      done.add("down " + schema + " " + version);
      throw new MigrationRefused("this would be lost: x");
    }
  }
}
