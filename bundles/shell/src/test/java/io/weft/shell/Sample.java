package io.weft.shell;

import io.weft.channel.ChannelInfo;
import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.channel.ForwardInfo;
import io.weft.channel.ServiceInfo;
import io.weft.dcs.Expect;
import io.weft.directory.Peer;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Listener;
import io.weft.node.PeerIdentity;
import io.weft.node.Setting;
import io.weft.path.Candidate;
import io.weft.testkit.FakeAccessRules;
import io.weft.testkit.FakeDirectory;
import io.weft.testkit.FakeFabric;
import io.weft.testkit.FakeForwards;
import io.weft.testkit.FakeHealth;
import io.weft.testkit.FakeLinks;
import io.weft.testkit.FakeLogLevels;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.FakeSettings;
import io.weft.testkit.dcs.MemoryDcs;
import io.weft.testkit.dcs.MemoryStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A node in the middle of its life: b is up, c is not; it offers pg and uses files of b. */
public final class Sample {

  public final SampleNode node = new SampleNode();
  public final FakeLinks links = new FakeLinks();
  public final FakeFabric fabric = new FakeFabric();
  public final FakeForwards forwards = new FakeForwards();
  public final FakeAccessRules access = new FakeAccessRules();
  public final FakeDirectory directory = new FakeDirectory();
  public final FakeHealth health = new FakeHealth();
  public final FakeSettings settings = new FakeSettings();
  public final FakeSecrets secrets = new FakeSecrets();
  public final FakeLogLevels logLevels = new FakeLogLevels();
  public final FakeComponents components = new FakeComponents();
  public final SampleBilling billing = new SampleBilling();
  public final Rig rig = new Rig();
  public final MemoryStore store = new MemoryStore(rig.time, rig.time);

  public Sample() {
    Instant start = node.startedAt;
    node.labels = Map.of("site", "home");
    links.links.add(FakeLinks.up("b", start.plusSeconds(10)));
    links.links.add(FakeLinks.down("c", start.plusSeconds(3600)));
    links.counters.put("redials", 7L);
    fabric.services.add(new ServiceInfo("files", ChannelKind.stream, false, null, List.of("b")));
    fabric.services.add(new ServiceInfo("pg", ChannelKind.stream, true, "tcp 127.0.0.1:5432", List.of()));
    fabric.channels.add(new ChannelInfo(2, "b", "files", ChannelKind.stream, "127.0.0.1:50312", true, 2048, 3_500_000, 0, 262_144,
        start.plusSeconds(60)));
    forwards.forwards.add(new ForwardInfo("files", "b", ChannelKind.stream, "127.0.0.1:18080", "127.0.0.1:18080", "", true, 1,
        12));
    forwards.forwards.add(new ForwardInfo("dns", "any", ChannelKind.datagram, "127.0.0.1:53", "", "address in use", false, 0, 0));
    forwards.counters.put("connections_opened", 12L);
    access.rules.add(new ExposedService("pg", ChannelKind.stream, "tcp 127.0.0.1:5432", Set.of("b", "c")));
    byte[] key = new byte[32];
    directory.say(new Peer(PeerIdentity.of("b", key), List.of(Candidate.udp("203.0.113.5", 7450)), Map.of("site", "lab"),
        List.of("static")));
    health.results.add(new HealthResult("process", HealthKind.liveness, HealthStatus.ok, "running"));
    health.results.add(new HealthResult("links", HealthKind.readiness, HealthStatus.ok, "1 of 2 up"));
    health.results.add(new HealthResult("identity", HealthKind.posture, HealthStatus.warn,
        "formation mode: one leaked secret is the whole fabric"));
    settings.all.add(new Setting("fabric", "demo", "weft.yaml:1", "after a restart"));
    settings.all.add(new Setting("identity.formation", "secret:file/formation", "weft.yaml:3", "after a restart"));
    settings.all.add(new Setting("transport.quic.listen", "0.0.0.0:7450", "default", "to new links"));
    settings.pendingRestart.add(new Setting("fabric", "prod", "weft.yaml:1", "after a restart"));
    secrets.put("secret:file/formation", "hunter2-hunter2-hunter2");
    rig.listenerSources.add(() -> List.of(new Listener("0.0.0.0:7450", "udp", "transport"), new Listener("127.0.0.1:18080",
        "tcp", "forward")));
    rig.listenerSources.add(() -> List.of(new Listener("/home/a/run/control.sock", "unix", "control")));
    rig.examinations.add(new SampleExamination("signaling", new HealthResult("signaling", HealthKind.readiness, HealthStatus.critical,
        "http://203.0.113.7:7000: refused; see that it runs, and that its port is open from here")));
    rig.examinations.add(new SampleExamination("files", new HealthResult("files", HealthKind.posture, HealthStatus.ok, "home is private")));
    MemoryDcs dcs = new MemoryDcs(store, Runnable::run);
    dcs.put("app/flag", new byte[] {'o', 'n'}, Expect.any(), null);
    rig.with(dcs, billing);
    rig.with(node, links, fabric, forwards, access, directory, health, settings, secrets, logLevels, components, new SampleRelays(),
        new SamplePlugins(), new FakeFeatures(), new SampleBrokers(), new FakeInstaller(),
        rig.processor);
  }
}
