package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.channel.ByteStream;
import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.testkit.Await;
import io.weft.testkit.FakeIo;
import io.weft.testkit.RealTime;
import io.weft.transport.memory.MemoryNetwork;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkedFabricTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final FakeIo io = new FakeIo(2);
  private final RealTime time = new RealTime();
  private final MeshNode.World world = new MeshNode.World(new MemoryNetwork(), time, time, Map.of());
  private final MeshNode a = node("a");
  private final MeshNode b = node("b");

  private MeshNode node(String name) {
    return new MeshNode(world, name, name.hashCode(), io, Executors.newSingleThreadExecutor(), new SplittableRandom(1));
  }

  private void linkUp() {
    a.knows("b");
    b.knows("a");
    Await.until("the link", SOON, () -> a.isUp("b") && b.isUp("a"));
  }

  @AfterEach
  void close() {
    a.close();
    b.close();
    io.close();
    time.close();
  }

  @Test
  void carriesAStreamToAService() throws Exception {
    linkUp();
    b.fabric.expose(new ExposedService("echo", ChannelKind.stream, "test", Set.of("a")), stream -> {
      try (stream) {
        stream.input().transferTo(stream.output());
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    });
    try (ByteStream stream = a.fabric.open("b", "echo", SOON).get(20, TimeUnit.SECONDS)) {
      stream.output().write("hello".getBytes(StandardCharsets.UTF_8));
      stream.output().close();
      assertThat(new String(stream.input().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello");
    }
    Await.until("channels gone", SOON, () -> a.fabric.channels().isEmpty() && b.fabric.channels().isEmpty());
  }
}
