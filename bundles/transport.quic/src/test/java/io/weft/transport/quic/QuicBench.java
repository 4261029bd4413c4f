package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.node.Reason;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.Path;
import io.weft.testkit.FakeIdentity;
import io.weft.transport.Link;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import io.weft.transport.quic.codec.BareQuic;
import io.weft.transport.quic.codec.EndpointSettings;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One stream over two transports in one JVM on loopback, against a stream of the bare codec with the same settings, in turns. Or
 * over a link whose way goes through conduits, against one that goes straight.
 *
 * <p>{@code java ... QuicBench [megabytes per round] [rounds] [chunk bytes] [streams] [packet size] [conduit]}
 */
public final class QuicBench {

  private final long bytes;
  private final int rounds;
  private final ByteBuf chunk;
  private final int streams;
  private final int packetSize;
  private final boolean conduit;
  private final AtomicLong arrived = new AtomicLong();
  private final Semaphore whole = new Semaphore(0);
  private volatile long target;

  private record Round(double megabytesPerSecond, double cpuMillisPerMegabyte, double heapBytesPerKilobyte) {}

  @FunctionalInterface
  private interface Transfer {
    void send(long bytes) throws Exception;
  }

  private QuicBench(String[] args) {
    bytes = number(args, 0, 400) * 1_000_000L;
    rounds = number(args, 1, 7);
    int size = number(args, 2, 65_536);
    chunk = Unpooled.directBuffer(size).writeZero(size);
    streams = number(args, 3, 1);
    packetSize = number(args, 4, 1_350);
    conduit = args.length > 5 && args[5].equals("conduit");
  }

  private static int number(String[] args, int at, int otherwise) {
    return args.length > at ? Integer.parseInt(args[at]) : otherwise;
  }

  public static void main(String[] args) throws Exception {
    new QuicBench(args).run();
  }

  private void run() throws Exception {
    FakeIdentity a = new FakeIdentity(QuicNode.FABRIC, "a");
    FakeIdentity b = new FakeIdentity(QuicNode.FABRIC, "b");
    QuicNode.Config config = QuicNode.Config.LOOPBACK.packets(packetSize);
    try (QuicNode near = new QuicNode(a, config, true, Tuning.GUARDED);
        QuicNode far = new QuicNode(b, config, true, Tuning.GUARDED);
        QuicNode.OwnIo clientIo = new QuicNode.OwnIo(true, "bare-client");
        QuicNode.OwnIo serverIo = new QuicNode.OwnIo(true, "bare-server")) {
      Link link = link(near, far, b, near.pathTo(far));
      if (conduit) {
        Conduit out = near.transport().conduit();
        Conduit in = far.transport().conduit();
        out.sendTo(far.address(), near.pathTo(far).info());
        in.admit(near.address());
        in.sendTo(near.address(), far.pathTo(near).info());
        Link moving = link(near, far, b, new UdpPath(out.address(), CandidateKind.host));
        compare("static", n -> pump(link, n), "conduit", n -> pump(moving, n));
        return;
      }
      EndpointSettings settings =
          EndpointSettings.of(packetSize, config.discover_mtu(), config.congestion_control(),
              new UdpSocket(clientIo, clientIo.loops().next()).segments(packetSize));
      try (BareQuic bare = new BareQuic(settings, a.keyManager(), clientIo, serverIo, this::count)) {
        compare("bare", n -> bare.send(n, chunk), "weft", n -> pump(link, n));
      }
      System.out.println("link " + link.stats());
    }
  }

  private void compare(String bareName, Transfer bare, String weftName, Transfer weft) throws Exception {
    // The first gigabytes of a JVM are several times slower than the rest.
    for (int i = 0; i < 3; i++) {
      round(bare);
      round(weft);
    }
    List<Round> bareRounds = new ArrayList<>();
    List<Round> weftRounds = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      // In turns also as to who is first.
      if (i % 2 == 0) {
        bareRounds.add(round(bare));
      }
      weftRounds.add(round(weft));
      if (i % 2 == 1) {
        bareRounds.add(round(bare));
      }
      System.out.printf(
          Locale.ROOT, "round %d: %s %s, %s %s%n", i, bareName, bareRounds.get(i), weftName, weftRounds.get(i));
    }
    double bareRate = median(bareRounds.stream().mapToDouble(Round::megabytesPerSecond).toArray());
    double weftRate = median(weftRounds.stream().mapToDouble(Round::megabytesPerSecond).toArray());
    double bareCpu = median(bareRounds.stream().mapToDouble(Round::cpuMillisPerMegabyte).toArray());
    double weftCpu = median(weftRounds.stream().mapToDouble(Round::cpuMillisPerMegabyte).toArray());
    System.out.printf(
        Locale.ROOT, "%s %.0f MB/s %.2f cpu-ms/MB; %s %.0f MB/s %.2f cpu-ms/MB; rate ratio %.2f; cpu ratio %.2f%n",
        bareName, bareRate, bareCpu, weftName, weftRate, weftCpu, weftRate / bareRate, bareCpu / weftCpu);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private Round round(Transfer transfer) throws Exception {
    arrived.set(0);
    target = bytes / streams * streams;
    long cpu = cpu();
    long allocated = allocated();
    long start = System.nanoTime();
    for (int i = 0; i < streams; i++) {
      transfer.send(bytes / streams);
    }
    if (!whole.tryAcquire(120, TimeUnit.SECONDS)) {
      throw new IllegalStateException("only " + arrived + " of " + target + " bytes arrived");
    }
    double megabytes = target / 1e6;
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Round(megabytes / seconds, (cpu() - cpu) / 1e6 / megabytes, (allocated() - allocated) / 1e3 / megabytes);
  }

  private static long cpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (long id : threads.getAllThreadIds()) {
      sum += Math.max(0, threads.getThreadCpuTime(id));
    }
    return sum;
  }

  private static long allocated() {
    com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  private void count(long n) {
    if (arrived.addAndGet(n) == target) {
      whole.release();
    }
  }

  private Link link(QuicNode near, QuicNode far, FakeIdentity farIdentity, Path path) throws Exception {
    far.transport().accept(LinkLimits.DEFAULT, new io.weft.transport.LinkAcceptor() {
      @Override
      public Optional<io.weft.node.PeerIdentity> expected(String name) {
        return farIdentity.expected(name);
      }

      @Override
      public LinkHandler accepted(Link link) {
        return new Accepted();
      }
    });
    return near.transport().open(farIdentity.self(), path, LinkLimits.DEFAULT, new Accepted())
        .get(10, TimeUnit.SECONDS);
  }

  private void pump(Link link, long size) throws Exception {
    CompletableFuture<Void> opened = new CompletableFuture<>();
    link.loop().execute(() -> {
      Pump pump = new Pump(size);
      link.openStream(pump).thenAccept(pump::start).whenComplete((v, e) -> opened.complete(null));
    });
    opened.get(10, TimeUnit.SECONDS);
  }

  private final class Accepted implements LinkHandler {

    @Override
    public StreamHandler stream(Stream stream) {
      return new Sink();
    }

    @Override
    public void datagram(ByteBuf payload) {
      payload.release();
    }

    @Override
    public void closed(Reason reason, boolean byPeer) {}
  }

  private class Sink implements StreamHandler {

    @Override
    public void data(Stream stream, ByteBuf data) {
      count(data.readableBytes());
      data.release();
    }

    @Override
    public void finished(Stream stream) {
      stream.finish();
    }

    @Override
    public void reset(Stream stream, int code) {
      throw new IllegalStateException("reset " + code);
    }

    @Override
    public void writable(Stream stream) {}

    @Override
    public void closed(Stream stream) {}
  }

  private final class Pump extends Sink {

    private long left;

    Pump(long size) {
      left = size;
    }

    void start(Stream stream) {
      writable(stream);
    }

    @Override
    public void writable(Stream stream) {
      while (left > 0 && stream.isWritable()) {
        int n = (int) Math.min(left, chunk.readableBytes());
        left -= n;
        stream.write(chunk.retainedSlice(0, n));
      }
      stream.flush();
      if (left == 0) {
        stream.finish();
      }
    }
  }
}
