package io.weft.itests.bench;

import io.weft.itests.net.Ports;
import io.weft.itests.process.ProcessFabric;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Datagrams at a steady rate through two nodes on loopback: how many are lost. */
final class UdpLoss implements Benchmark {

  private static final int PER_SECOND = 5_000;
  private static final int SECONDS = 10;
  private static final int SIZE = 1_200;
  private static final int ROUNDS = 3;

  @Override
  public String name() {
    return "udp";
  }

  @Override
  public String about() {
    return "5,000 datagrams of 1,200 bytes a second, beside plain UDP";
  }

  @Override
  public void run(Report report) throws Exception {
    int port = Ports.freeUdp();
    try (DatagramSocket sink = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        ProcessFabric fabric = ProcessFabric.of(config -> {
          if (config.name().equals("b")) {
            config.expose("sink", "udp", "127.0.0.1:" + sink.getLocalPort(), "a");
          } else {
            config.forward("sink", "b", "udp", "127.0.0.1:" + port);
          }
        }, "a", "b").start()) {
      sink.setReceiveBufferSize(8 << 20);
      sink.setSoTimeout(1_000);
      lost(sink, port, PER_SECOND);
      List<Double> direct = new ArrayList<>();
      List<Double> through = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        double idle = Cpu.awaitIdle();
        direct.add(lost(sink, sink.getLocalPort(), PER_SECOND * SECONDS));
        through.add(lost(sink, port, PER_SECOND * SECONDS));
        report.sample("round", round, "direct_lost_percent", direct.get(round), "weft_lost_percent", through.get(round), "idle_before", idle);
      }
      report.figure("lost of plain UDP", Stats.median(direct), "%", "");
      report.atMost("lost through two nodes", Stats.median(through), 0.1, "%");
    }
  }

  /** Percent lost of {@code count}. */
  private static double lost(DatagramSocket sink, int port, int count) throws Exception {
    BitSet seen = new BitSet(count);
    Thread receiver = new Thread(() -> receive(sink, seen, count), "sink");
    receiver.start();
    try (DatagramSocket source = new DatagramSocket()) {
      InetSocketAddress to = new InetSocketAddress("127.0.0.1", port);
      ByteBuffer payload = ByteBuffer.allocate(SIZE);
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long due = start + i * (1_000_000_000L / PER_SECOND);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        payload.putInt(0, i);
        source.send(new DatagramPacket(payload.array(), SIZE, to));
      }
      receiver.join();
    }
    return 100.0 * (count - seen.cardinality()) / count;
  }

  /** Until all came, or none for a second. */
  private static void receive(DatagramSocket sink, BitSet seen, int count) {
    byte[] buffer = new byte[SIZE + 1];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    try {
      while (seen.cardinality() < count) {
        packet.setLength(buffer.length);
        sink.receive(packet);
        if (packet.getLength() == SIZE) {
          seen.set(ByteBuffer.wrap(buffer).getInt(0));
        }
      }
    } catch (IOException e) {
      return; // silence: what did not come by now is lost
    }
  }
}
