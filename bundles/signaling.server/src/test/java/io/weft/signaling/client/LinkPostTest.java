package io.weft.signaling.client;

import static io.weft.signaling.SignalType.auth;
import static io.weft.signaling.SignalType.candidate;
import static io.weft.signaling.client.Station.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.channel.ServiceInfo;
import io.weft.directory.Peer;
import io.weft.link.LinkState;
import io.weft.mesh.LinkedFabric;
import io.weft.mesh.MeshLimits;
import io.weft.node.Reason;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.signaling.server.Broker;
import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIo;
import io.weft.testkit.FakeNode;
import io.weft.testkit.RealTime;
import io.weft.transport.memory.MemoryNetwork;
import io.weft.transport.memory.MemoryTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Signals between peers that have a link, over the real mesh. */
class LinkPostTest {

  private final RealTime time = new RealTime();
  private final MemoryNetwork network = new MemoryNetwork();
  private final Broker broker = new Broker(time, time);
  private final Linked a = new Linked("a", broker.url());
  private final Linked b = new Linked("b", broker.url());

  @AfterEach
  void close() {
    a.close();
    b.close();
    broker.close();
    time.close();
  }

  private final class Linked implements AutoCloseable {
    final Station station;
    final FakeIo io = new FakeIo(1);
    final MemoryTransport transport;
    final LinkedFabric mesh;

    Linked(String name, String... brokers) {
      station = new Station(name, time, time, brokers);
      transport = new MemoryTransport(network, io, station.identity, time, time, 1_200, 1 << 20);
      mesh = new LinkedFabric(FakeConfig.of(MeshLimits.class, Map.of()), new FakeNode(station.identity, "demo", 1), station.identity,
          time, time);
      mesh.addPathSource(transport, Map.of());
      mesh.addTransport(transport, Map.of());
      mesh.addDirectory(station.directory);
      station.signaling.links = mesh;
      station.signaling.setChannels(mesh);
    }

    void knows(String peer) {
      Candidate candidate = new Candidate(Candidate.MEMORY, CandidateKind.host, peer, 0, Candidate.DEFAULT_PRIORITY);
      station.directory.say(new Peer(Station.peer(peer), List.of(candidate), Map.of(), List.of("test")));
    }

    boolean isUp(String peer) {
      return mesh.link(peer).map(l -> l.state() == LinkState.up).orElse(false);
    }

    boolean offers() {
      return mesh.services().stream().anyMatch(service -> service.name().equals(LinkPost.SERVICE) && service.exposed());
    }

    @Override
    public void close() {
      station.close();
      mesh.close();
      transport.close();
      io.close();
    }
  }

  private void link() {
    a.knows("b");
    b.knows("a");
    Await.until("the link", SOON, () -> a.isUp("b") && b.isUp("a"));
  }

  @Test
  void peersWithALinkNeedNoBroker() throws Exception {
    link();
    b.station.listens();
    broker.close();
    assertThat(Station.outcome(a.station.send("b", auth, 1, "x"))).isEqualTo("link");
    for (int i = 0; i < 20; i++) {
      a.station.send("b", candidate, 1, "c" + i);
    }
    b.station.awaitGot(21);
    assertThat(b.station.got).startsWith("a auth1 x via link", "a candidate1 c0 via link").last().isEqualTo("a candidate1 c19 via link");
    Await.until("no channel to be left", SOON, () -> a.mesh.channels().isEmpty() && b.mesh.channels().isEmpty());
  }

  @Test
  void peersTellEachOtherTheTime() throws Exception {
    link();
    assertThat(a.station.signaling.peerClocks().get("b")).failsWithin(SOON);
    b.station.listens();
    assertThat(a.station.signaling.peerClocks().get("b").get(10, TimeUnit.SECONDS)).isBetween(Duration.ofSeconds(-2), Duration.ofSeconds(2));
  }

  @Test
  void withoutALinkABrokerTakesOver() throws Exception {
    link();
    b.station.listens();
    assertThat(Station.outcome(a.station.send("b", auth, 1, "x"))).isEqualTo("link");
    b.mesh.close("a", Reason.of("test"), true);
    a.mesh.close("b", Reason.of("test"), true);
    Await.until("the link to go", SOON, () -> !a.isUp("b"));
    assertThat(Station.outcome(a.station.send("b", auth, 2, "y"))).isEqualTo(broker.url());
    b.station.awaitGot(2);
    assertThat(b.station.got).containsExactly("a auth1 x via link", "a auth2 y via broker");
  }

  @Test
  void aPeerThatDoesNotListenOverTheLinkGetsItThroughTheBroker() throws Exception {
    link();
    assertThat(b.offers()).isFalse();
    assertThat(Station.outcome(a.station.send("b", auth, 1, "x"))).isEqualTo(broker.url());
    b.station.listens();
    assertThat(b.offers()).isTrue();
    b.station.awaitGot(1);
    assertThat(b.mesh.services().stream().map(ServiceInfo::name)).contains(LinkPost.SERVICE);
  }
}
