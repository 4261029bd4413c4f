package io.weft.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testkit.ManualTime;
import io.weft.testkit.network.NatBehaviour.Dependence;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client sees behind each kind, by the tests of RFC 5780; the same verdicts as coturn's client gives behind the routers of the lab. */
class VirtualNatTest {

  private static final String FIRST = "198.51.100.10";
  private static final String SECOND = "198.51.100.11";

  private final ManualTime time = new ManualTime();
  private final VirtualNetwork network = new VirtualNetwork(time, 7);
  private final VirtualHost server = network.host("server", FIRST, SECOND);
  private final VirtualSocket main = server.bind(3478, (payload, from) -> answer(payload, from));
  private final VirtualSocket other = server.bind(3479, (payload, from) -> answer(payload, from));
  private final List<InetSocketAddress> heard = new ArrayList<>();
  private InetSocketAddress mapped;

  private void answer(byte[] payload, InetSocketAddress from) {
    mapped = from;
  }

  private InetSocketAddress seenFor(VirtualSocket socket, String address, int port) {
    mapped = null;
    socket.send(new byte[1], new InetSocketAddress(address, port));
    time.advance(Duration.ofMillis(5));
    assertThat(mapped).as("the server was reached").isNotNull();
    return mapped;
  }

  private boolean letsIn(VirtualSocket from, String source, InetSocketAddress to) {
    heard.clear();
    from.send(new byte[1], to, Segment.address(source));
    time.advance(Duration.ofMillis(5));
    return !heard.isEmpty();
  }

  private VirtualSocket behind(VirtualNat nat, String address) {
    return nat.host("host " + address, address).bind(5_000, (payload, from) -> heard.add(from));
  }

  private static VirtualNat nat(VirtualNetwork network, String kind) {
    return network.nat("r1", NatBehaviour.KINDS.get(kind), "203.0.113.1");
  }

  @ParameterizedTest
  @CsvSource({
    "full,            nothing,          nothing",
    "restricted,      nothing,          address",
    "port-restricted, nothing,          address_and_port",
    "remap,           nothing,          address_and_port",
    "symmetric,       address_and_port, address_and_port",
    "sequential,      address_and_port, address_and_port",
    "linux,           nothing,          address_and_port"
  })
  void mapsAndFiltersAsItsKindDoes(String kind, Dependence mapping, Dependence filtering) {
    VirtualSocket socket = behind(nat(network, kind), "10.1.0.2");
    InetSocketAddress first = seenFor(socket, FIRST, 3478);
    assertThat(seenFor(socket, FIRST, 3478)).as("the same end, the same mapping").isEqualTo(first);
    boolean byPort = !seenFor(socket, FIRST, 3479).equals(first);
    boolean byAddress = !seenFor(socket, SECOND, 3478).equals(first);
    Dependence seen = byPort ? Dependence.address_and_port : byAddress ? Dependence.address : Dependence.nothing;
    assertThat(seen).isEqualTo(mapping);
    assertThat(filtering(kind)).isEqualTo(filtering);
  }

  private Dependence filtering(String kind) {
    VirtualNat fresh = network.nat("r2", NatBehaviour.KINDS.get(kind), "203.0.113.2");
    InetSocketAddress outside = seenFor(behind(fresh, "10.2.0.2"), FIRST, 3478);
    assertThat(letsIn(main, FIRST, outside)).as("the answer comes in").isTrue();
    if (letsIn(main, SECOND, outside)) {
      return Dependence.nothing;
    }
    return letsIn(other, FIRST, outside) ? Dependence.address : Dependence.address_and_port;
  }

  @ParameterizedTest
  @CsvSource({"full, true", "port-restricted, true", "remap, false", "sequential, false"})
  void keepsThePortOrMovesIt(String kind, boolean kept) {
    int port = seenFor(behind(nat(network, kind), "10.1.0.2"), FIRST, 3478).getPort();
    assertThat(port == 5_000).isEqualTo(kept);
  }

  @Test
  void twoInsideWithOnePortGetTwoOutside() {
    VirtualNat nat = nat(network, "port-restricted");
    InetSocketAddress one = seenFor(behind(nat, "10.1.0.2"), FIRST, 3478);
    InetSocketAddress two = seenFor(behind(nat, "10.1.0.3"), FIRST, 3478);
    assertThat(one).isNotEqualTo(two);
    assertThat(nat.mappings()).isEqualTo(2);
  }

  @Test
  void sequentialPortsCanBePredicted() {
    VirtualSocket socket = behind(nat(network, "sequential"), "10.1.0.2");
    int first = seenFor(socket, FIRST, 3478).getPort();
    assertThat(seenFor(socket, SECOND, 3478).getPort()).isEqualTo(first + 1);
  }

  @Test
  void aMappingDiesOfSilenceAndLivesOnWithTraffic() {
    VirtualNat nat = nat(network, "symmetric");
    nat.life(Duration.ofSeconds(2));
    VirtualSocket socket = behind(nat, "10.1.0.2");
    InetSocketAddress before = seenFor(socket, FIRST, 3478);
    for (int i = 0; i < 5; i++) {
      time.advance(Duration.ofSeconds(1));
      assertThat(seenFor(socket, FIRST, 3478)).isEqualTo(before);
    }
    time.advance(Duration.ofSeconds(3));
    assertThat(letsIn(main, FIRST, before)).isFalse();
    assertThat(nat.mappings()).isZero();
    assertThat(seenFor(socket, FIRST, 3478)).isNotEqualTo(before);
  }

  @Test
  void aRebindingForgetsAndChangesThePort() {
    VirtualNat nat = nat(network, "port-restricted");
    VirtualSocket socket = behind(nat, "10.1.0.2");
    InetSocketAddress before = seenFor(socket, FIRST, 3478);
    nat.rebind();
    assertThat(letsIn(main, FIRST, before)).isFalse();
    InetSocketAddress after = seenFor(socket, FIRST, 3478);
    assertThat(after.getAddress()).isEqualTo(before.getAddress());
    assertThat(after.getPort()).isNotEqualTo(before.getPort());
    nat.rebind("203.0.113.77");
    assertThat(seenFor(socket, FIRST, 3478).getAddress().getHostAddress()).isEqualTo("203.0.113.77");
  }

  @Test
  void aHostThatRoamsKeepsItsSocket() {
    VirtualNat home = nat(network, "full");
    VirtualHost host = home.host("a", "10.1.0.2");
    VirtualSocket socket = host.bind(5_000, (payload, from) -> heard.add(from));
    seenFor(socket, FIRST, 3478);
    host.moveTo(network.nat("r2", NatBehaviour.FULL, "203.0.113.2"), "10.2.0.9");
    assertThat(seenFor(socket, FIRST, 3478).getAddress().getHostAddress()).isEqualTo("203.0.113.2");
    host.moveTo(network, "198.51.100.99");
    assertThat(seenFor(socket, FIRST, 3478)).isEqualTo(new InetSocketAddress("198.51.100.99", 5_000));
  }

  @Test
  void privateAddressesLeadNowhere() {
    VirtualSocket socket = behind(nat(network, "full"), "10.1.0.2");
    socket.send(new byte[1], new InetSocketAddress("192.168.7.7", 1));
    time.advance(Duration.ofSeconds(1));
    assertThat(network.undelivered()).isEqualTo(1);
  }

  /** As real routers do: what may go no further leaves a mapping only where it came through. */
  @Test
  void aPacketThatMayGoTwoHopsOpensTheNatAndDies() {
    VirtualNat nat = nat(network, "port-restricted");
    VirtualSocket inside = behind(nat, "10.1.0.2");
    mapped = null;
    inside.send(new byte[1], main.address(), 1);
    time.advance(Duration.ofMillis(5));
    assertThat(nat.mappings()).isZero();
    inside.send(new byte[1], main.address(), 2);
    time.advance(Duration.ofMillis(5));
    assertThat(nat.mappings()).isEqualTo(1);
    assertThat(mapped).as("the server got nothing").isNull();
    assertThat(network.expired()).isEqualTo(2);
    assertThat(letsIn(main, FIRST, new InetSocketAddress(nat.address(), 5_000))).isTrue();
    inside.send(new byte[1], main.address(), 3);
    time.advance(Duration.ofMillis(5));
    assertThat(mapped).isEqualTo(new InetSocketAddress(nat.address(), 5_000));
  }
}
