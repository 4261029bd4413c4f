package io.weft.billing.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.DrillReport;
import io.weft.billing.Rig;
import io.weft.billing.WithPostgres;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithPostgres.class)
class ScratchDrillsTest {

  @Test
  void everyDrillIsGreenAndLeavesNothingBehind(Rig rig) throws Exception {
    ScratchDrills drills = new ScratchDrills(new Parts(rig, Map.of()).core, rig.time);
    assertThat(drills.titles()).containsOnlyKeys("d1", "d2", "d3", "d4", "d5");
    for (String name : drills.titles().keySet()) {
      DrillReport report = drills.run(name);
      assertThat(report.steps()).as(name).isNotEmpty();
      boolean plan = name.equals("d1"); // there is no plan here, and it says so
      assertThat(report.steps()).as(name).allMatch(s -> s.good() || plan && s.what().equals("there is a rating plan"));
    }
    assertThat(rig.query("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'weft\\_drill%'")).isEqualTo("0");
  }

  @Test
  void saysThatTheGuardIsGone(Rig rig) throws Exception {
    rig.execute("DROP INDEX entries_charge_once");
    DrillReport report = new ScratchDrills(new Parts(rig, Map.of()).core, rig.time).run("d2");
    assertThat(report.good()).isFalse();
    assertThat(report.steps().get(0).seen()).contains("entries_charge_once");
  }

  @Test
  void anUnknownOneIsRefused(Rig rig) {
    assertThatThrownBy(() -> new ScratchDrills(new Parts(rig, Map.of()).core, rig.time).run("d9"))
        .hasMessage("there is no drill 'd9'; there are d1, d2, d3, d4, d5");
  }
}
