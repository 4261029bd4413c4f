package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.channel.ByteStream;
import io.weft.channel.ChannelFailed;
import io.weft.channel.ChannelKind;
import io.weft.channel.ChannelOutcome;
import io.weft.channel.ExposedService;
import io.weft.node.Reason;
import io.weft.testkit.Await;
import io.weft.testkit.FakeIo;
import io.weft.testkit.RealTime;
import io.weft.transport.RawChannel;
import io.weft.transport.memory.MemoryNetwork;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkedFabricTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final FakeIo io = new FakeIo(2);
  private final RealTime time = new RealTime();
  private final MeshNode.World world = new MeshNode.World(new MemoryNetwork(), time, time, Map.of("handler_threads_max", 3));
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

  private static final Consumer<ByteStream> ECHO = stream -> {
    try (stream) {
      stream.input().transferTo(stream.output());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  };

  private ByteStream open(String service) throws Exception {
    return a.fabric.open("b", service, SOON).get(20, TimeUnit.SECONDS);
  }

  private void expose(String service, Consumer<ByteStream> handler) {
    b.fabric.expose(new ExposedService(service, ChannelKind.stream, "test", Set.of("a")), handler);
  }

  private void assertAllGone() {
    Await.until("channels gone", SOON, () -> a.fabric.channels().isEmpty() && b.fabric.channels().isEmpty());
  }

  @Test
  void carriesAStreamToAService() throws Exception {
    linkUp();
    expose("echo", ECHO);
    try (ByteStream stream = open("echo")) {
      assertThat(stream.peer()).isEqualTo("b");
      assertThat(stream.service()).isEqualTo("echo");
      assertThat(stream.origin()).isEqualTo("node:a");
      stream.output().write("hello".getBytes(StandardCharsets.UTF_8));
      stream.output().write('!');
      stream.output().close();
      assertThat(new String(stream.input().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello!");
      assertThat(stream.input().read()).isEqualTo(-1);
    }
    assertAllGone();
  }

  @Test
  void carriesMoreThanAnyWindowBothWaysAtOnce() throws Exception {
    linkUp();
    expose("echo", ECHO);
    byte[] sent = new byte[8 << 20];
    new SplittableRandom(1).nextBytes(sent);
    try (ByteStream stream = open("echo")) {
      CompletableFuture<Void> writing =
          stream.write(ByteBuffer.wrap(sent)).thenCompose(nothing -> stream.finish()).toCompletableFuture();
      assertThat(stream.input().readAllBytes()).isEqualTo(sent);
      writing.get(20, TimeUnit.SECONDS);
    }
    assertAllGone();
  }

  @Test
  void holdsAWriterBackUntilTheReaderReads() throws Exception {
    linkUp();
    CompletableFuture<ByteStream> taken = new CompletableFuture<>();
    expose("slow", taken::complete);
    try (ByteStream stream = open("slow"); ByteStream far = taken.get(20, TimeUnit.SECONDS)) {
      CompletableFuture<Void> writing = stream.write(ByteBuffer.wrap(new byte[4 << 20])).toCompletableFuture();
      Await.until("a full window", SOON, () -> b.fabric.channels().get(0).waiting() == ReceiveWindow.INITIAL);
      assertThat(writing).isNotDone();
      far.input().readNBytes(4 << 20);
      writing.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void cutsBothSidesAtATimeout() throws Exception {
    linkUp();
    CompletableFuture<ByteStream> taken = new CompletableFuture<>();
    expose("silent", taken::complete);
    ByteStream stream = open("silent");
    CompletableFuture<Integer> reading = stream.read(ByteBuffer.allocate(1)).toCompletableFuture();
    stream.timeout(Duration.ofMillis(50)); // Applies to what waits already.
    assertThatThrownBy(() -> reading.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("read timed out after 50 ms");
    assertThatThrownBy(() -> stream.output().write(1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> taken.join().input().read()).isInstanceOf(IOException.class).hasMessageContaining("timeout");
    assertAllGone();
  }

  @Test
  void cutsBothSidesWhenAReaderIsInterrupted() throws Exception {
    linkUp();
    CompletableFuture<ByteStream> taken = new CompletableFuture<>();
    expose("silent", taken::complete);
    ByteStream stream = open("silent");
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread reader = new Thread(() -> {
      try {
        stream.input().read();
      } catch (IOException e) {
        thrown.complete(e);
      }
    });
    reader.start();
    Await.until("the reader to wait", SOON, () -> reader.getState() == Thread.State.WAITING);
    reader.interrupt();
    assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
    assertThatThrownBy(() -> taken.join().input().read()).isInstanceOf(IOException.class).hasMessageContaining("aborted");
    assertAllGone();
  }

  @Test
  void letsNoTwoReadsOrWritesWait() throws Exception {
    linkUp();
    expose("silent", stream -> {});
    ByteStream stream = open("silent");
    stream.read(ByteBuffer.allocate(1));
    assertThatThrownBy(() -> stream.read(ByteBuffer.allocate(1)).toCompletableFuture().get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> stream.read(ByteBuffer.allocate(0)).toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    stream.abort("enough");
    stream.abort("enough");
    stream.close();
    assertAllGone();
  }

  @Test
  void abortsOnlyTheStreamWhoseHandlerThrows() throws Exception {
    linkUp();
    expose("bad", stream -> {
      throw new IllegalStateException("thrown on purpose");
    });
    expose("echo", ECHO);
    ByteStream good = open("echo");
    ByteStream bad = open("bad");
    assertThatThrownBy(() -> bad.input().read()).isInstanceOf(IOException.class);
    good.output().write(7);
    assertThat(good.input().read()).isEqualTo(7);
    good.close();
    assertAllGone();
  }

  @Test
  void refusesStreamsForWhichThereIsNoThread() throws Exception {
    linkUp();
    CountDownLatch release = new CountDownLatch(1);
    expose("busy", stream -> {
      try (stream) {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    List<ByteStream> open = List.of(open("busy"), open("busy"), open("busy"));
    assertThatThrownBy(() -> open("busy")).cause().isInstanceOfSatisfying(ChannelFailed.class, e -> {
      assertThat(e.outcome()).isEqualTo(ChannelOutcome.limit);
      assertThat(e).hasMessage("limit: all 3 handler threads are busy");
    });
    release.countDown();
    open.forEach(ByteStream::close);
    assertAllGone();
  }

  @Test
  void cancelsAnOpening() throws Exception {
    linkUp();
    CompletableFuture<RawChannel> offered = new CompletableFuture<>();
    CompletableFuture<Reason> closed = new CompletableFuture<>();
    b.fabric.serve(new ExposedService("slow", ChannelKind.stream, "test", Set.of("a")), channel -> {
      offered.complete(channel);
      return new Recorder() {
        @Override
        public void closed(RawChannel from, @Nullable Reason why) {
          closed.complete(why);
        }
      };
    });
    CompletableFuture<ByteStream> opening = a.fabric.open("b", "slow", SOON);
    offered.get(20, TimeUnit.SECONDS);
    opening.cancel(true);
    assertThat(closed.get(20, TimeUnit.SECONDS).code()).isEqualTo("cancelled");
    assertAllGone();
  }

  @Test
  void exposesOnlyStreams() {
    ExposedService flow = new ExposedService("dns", ChannelKind.datagram, "test", Set.of());
    assertThatThrownBy(() -> b.fabric.expose(flow, stream -> {})).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void leavesNoThreads() throws Exception {
    linkUp();
    expose("echo", ECHO);
    try (ByteStream stream = open("echo")) {
      stream.output().write(1);
      assertThat(stream.input().read()).isEqualTo(1);
    }
    a.close();
    b.close();
    Await.until("threads to end", SOON, () -> Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().startsWith("weft-mesh-")));
  }
}
