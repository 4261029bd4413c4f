package io.weft.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.node.Reason;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Two nodes in this process: what a connection through them costs, beside a channel without sockets and a connection without nodes.
 * Arguments: any of {@code bulk}, {@code raw}, {@code rtt}, {@code short}, {@code parallel}, {@code fair}; then rounds. Run it on an idle machine, with
 * the leak detector off.
 */
final class ForwardBench {

  private static final long BULK_BYTES = 512L << 20;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Nodes nodes = new Nodes(new QuicNet());
  private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
    Thread thread = new Thread(task, "app");
    thread.setDaemon(true);
    return thread;
  });

  private ForwardBench() {}

  public static void main(String[] args) throws Exception {
    List<String> modes = new ArrayList<>(Arrays.asList(args));
    int rounds = modes.isEmpty() || !modes.get(modes.size() - 1).matches("\\d+") ? 5 : Integer.parseInt(modes.remove(modes.size() - 1));
    ForwardBench bench = new ForwardBench();
    for (int i = 0; i < rounds; i++) {
      for (String mode : modes.isEmpty() ? List.of("raw", "bulk", "rtt", "short", "parallel") : modes) {
        switch (mode) {
          case "raw" -> bench.raw();
          case "bulk" -> bench.bulk(1);
          case "parallel" -> bench.bulk(64);
          case "fair" -> bench.fair(64);
          case "rtt" -> bench.rtt();
          case "short" -> bench.shortConnections();
          default -> throw new IllegalArgumentException(mode);
        }
      }
    }
    System.out.println(bench.nodes.a.counters() + " " + bench.nodes.b.counters());
    System.exit(0);
  }

  private void bulk(int connections) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress())) {
      Exposed exposed = Nodes.expose(nodes.b, "bulk", ChannelKind.stream, (InetSocketAddress) server.getLocalSocketAddress(), "a");
      InetSocketAddress local = nodes.forward("bulk", "b", ChannelKind.stream);
      long each = BULK_BYTES / connections;
      Cpu cpu = new Cpu();
      long start = System.nanoTime();
      List<Future<Long>> sinks = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        Socket app = new Socket(local.getAddress(), local.getPort());
        threads.submit(() -> pour(app, each));
        Socket target = server.accept();
        sinks.add(threads.submit(() -> drain(target)));
      }
      long total = 0;
      for (Future<Long> sink : sinks) {
        total += sink.get();
      }
      report(connections == 1 ? "bulk" : "parallel " + connections, total, System.nanoTime() - start, cpu);
      close(exposed);
    }
  }

  /** Connections that all have more to send than goes through: what each got after a while. */
  private void fair(int connections) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress())) {
      Exposed exposed = Nodes.expose(nodes.b, "fair", ChannelKind.stream, (InetSocketAddress) server.getLocalSocketAddress(), "a");
      InetSocketAddress local = nodes.forward("fair", "b", ChannelKind.stream);
      AtomicLongArray counts = new AtomicLongArray(connections);
      CountDownLatch ready = new CountDownLatch(connections);
      for (int i = 0; i < connections; i++) {
        Socket app = new Socket(local.getAddress(), local.getPort());
        Socket target = server.accept();
        int index = i;
        threads.submit(() -> {
          ready.countDown();
          return pour(app, Long.MAX_VALUE);
        });
        threads.submit(() -> {
          byte[] block = new byte[256 * 1024];
          for (int n = target.getInputStream().read(block); n >= 0; n = target.getInputStream().read(block)) {
            counts.addAndGet(index, n);
          }
          return null;
        });
      }
      ready.await();
      Cpu cpu = new Cpu();
      long start = System.nanoTime();
      for (int second = 1; second <= 4; second++) {
        long end = start + second * 1_000_000_000L;
        while (System.nanoTime() < end) {
          LockSupport.parkNanos(end - System.nanoTime());
        }
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < connections; i++) {
          sum += counts.get(i);
          squares += (double) counts.get(i) * counts.get(i);
        }
        System.out.printf("fair after %d s: %.0f MB/s, Jain %.3f, nodes %.2f CPU s/GB%n",
            second, sum / 1e6 / second, sum * sum / connections / squares, cpu.seconds() / (sum / 1e9));
      }
      close(exposed);
    }
  }

  /** A channel alone: what forwarding adds to it is the difference. */
  private void raw() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    var service = new ExposedService("raw", ChannelKind.stream, "bench", Set.of("a"));
    var registration = nodes.net.channels("b").serve(service, channel -> {
      channel.accept();
      return new Sink(done);
    });
    Cpu cpu = new Cpu();
    long start = System.nanoTime();
    Source source = new Source(BULK_BYTES);
    RawChannel channel = nodes.net.channels("a").open("b", "raw", ChannelKind.stream, "bench", Duration.ofSeconds(5), source).get();
    channel.loop().execute(() -> source.writable(channel));
    done.await();
    report("raw", BULK_BYTES, System.nanoTime() - start, cpu);
    registration.close();
  }

  private void rtt() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      Exposed exposed = Nodes.expose(nodes.b, "rtt", ChannelKind.stream, (InetSocketAddress) server.getLocalSocketAddress(), "a");
      echo(server);
      double[] direct = pings((InetSocketAddress) server.getLocalSocketAddress(), 10_000);
      double[] through = pings(nodes.forward("rtt", "b", ChannelKind.stream), 10_000);
      System.out.printf("rtt direct p50 %.1f p99 %.1f us, through p50 %.1f p99 %.1f us, added %.1f us%n",
          direct[0], direct[1], through[0], through[1], through[0] - direct[0]);
      close(exposed);
    }
  }

  private void shortConnections() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress())) {
      Exposed exposed = Nodes.expose(nodes.b, "short", ChannelKind.stream, (InetSocketAddress) server.getLocalSocketAddress(), "a");
      echo(server);
      InetSocketAddress local = nodes.forward("short", "b", ChannelKind.stream);
      int count = 10_000;
      AtomicInteger left = new AtomicInteger(count);
      AtomicInteger failed = new AtomicInteger();
      Cpu cpu = new Cpu();
      long start = System.nanoTime();
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        clients.add(threads.submit(() -> {
          byte[] ping = new byte[64];
          while (left.getAndDecrement() > 0) {
            try (Socket app = new Socket(local.getAddress(), local.getPort())) {
              app.getOutputStream().write(ping);
              if (app.getInputStream().readNBytes(64).length != 64) {
                failed.incrementAndGet();
              }
            } catch (IOException e) {
              failed.incrementAndGet();
            }
          }
        }));
      }
      for (Future<?> client : clients) {
        client.get();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf("short %.0f per second, %d failed, nodes %.0f us CPU each%n", count / seconds, failed.get(), cpu.seconds() / count * 1e6);
      close(exposed);
    }
  }

  private void close(Exposed exposed) {
    nodes.b.close(exposed);
    nodes.a.close();
  }

  private void echo(ServerSocket server) {
    for (int i = 0; i < 4; i++) {
      threads.submit(() -> {
        while (true) {
          Socket target = server.accept();
          target.setTcpNoDelay(true);
          threads.submit(() -> {
            try (target) {
              byte[] buffer = new byte[64];
              InputStream in = target.getInputStream();
              while (in.readNBytes(buffer, 0, 64) == 64) {
                target.getOutputStream().write(buffer);
              }
            }
            return null;
          });
        }
      });
    }
  }

  private static double[] pings(InetSocketAddress to, int count) throws IOException {
    try (Socket app = new Socket(to.getAddress(), to.getPort())) {
      app.setTcpNoDelay(true);
      byte[] ping = new byte[64];
      long[] took = new long[count];
      for (int i = -count / 2; i < count; i++) {
        long start = System.nanoTime();
        app.getOutputStream().write(ping);
        app.getInputStream().readNBytes(ping, 0, 64);
        if (i >= 0) {
          took[i] = System.nanoTime() - start;
        }
      }
      Arrays.sort(took);
      return new double[] {took[count / 2] / 1e3, took[count * 99 / 100] / 1e3};
    }
  }

  private static Void pour(Socket app, long bytes) throws IOException {
    try (app; OutputStream out = app.getOutputStream()) {
      byte[] block = new byte[128 * 1024];
      for (long left = bytes; left > 0; left -= block.length) {
        out.write(block, 0, (int) Math.min(block.length, left));
      }
    }
    return null;
  }

  private static long drain(Socket target) throws IOException {
    try (target; InputStream in = target.getInputStream()) {
      byte[] block = new byte[256 * 1024];
      long count = 0;
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        count += n;
      }
      return count;
    }
  }

  private static void report(String what, long bytes, long nanos, Cpu cpu) {
    System.out.printf("%-12s %6.0f MB/s, nodes %.2f CPU s/GB%n", what, bytes / 1e6 / (nanos / 1e9), cpu.seconds() / (bytes / 1e9));
  }

  /** Processor time of the nodes' threads, without that of the applications beside them. */
  private static final class Cpu {
    private final long before = nanos();

    double seconds() {
      return (nanos() - before) / 1e9;
    }

    private static long nanos() {
      long sum = 0;
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().startsWith("test-") || thread.getName().startsWith("weft-")) {
          sum += Math.max(0, THREADS.getThreadCpuTime(thread.getId()));
        }
      }
      return sum;
    }
  }

  /** Writes as much as the channel takes. */
  private static final class Source implements RawChannelHandler {
    private final ByteBuf block = Unpooled.directBuffer(64 * 1024).writeZero(64 * 1024);
    private long left;

    Source(long bytes) {
      left = bytes;
    }

    @Override
    public void data(RawChannel channel, ByteBuf bytes) {
      bytes.release();
    }

    @Override
    public void finished(RawChannel channel) {}

    @Override
    public void writable(RawChannel channel) {
      while (left > 0 && channel.isWritable()) {
        channel.write(block.retainedSlice());
        left -= block.readableBytes();
      }
      channel.flush();
      if (left <= 0) {
        channel.finish();
      }
    }

    @Override
    public void closed(RawChannel channel, @Nullable Reason reason) {}
  }

  /** Takes everything at once. */
  private static final class Sink implements RawChannelHandler {
    private final CountDownLatch done;

    Sink(CountDownLatch done) {
      this.done = done;
    }

    @Override
    public void data(RawChannel channel, ByteBuf bytes) {
      int count = bytes.readableBytes();
      bytes.release();
      channel.consumed(count);
    }

    @Override
    public void finished(RawChannel channel) {
      channel.finish();
      done.countDown();
    }

    @Override
    public void writable(RawChannel channel) {}

    @Override
    public void closed(RawChannel channel, @Nullable Reason reason) {}
  }
}
