package io.weft.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testkit.ManualTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Between whom a hole opens. The table is that of the lab, measured on real routers. */
class PunchTest {

  private static final List<String> KINDS = List.of("full", "restricted", "port-restricted", "remap", "symmetric", "sequential");

  private final ManualTime time = new ManualTime();
  private final VirtualNetwork network = new VirtualNetwork(time, 1);
  private final Punch punch = new Punch(time, network.host("server", "198.51.100.10"));

  private VirtualHost behind(String name, NatBehaviour kind, int number) {
    return network.nat("router of " + name, kind, "203.0.113." + number).host(name, "10." + number + ".0.2");
  }

  @ParameterizedTest
  @CsvSource({
    "full,            yes yes yes yes yes yes",
    "restricted,      yes yes yes yes yes yes",
    "port-restricted, yes yes yes yes no  no",
    "remap,           yes yes yes yes no  no",
    "symmetric,       yes yes no  no  no  no",
    "sequential,      yes yes no  no  no  no"
  })
  void opensWhereItDoesOnRealRouters(String kind, String row) {
    String[] wanted = row.split(" +");
    for (int i = 0; i < KINDS.size(); i++) {
      VirtualHost one = behind("a" + i, NatBehaviour.KINDS.get(kind), 100 + i);
      VirtualHost two = behind("b" + i, NatBehaviour.KINDS.get(KINDS.get(i)), 200 + i);
      assertThat(punch.opens(one, two)).as("%s to %s", kind, KINDS.get(i)).isEqualTo(wanted[i].equals("yes"));
    }
  }

  @ParameterizedTest
  @CsvSource({"full", "restricted", "port-restricted", "remap", "symmetric", "sequential"})
  void aPublicHostIsReachedFromBehindEachKind(String kind) {
    assertThat(punch.opens(behind("a", NatBehaviour.KINDS.get(kind), 1), network.host("pub", "198.51.100.20"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"full", "restricted", "port-restricted", "remap", "symmetric", "sequential"})
  void twoBehindOneNatMeetOutsideIfItTurnsBack(String kind) {
    VirtualNat with = network.nat("r1", NatBehaviour.KINDS.get(kind).withHairpin(), "203.0.113.1");
    assertThat(punch.opens(with.host("a", "10.1.0.2"), with.host("a2", "10.1.0.3"))).isTrue();
    VirtualNat without = network.nat("r2", NatBehaviour.KINDS.get(kind), "203.0.113.2");
    assertThat(punch.opens(without.host("b", "10.2.0.2"), without.host("b2", "10.2.0.3"))).isFalse();
    assertThat(without.filtered()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"symmetric, false", "port-restricted, true"})
  void aCarriersNatDecidesForTheHomeBehindIt(String carrier, boolean opens) {
    VirtualNat home = network.nat("cgn", NatBehaviour.KINDS.get(carrier), "203.0.113.3").nat("home", NatBehaviour.PORT_RESTRICTED, "100.64.0.2");
    assertThat(punch.opens(behind("a", NatBehaviour.PORT_RESTRICTED, 1), home.host("c", "192.168.1.2"))).isEqualTo(opens);
  }

  /** The other side's packet is at the router before the host inside has sent its own. */
  @Test
  void anOpenInputLosesTheHoleToWhoeverFiresFirst() {
    assertThat(punch.opens(behind("a", NatBehaviour.LINUX, 1), behind("b", NatBehaviour.LINUX, 2), 10)).isFalse();
    assertThat(punch.opens(behind("c", NatBehaviour.PORT_RESTRICTED, 3), behind("d", NatBehaviour.PORT_RESTRICTED, 4), 10)).isTrue();
    assertThat(punch.opens(behind("e", NatBehaviour.LINUX, 5), behind("f", NatBehaviour.LINUX, 6), 0)).isTrue();
  }
}
