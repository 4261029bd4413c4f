package io.weft.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.channel.ChannelKind;
import io.weft.testkit.Await;
import io.weft.testkit.Fuzz;
import io.weft.testkit.ManualTime;
import io.weft.transport.Io;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** UDP through two nodes with real sockets at both ends. */
abstract class UdpCases {

  private static final int FLOWS_MAX = 16;
  private static final int PATIENCE_MS = 5_000;

  private final ManualTime time = new ManualTime();
  private Nodes nodes;
  private DatagramSocket target;
  private InetSocketAddress local;

  abstract Io io();

  abstract boolean emptyReachesTargets();

  @BeforeEach
  void start() throws IOException {
    Limits limits = new Limits(100, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(60), FLOWS_MAX);
    nodes = new Nodes(new FakeNet(io()), limits, time, time, () -> {});
    target = socket();
    Nodes.expose(nodes.b, "dns", ChannelKind.datagram, (InetSocketAddress) target.getLocalSocketAddress(), "a");
    local = nodes.forward("dns", "b", ChannelKind.datagram);
  }

  @AfterEach
  void stop() {
    nodes.close();
    target.close();
    assertThat(time.pending()).as("timers left behind").isZero();
  }

  @Test
  void keepsBoundariesOfAllSizesBothWays() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    try (DatagramSocket app = socket()) {
      for (int size : new int[] {1, 0, 1, 1_200, 0, 0, 1_472, 9_000, 16_383, 16_384, 65_506, 65_507, 0, 512}) {
        if (size == 0 && !emptyReachesTargets()) {
          continue;
        }
        byte[] sent = new byte[size];
        random.nextBytes(sent);
        send(app, sent, local);
        DatagramPacket there = receive(target);
        assertThat(bytes(there)).isEqualTo(sent);
        send(target, sent, (InetSocketAddress) there.getSocketAddress());
        DatagramPacket back = receive(app);
        assertThat(bytes(back)).isEqualTo(sent);
        assertThat(back.getSocketAddress()).as("answers come from where the question went").isEqualTo(local);
      }
    }
  }

  @Test
  void eachAppKeepsItsOwnPortAtTheTarget() throws IOException {
    try (DatagramSocket one = socket(); DatagramSocket two = socket()) {
      Set<Integer> ports = new HashSet<>();
      for (int i = 0; i < 5; i++) {
        send(one, new byte[] {1}, local);
        int portOfOne = receive(target).getPort();
        send(two, new byte[] {2}, local);
        int portOfTwo = receive(target).getPort();
        ports.add(portOfOne);
        ports.add(portOfTwo);
        assertThat(portOfOne).isNotEqualTo(portOfTwo);
        send(target, new byte[] {3}, new InetSocketAddress(InetAddress.getLoopbackAddress(), portOfTwo));
        assertThat(bytes(receive(two))).containsExactly(3);
      }
      assertThat(ports).hasSize(2);
    }
  }

  @Test
  void withAVirtualAddressTheTargetSeesWhoSendsAndFromWhichPort() throws IOException {
    nodes.b.bindDirectory(new OnePeer("a", Map.of("vip", "7")));
    try (DatagramSocket app = socket()) {
      send(app, new byte[] {1}, local);
      DatagramPacket there = receive(target);
      assertThat(there.getAddress().getHostAddress()).isEqualTo("127.50.0.7");
      assertThat(there.getPort()).isEqualTo(app.getLocalPort());
      send(target, new byte[] {2}, (InetSocketAddress) there.getSocketAddress());
      assertThat(bytes(receive(app))).containsExactly(2);
    }
  }

  @Test
  void aTakenPortIsReplacedAtTheSameVirtualAddress() throws IOException {
    nodes.b.bindDirectory(new OnePeer("a", Map.of("vip", "8")));
    try (DatagramSocket app = socket();
        DatagramSocket taken = new DatagramSocket(new InetSocketAddress("127.50.0.8", app.getLocalPort()))) {
      send(app, new byte[] {1}, local);
      DatagramPacket there = receive(target);
      assertThat(there.getAddress().getHostAddress()).isEqualTo("127.50.0.8");
      assertThat(there.getPort()).isNotEqualTo(taken.getLocalPort());
    }
    assertThat(nodes.b.counters()).containsEntry("flows_source_port_changed", 1L);
  }

  @Test
  void idleFlowsEndOnBothSidesAndComeBack() throws IOException {
    try (DatagramSocket app = socket()) {
      send(app, new byte[] {1}, local);
      int before = receive(target).getPort();
      time.advance(Duration.ofSeconds(59));
      assertThat(nodes.active()).isEqualTo(1);
      send(app, new byte[] {1}, local);
      assertThat(receive(target).getPort()).isEqualTo(before);
      time.advance(Duration.ofSeconds(61));
      nodes.awaitQuiet();
      send(app, new byte[] {2}, local);
      assertThat(bytes(receive(target))).containsExactly(2);
      assertThat(nodes.active()).isEqualTo(1);
    }
  }

  @Test
  void theOldestFlowMakesRoom() throws IOException {
    DatagramSocket[] apps = new DatagramSocket[FLOWS_MAX + 4];
    for (int i = 0; i < apps.length; i++) {
      apps[i] = socket();
      send(apps[i], new byte[] {(byte) i}, local);
      assertThat(bytes(receive(target))).containsExactly(i);
      time.advance(Duration.ofMillis(1));
    }
    assertThat(nodes.active()).isEqualTo(FLOWS_MAX);
    assertThat(nodes.a.counters()).containsEntry("flows_evicted", 4L);
    for (DatagramSocket app : apps) {
      app.close();
    }
  }

  @Test
  void aTargetThatIsNotThereYetIsCountedAndFoundLater() throws IOException {
    int port = target.getLocalPort();
    target.close();
    try (DatagramSocket app = socket()) {
      send(app, new byte[] {1}, local);
      Await.until("the refusal", Nodes.SOON, () -> nodes.b.counters().containsKey("datagrams_failed_target_dead"));
      assertThat(nodes.active()).isEqualTo(1);
      target = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      target.setSoTimeout(PATIENCE_MS);
      send(app, new byte[] {2}, local);
      assertThat(bytes(receive(target))).containsExactly(2);
    }
  }

  @Test
  void aRefusedFlowIsCountedAndTriedAgainLater() throws IOException {
    nodes.net.down("b");
    try (DatagramSocket app = socket()) {
      send(app, new byte[] {1}, local);
      Await.until("the refusal", Nodes.SOON, () -> nodes.a.counters().containsKey("datagrams_dropped_refused"));
      nodes.net.up("b");
      send(app, new byte[] {2}, local);
      Await.until("another drop", Nodes.SOON, () -> nodes.a.counters().get("datagrams_dropped_refused") == 2);
      time.advance(Duration.ofSeconds(2));
      Await.until("the end of the refused flow", Nodes.SOON, () -> nodes.active() == 0);
      send(app, new byte[] {3}, local);
      assertThat(bytes(receive(target))).containsExactly(3);
    }
  }

  @Test
  void leavingEndsFlows() throws IOException {
    try (DatagramSocket app = socket()) {
      send(app, new byte[] {1}, local);
      receive(target);
      assertThat(nodes.a.leave(Duration.ofSeconds(5)).toCompletableFuture()).succeedsWithin(Nodes.SOON);
      nodes.awaitQuiet();
      target.setSoTimeout(50);
      send(app, new byte[] {2}, local);
      assertThatThrownBy(() -> receive(target)).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void manyDatagramsInABurstArriveWholeAndInOrder() throws IOException {
    target.setReceiveBufferSize(4 << 20);
    byte[] datagram = new byte[1_200];
    try (DatagramSocket app = socket()) {
      for (int i = 0; i < 5_000; i++) {
        datagram[0] = (byte) i;
        datagram[1] = (byte) (i >> 8);
        send(app, datagram, local);
        byte[] there = bytes(receive(target));
        assertThat(there.length).isEqualTo(1_200);
        assertThat((there[0] & 0xff) | (there[1] & 0xff) << 8).isEqualTo(i);
      }
    }
  }

  @Test
  void originsArePeersToWrite() {
    assertThat(UdpTarget.portOf("udp:127.0.0.1:53412")).isEqualTo(53_412);
    assertThat(UdpTarget.portOf("udp:[::1]:1")).isEqualTo(1);
    assertThat(UdpTarget.portOf("udp:127.0.0.1:65536")).isZero();
    assertThat(UdpTarget.portOf("")).isZero();
    new Fuzz(5, List.of("udp:127.0.0.1:53412".getBytes(StandardCharsets.US_ASCII)), 70).run(100_000, IllegalStateException.class, b -> {
      assertThat(UdpTarget.portOf(new String(b, StandardCharsets.ISO_8859_1))).isBetween(0, 65_535);
    });
  }

  private static DatagramSocket socket() throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  private static void send(DatagramSocket from, byte[] bytes, InetSocketAddress to) throws IOException {
    from.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private static DatagramPacket receive(DatagramSocket at) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    at.receive(packet);
    return packet;
  }

  private static byte[] bytes(DatagramPacket packet) {
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }
}
