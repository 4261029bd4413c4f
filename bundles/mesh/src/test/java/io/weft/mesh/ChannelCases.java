package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.weft.channel.ChannelKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two nodes with a link, and what tests of channels do with them. */
abstract class ChannelCases {

  static final ChannelKind STREAM = ChannelKind.stream;

  final Sim sim = new Sim(3, Map.of("channels_max", 210), "a", "b");
  MeshNode a;
  MeshNode b;

  @BeforeEach
  void linkUp() {
    a = sim.start("a");
    b = sim.start("b");
    sim.run(Duration.ofSeconds(5));
    assertThat(sim.isWhole()).isTrue();
  }

  @AfterEach
  void close() {
    sim.close();
    assertThat(a.fabric.channels()).isEmpty();
  }

  Recorder open(String service, ChannelKind kind) {
    Recorder recorder = new Recorder();
    assertThat(Recorder.outcome(sim, recorder.open(a, "b", service, kind))).isEqualTo("open");
    return recorder;
  }

  String attempt(String peer, String service, ChannelKind kind) {
    return Recorder.outcome(sim, new Recorder().open(a, peer, service, kind));
  }

  List<Recorder> neverAnswering(String service) {
    List<Recorder> offered = new ArrayList<>();
    Recorder.serve(b, service, STREAM, Set.of("a"), channel -> {
      Recorder recorder = new Recorder();
      recorder.channel = channel;
      offered.add(recorder);
      return recorder;
    });
    return offered;
  }

  /** Writes as long as it may; returns how much that was. */
  long pump(Recorder near, long size) {
    long sent = 0;
    while (sent < size) {
      while (sent < size && near.channel.isWritable()) {
        near.channel.write(Unpooled.wrappedBuffer(new byte[65_536]));
        sent += 65_536;
      }
      near.channel.flush();
      sim.settle();
    }
    return sent;
  }
}
