package io.weft.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.path.PathRequest;
import io.weft.testkit.Await;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import io.weft.transport.memory.MemoryNetwork;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a channel costs beside a bare stream of the same transport: bytes per second, and a round trip of 64 bytes. Not run
 * with the tests: {@code mvn -pl bundles/mesh -am test -Dtest=ChannelBench -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class ChannelBench {

  static final Duration SOON = Duration.ofSeconds(60);
  private static final int CHUNK = 64 * 1024;
  static final ByteBuf SOURCE =
      Unpooled.unreleasableBuffer(PooledByteBufAllocator.DEFAULT.directBuffer(CHUNK).writeZero(CHUNK));

  static {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED); // Or it is the detector that is measured.
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "quic"})
  void besideABareStream(String transport) throws Exception {
    boolean quic = transport.equals("quic");
    long size = quic ? 256L << 20 : 1L << 30;
    MemoryNetwork bareNetwork = new MemoryNetwork();
    MemoryNetwork network = new MemoryNetwork();
    try (BenchMember bareA = new BenchMember("a", quic, bareNetwork, false);
        BenchMember bareB = new BenchMember("b", quic, bareNetwork, false);
        BenchMember a = new BenchMember("a", quic, network, true);
        BenchMember b = new BenchMember("b", quic, network, true)) {
      Bare bare = new Bare(bareA, bareB);
      Meshed meshed = new Meshed(a, b);
      List<Double> bareRates = new ArrayList<>();
      List<Double> rates = new ArrayList<>();
      List<Double> bareCpu = new ArrayList<>();
      List<Double> channelCpu = new ArrayList<>();
      for (int round = 0; round < 10; round++) {
        long cpu0 = cpu();
        double bareRate = bare.transfer(size);
        long cpu1 = cpu();
        double rate = meshed.transfer(size);
        long cpu2 = cpu();
        if (round >= 3) { // Warm by now.
          bareRates.add(bareRate);
          rates.add(rate);
          bareCpu.add((cpu1 - cpu0) / 1e6 / (size >> 20));
          channelCpu.add((cpu2 - cpu1) / 1e6 / (size >> 20));
        }
      }
      long[] bareTrips = bare.trips(40_000);
      long[] trips = meshed.trips(40_000);
      bareTrips = bare.trips(20_000);
      trips = meshed.trips(20_000);
      System.out.printf("%s: bare %.0f MB/s, channel %.0f MB/s, ratio %.3f%n", transport, median(bareRates), median(rates),
          median(rates) / median(bareRates));
      System.out.printf("%s: CPU ms per MiB of both ends: bare %.3f, channel %.3f%n", transport, median(bareCpu),
          median(channelCpu));
      System.out.printf("%s: 64-byte round trip in us: bare p50 %.1f p99 %.1f, channel p50 %.1f p99 %.1f%n", transport,
          at(bareTrips, 0.5), at(bareTrips, 0.99), at(trips, 0.5), at(trips, 0.99));
    }
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static double at(long[] nanos, double share) {
    Arrays.sort(nanos);
    return nanos[(int) (nanos.length * share)] / 1000.0;
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  /** Sends until it has sent enough, whatever carries it. Reused for both, so that only what carries it differs. */
  private static final class Pump {

    private long left;

    Pump(long size) {
      left = size;
    }

    void run(java.util.function.BooleanSupplier writable, Consumer<ByteBuf> write, Runnable flush, Runnable finish) {
      while (left > 0 && writable.getAsBoolean()) {
        int count = (int) Math.min(left, CHUNK);
        write.accept(SOURCE.slice(0, count));
        left -= count;
        if (left == 0) {
          flush.run();
          finish.run();
          return;
        }
      }
      flush.run();
    }
  }

  private static double rate(long size, long start) {
    return size / ((System.nanoTime() - start) / 1e9) / 1e6;
  }

  /** Streams of a link, without a mesh. */
  private static final class Bare {

    private final Link link;
    private volatile CompletableFuture<Void> done = new CompletableFuture<>();

    Bare(BenchMember a, BenchMember b) throws Exception {
      b.transport.accept(LinkLimits.DEFAULT, new LinkAcceptor() {
        @Override
        public Optional<PeerIdentity> expected(String name) {
          return b.identity.expected(name);
        }

        @Override
        public LinkHandler accepted(Link accepted) {
          return new BareLink(() -> done.complete(null));
        }
      });
      var path = get(a.paths.find(new PathRequest(b.identity.self(), List.of(b.candidate()), 1, true)));
      link = get(a.transport.open(b.identity.self(), path, LinkLimits.DEFAULT, new BareLink(() -> {})));
    }

    double transfer(long size) throws Exception {
      done = new CompletableFuture<>();
      Pump pump = new Pump(size);
      long start = System.nanoTime();
      link.loop().execute(() -> link.openStream(new BareStream() {
        @Override
        public void writable(Stream stream) {
          pump.run(stream::isWritable, stream::write, stream::flush, stream::finish);
        }
      }).thenAccept(stream -> {
        stream.write(Unpooled.wrappedBuffer(new byte[] {'s'}));
        pump.run(stream::isWritable, stream::write, stream::flush, stream::finish);
      }));
      get(done);
      return rate(size, start);
    }

    long[] trips(int count) throws Exception {
      BenchTrips trips = new BenchTrips(count);
      link.loop().execute(() -> link.openStream(new BareStream() {
        @Override
        public void data(Stream stream, ByteBuf bytes) {
          if (trips.came(bytes)) {
            stream.write(trips.next());
            stream.flush();
          } else if (trips.isDone()) {
            stream.finish();
          }
        }
      }).thenAccept(stream -> {
        stream.write(Unpooled.wrappedBuffer(new byte[] {'e'}));
        stream.write(trips.next());
        stream.flush();
      }));
      return get(trips.result);
    }
  }

  /** Says what a bare stream is for by its first byte: e to echo, s to sink. */
  private static class BareStream implements StreamHandler {

    private int mode;
    private final Runnable finished;

    BareStream() {
      this(() -> {});
    }

    BareStream(Runnable finished) {
      this.finished = finished;
    }

    @Override
    public void data(Stream stream, ByteBuf bytes) {
      if (mode == 0) {
        mode = bytes.readByte();
      }
      if (mode == 'e' && bytes.isReadable()) {
        stream.write(bytes);
        stream.flush();
      } else {
        bytes.release();
      }
    }

    @Override
    public void finished(Stream stream) {
      stream.finish();
      finished.run();
    }

    @Override
    public void reset(Stream stream, int code) {}

    @Override
    public void writable(Stream stream) {}

    @Override
    public void closed(Stream stream) {}
  }

  private record BareLink(Runnable finished) implements LinkHandler {

    @Override
    public StreamHandler stream(Stream stream) {
      return new BareStream(finished);
    }

    @Override
    public void datagram(ByteBuf payload) {
      payload.release();
    }

    @Override
    public void closed(Reason reason, boolean byPeer) {}
  }

  /** Channels of a mesh. */
  private static final class Meshed {

    private final BenchMember a;
    private volatile CompletableFuture<Void> done = new CompletableFuture<>();

    Meshed(BenchMember a, BenchMember b) {
      this.a = a;
      a.knows(b);
      b.knows(a);
      b.mesh.serve(new ExposedService("sink", ChannelKind.stream, "bench", Set.of("a")), channel -> {
        channel.accept();
        return new Reading(bytes -> {
          channel.consumed(bytes.readableBytes());
          bytes.release();
        }, () -> done.complete(null));
      });
      b.mesh.serve(new ExposedService("echo", ChannelKind.stream, "bench", Set.of("a")), channel -> {
        channel.accept();
        return new Reading(bytes -> {
          channel.consumed(bytes.readableBytes());
          channel.write(bytes);
          channel.flush();
        }, () -> {});
      });
      Await.until("the link", SOON, () -> a.isUp("b") && b.isUp("a"));
    }

    double transfer(long size) throws Exception {
      done = new CompletableFuture<>();
      Pump pump = new Pump(size);
      long start = System.nanoTime();
      a.mesh.open("b", "sink", ChannelKind.stream, "bench", SOON, new Reading(ByteBuf::release, () -> {}) {
        @Override
        public void writable(RawChannel channel) {
          pump.run(channel::isWritable, channel::write, channel::flush, channel::finish);
        }
      }).thenAccept(channel -> pump.run(channel::isWritable, channel::write, channel::flush, channel::finish));
      get(done);
      return rate(size, start);
    }

    long[] trips(int count) throws Exception {
      BenchTrips trips = new BenchTrips(count);
      a.mesh.open("b", "echo", ChannelKind.stream, "bench", SOON, new Reading(bytes -> {}, () -> {}) {
        @Override
        public void data(RawChannel channel, ByteBuf bytes) {
          channel.consumed(bytes.readableBytes());
          if (trips.came(bytes)) {
            channel.write(trips.next());
            channel.flush();
          } else if (trips.isDone()) {
            channel.finish();
          }
        }
      }).thenAccept(channel -> {
        channel.write(trips.next());
        channel.flush();
      });
      return get(trips.result);
    }
  }

  private static class Reading implements RawChannelHandler {

    private final Consumer<ByteBuf> reader;
    private final Runnable finished;

    Reading(Consumer<ByteBuf> reader, Runnable finished) {
      this.reader = reader;
      this.finished = finished;
    }

    @Override
    public void data(RawChannel channel, ByteBuf bytes) {
      reader.accept(bytes);
    }

    @Override
    public void finished(RawChannel channel) {
      channel.finish();
      finished.run();
    }

    @Override
    public void writable(RawChannel channel) {}

    @Override
    public void closed(RawChannel channel, @Nullable Reason reason) {}
  }
}
