package io.weft.discovery.basic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.discovery.DiscoverySource;
import io.weft.testkit.Await;
import io.weft.testkit.DiscoverySourceContract;
import io.weft.testkit.Fuzz;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DnsPeerTest extends DiscoverySourceContract {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final LookupThreads threads = new LookupThreads();
  private final SmallDnsServer server;

  DnsPeerTest() throws Exception {
    server = new SmallDnsServer();
    server.host("b.example.org", "192.0.2.9", "192.0.2.7", "2001:db8::7");
  }

  @Override
  protected DiscoverySource open() {
    return peer(Map.of("host", "b.example.org", "port", 7000));
  }

  @Override
  protected void close(DiscoverySource source) {
    ((DnsPeer) source).close();
  }

  @AfterEach
  void stop() {
    threads.close();
    server.close();
  }

  @Test
  void findsAddressesInAStableOrder() {
    Seen seen = watched(peer(Map.of("host", "b.example.org", "port", 7000, "vip", 3)));
    awaitAddresses(seen, "udp:192.0.2.7:7000/host", "udp:192.0.2.9:7000/host", "udp:[2001:db8::7]:7000/host");
    assertThat(seen.last().peer()).isEqualTo("b");
    assertThat(seen.last().labels()).isEqualTo(Map.of("vip", "3"));
    assertThat(seen.all.get(0).candidates()).as("the peer exists before its addresses are known").isEmpty();
  }

  @Test
  void findsServices() {
    server
        .srv("_weft._udp.b.example.org", 20, 0, 7001, "far.example.org")
        .srv("_weft._udp.b.example.org", 10, 5, 7002, "near.example.org.")
        .srv("_weft._udp.b.example.org", 10, 9, 7003, "heavy.example.org")
        .srv("_weft._udp.b.example.org", 5, 9, 7004, "missing.example.org")
        .host("far.example.org", "192.0.2.1")
        .host("near.example.org", "192.0.2.2")
        .host("heavy.example.org", "192.0.2.3");
    Seen seen = watched(peer(Map.of("srv", "_weft._udp.b.example.org")));
    awaitAddresses(seen, "udp:192.0.2.3:7003/host", "udp:192.0.2.2:7002/host", "udp:192.0.2.1:7001/host");
    assertThat(seen.last().candidates().get(0).priority()).isGreaterThan(seen.last().candidates().get(2).priority());
  }

  @Test
  void followsChangesAndRepeatsNothing() {
    Seen seen = watched(open());
    Await.until("the first answer", SOON, () -> seen.addresses().size() == 3);
    server.host("b.example.org", "192.0.2.8");

    time.advance(Duration.ofSeconds(25));
    assertThat(seen.addresses()).hasSize(3);
    time.advance(Duration.ofSeconds(10));
    awaitAddresses(seen, "udp:192.0.2.8:7000/host");

    int asked = server.asked.get();
    advanceUntilAsked(asked + 4);
    assertThat(seen.all).hasSize(3);
  }

  @Test
  void keepsTheLastAnswerWhenNoneComes() {
    DnsPeer peer = (DnsPeer) open();
    Seen seen = watched(peer);
    Await.until("the first answer", SOON, () -> seen.addresses().size() == 3);

    server.forget();
    time.advance(Duration.ofSeconds(35));
    Await.until("a warning", SOON, () -> !peer.check().isEmpty());
    assertThat(peer.check().get(0).message()).contains("b.example.org", "kept");
    assertThat(seen.addresses()).hasSize(3);

    server.host("b.example.org", "192.0.2.8");
    Await.until("an answer again", SOON, () -> {
      time.advance(Duration.ofSeconds(1));
      return peer.check().isEmpty();
    });
    awaitAddresses(seen, "udp:192.0.2.8:7000/host");
  }

  @Test
  void aSilentServerIsAskedAgainAndNeverWaitedForByTheWatcher() {
    server.silent = true;
    DnsPeer peer = (DnsPeer) peer(Map.of("host", "b.example.org", "timeout.ms", 100));
    Seen seen = watched(peer);
    Await.until("a warning", SOON, () -> !peer.check().isEmpty());
    assertThat(seen.last().candidates()).isEmpty();
    server.silent = false;
    Await.until("addresses", SOON, () -> {
      time.advance(Duration.ofSeconds(1));
      return seen.addresses().size() == 3;
    });
  }

  @Test
  void asksTheSystemWhenNoServerIsGiven() {
    Seen seen = watched(peer(Map.of("host", "localhost", "server", "")));
    Await.until("an address", SOON, () -> seen.addresses().contains("udp:127.0.0.1:7450/host"));
  }

  @Test
  void whatCannotWorkIsSaidAtOnce() {
    List<Map<String, Object>> bad = List.of(
        Map.of(), Map.of("host", "x", "srv", "y"), Map.of("host", "a b"), Map.of("srv", "dns://x/"), Map.of("host", "x", "port", 0),
        Map.of("host", "x", "server", "ns.example.org:53"), Map.of("host", "x", "server", "1.2.3.4"), Map.of("host", "x", "peer", "B"));
    for (Map<String, Object> values : bad) {
      DnsPeer peer = (DnsPeer) peer(values);
      watched(peer);
      assertThat(peer.check()).as(values.toString()).hasSize(1).allSatisfy(r -> assertThat(r.message()).isNotBlank().doesNotContain("\n"));
    }
    assertThat(server.asked).hasValue(0);
  }

  @Test
  void recordsAreReadWithCare() {
    new Fuzz(1, List.of("10 5 7002 near.example.org.".getBytes(StandardCharsets.US_ASCII)), 600).run(100_000, IllegalStateException.class, b -> {
      SrvLookup.Srv srv = SrvLookup.Srv.read(new String(b, StandardCharsets.ISO_8859_1));
      if (srv != null) {
        assertThat(srv.port()).isBetween(1, 65_535);
        assertThat(NameServer.isName(srv.target())).isTrue();
      }
    });
    assertThat(SrvLookup.Srv.read("0 0 7450 .")).as("no such service").isNull();
    assertThat(SrvLookup.Srv.read("0 0 7450 b.example.org.")).isEqualTo(new SrvLookup.Srv(0, 0, 7450, "b.example.org"));
  }

  private void advanceUntilAsked(int times) {
    Await.until("questions", SOON, () -> {
      time.advance(Duration.ofSeconds(1));
      return server.asked.get() >= times;
    });
  }

  private Seen watched(DiscoverySource source) {
    Seen seen = new Seen();
    opened(source).watch(seen);
    return seen;
  }

  private static void awaitAddresses(Seen seen, String... addresses) {
    Await.until(List.of(addresses).toString(), SOON, () -> seen.addresses().equals(List.of(addresses)));
  }

  private DiscoverySource peer(Map<String, Object> values) {
    return new DnsPeer(new Config(server.address(), values), time, threads);
  }

  /** What Declarative Services would make of an entry. */
  private record Config(String ours, Map<String, Object> values) implements DnsConfig {
    @SuppressWarnings("unchecked")
    private <T> T get(String key, T otherwise) {
      return (T) values.getOrDefault(key, otherwise);
    }

    @Override
    public String peer() {
      return get("peer", "b");
    }

    @Override
    public String host() {
      return get("host", "");
    }

    @Override
    public int port() {
      return get("port", 7450);
    }

    @Override
    public String srv() {
      return get("srv", "");
    }

    @Override
    public String server() {
      return get("server", ours);
    }

    @Override
    public long interval_ms() {
      return 30_000;
    }

    @Override
    public int timeout_ms() {
      return get("timeout.ms", 2_000);
    }

    @Override
    public int vip() {
      return get("vip", 0);
    }

    @Override
    public String[] labels() {
      return new String[0];
    }

    @Override
    public Class<? extends Annotation> annotationType() {
      return DnsConfig.class;
    }
  }
}
