package io.weft.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.weft.testkit.ManualTime;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class WayTest {

  private static final int MANY = 20_000;

  private final ManualTime time = new ManualTime();
  private final List<Integer> order = new ArrayList<>();
  private final List<Long> arrivals = new ArrayList<>();
  private VirtualNetwork network;
  private VirtualHost a;
  private VirtualSocket socket;
  private InetSocketAddress target;

  private void network(long seed) {
    network = new VirtualNetwork(time, seed);
    a = network.host("a", "198.51.100.1");
    socket = a.bind(0, (payload, from) -> { });
    target = network.host("b", "198.51.100.2").bind(1_000, (payload, from) -> {
      order.add(ByteBuffer.wrap(payload).getInt());
      arrivals.add(time.nanos());
    }).address();
  }

  private List<Integer> send(int count) {
    order.clear();
    for (int i = 0; i < count; i++) {
      socket.send(ByteBuffer.allocate(4).putInt(i).array(), target);
      time.advance(Duration.ofMillis(1));
    }
    time.advance(Duration.ofSeconds(5));
    return List.copyOf(order);
  }

  @Test
  void packetsTakeTheirTime() {
    network(1);
    a.up().delay(Duration.ofMillis(20));
    long sent = time.nanos();
    send(1);
    assertThat(Duration.ofNanos(arrivals.get(0) - sent)).isEqualTo(Duration.ofNanos(20_250_000));
  }

  @Test
  void losesTheShareThatWasAsked() {
    network(2);
    a.up().loss(0.78);
    assertThat(send(MANY).size()).isCloseTo(MANY * 22 / 100, within(MANY / 50));
    assertThat(a.up().dropped() + a.up().passed()).isEqualTo(MANY);
  }

  @Test
  void losesInRuns() {
    network(3);
    a.up().loss(0.1, 5);
    List<Integer> got = send(MANY);
    int runs = 0;
    for (int i = 1; i < got.size(); i++) {
      runs += got.get(i) - got.get(i - 1) > 1 ? 1 : 0;
    }
    assertThat(MANY - got.size()).isCloseTo(MANY / 10, Percentage.withPercentage(20));
    assertThat((double) (MANY - got.size()) / runs).as("mean run").isBetween(4.0, 6.0);
  }

  @Test
  void jitterLetsPacketsOvertake() {
    network(4);
    a.up().jitter(Duration.ofMillis(10));
    List<Integer> got = send(100);
    assertThat(got).hasSize(100).isNotEqualTo(got.stream().sorted().toList());
  }

  @Test
  void someArriveTwice() {
    network(5);
    a.up().duplicates(0.5);
    assertThat(send(1_000).size()).isBetween(1_400, 1_600);
  }

  @Test
  void cutsOneWayOrOnePeer() {
    network(6);
    a.up().cut(true);
    assertThat(send(10)).isEmpty();
    a.up().restore();
    assertThat(send(10)).hasSize(10);
    a.up().cut("198.51.100.2");
    assertThat(send(10)).isEmpty();
    assertThat(a.up().dropped()).isEqualTo(20);
  }

  @Test
  void theSameSeedLosesTheSamePackets() {
    List<List<Integer>> runs = new ArrayList<>();
    for (long seed : new long[] {7, 7, 8}) {
      network(seed);
      a.up().loss(0.5).jitter(Duration.ofMillis(3));
      runs.add(send(200));
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1)).isNotEqualTo(runs.get(2));
  }

  @Test
  void saysWhatIsWrongWithAnAddress() {
    network(9);
    assertThatThrownBy(() -> network.host("c", "example.invalid")).hasMessageContaining("is not an IP address");
    assertThatThrownBy(() -> network.host("c", "198.51.100.1")).hasMessage("198.51.100.1 is the address of a already");
    assertThatThrownBy(() -> network.host("c")).hasMessage("c needs an address");
    assertThatThrownBy(() -> a.bind(socket.port(), (payload, from) -> { })).hasMessageContaining("is in use");
  }
}
