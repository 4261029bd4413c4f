package io.weft.relay.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.weft.support.stun.ChannelData;
import io.weft.support.stun.Credentials;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunWriter;
import io.weft.support.stun.Transaction;
import io.weft.testkit.Await;
import io.weft.testkit.RealTime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * What one relay carries from a client to a peer, beside the same packets sent straight, in one process: {@code main}, rounds that alternate.
 * Each has a loop of its own; what is under way is bounded, as QUIC would.
 */
final class RelayBench {

  private static final int PACKET = 1_350;
  private static final int SEGMENTS = 20;
  private static final int WINDOW = 1 << 20;
  private static final int ROUNDS = 5;
  private static final Duration ROUND = Duration.ofSeconds(2);

  private final AtomicLong received = new AtomicLong();
  private final BlockingQueue<StunMessage> answers = new ArrayBlockingQueue<>(16);
  private final EpollIo clientIo = new EpollIo(1);
  private final EpollIo peerIo = new EpollIo(1);
  private final Channel client;
  private final Channel peer;

  private RelayBench() {
    client = open(clientIo, new Answers());
    peer = open(peerIo, new Counting());
  }

  private static Channel open(EpollIo io, ChannelInboundHandlerAdapter handler) {
    return Segments.bootstrap(io).group(io.loops()).handler(handler).bind(new InetSocketAddress("127.0.0.1", 0)).syncUninterruptibly().channel();
  }

  public static void main(String[] args) throws Exception {
    try (RealTime time = new RealTime();
        RelayRig rig = new RelayRig(Map.of("allow_ranges", new String[] {"127.0.0.0/8"}), new EpollIo(1), time, time)) {
      RelayBench bench = new RelayBench();
      bench.allocate(rig, Credentials.timeLimited(rig.secret(), "bench", time.now().plusSeconds(3_000)));
      double[] ratios = new double[ROUNDS];
      for (int i = -1; i < ROUNDS; i++) {
        double direct = bench.round(0, (InetSocketAddress) bench.peer.localAddress());
        double relayed = bench.round(0x4001, rig.address());
        System.out.printf(Locale.ROOT, "direct %.0f MB/s, relayed %.0f MB/s, ratio %.2f%s%n", direct, relayed, relayed / direct,
            i < 0 ? " (warm-up)" : "");
        if (i >= 0) {
          ratios[i] = relayed / direct;
        }
      }
      java.util.Arrays.sort(ratios);
      System.out.printf(Locale.ROOT, "median ratio %.2f; %s%n", ratios[ROUNDS / 2], rig.relay.counters());
      bench.clientIo.close();
      bench.peerIo.close();
    }
  }

  private void allocate(RelayRig rig, Credentials credentials) throws Exception {
    StunMessage challenge = ask(rig.address(), Stun.ALLOCATE, w -> w);
    UnaryOperator<StunWriter> signed = w -> w.text(Stun.USERNAME, credentials.user()).text(Stun.REALM, challenge.text(Stun.REALM))
        .text(Stun.NONCE, challenge.text(Stun.NONCE)).integrity(credentials.key(challenge.text(Stun.REALM)));
    ask(rig.address(), Stun.ALLOCATE, w -> signed.apply(w.firstOfFour(Stun.REQUESTED_TRANSPORT, Stun.UDP)));
    ask(rig.address(), Stun.CHANNEL_BIND,
        w -> signed.apply(w.channel(0x4001).address(Stun.XOR_PEER_ADDRESS, (InetSocketAddress) peer.localAddress())));
  }

  private StunMessage ask(InetSocketAddress to, int method, UnaryOperator<StunWriter> attributes) throws Exception {
    ByteBuf request = attributes.apply(StunWriter.of(Kind.request, method, new Transaction(method, System.nanoTime()))).finish();
    client.writeAndFlush(new DatagramPacket(request, to));
    return answers.poll(5, TimeUnit.SECONDS);
  }

  /** Megabytes per second of data that arrive. */
  private double round(int channel, InetSocketAddress to) {
    int header = channel == 0 ? 0 : ChannelData.HEADER;
    ByteBuf packets = PooledByteBufAllocator.DEFAULT.directBuffer();
    for (int i = 0; i < SEGMENTS; i++) {
      if (channel != 0) {
        ChannelData.header(packets, channel, PACKET);
      }
      packets.writeZero(PACKET);
    }
    long start = System.nanoTime();
    long end = start + ROUND.toNanos();
    long before = received.get();
    long sent = 0;
    long moved = before;
    long movedAt = start;
    while (System.nanoTime() < end) {
      long now = received.get();
      if (now != moved) {
        moved = now;
        movedAt = System.nanoTime();
      } else if (System.nanoTime() - movedAt > 5_000_000) {
        sent = now - before; // Some were lost: begin again.
      }
      if (sent - (now - before) < WINDOW && client.isWritable()) {
        client.writeAndFlush(new SegmentedDatagramPacket(packets.retainedDuplicate(), PACKET + header, to));
        sent += (long) SEGMENTS * PACKET;
      } else {
        LockSupport.parkNanos(20_000);
      }
    }
    double rate = (received.get() - before) / 1e6 / ((System.nanoTime() - start) / 1e9);
    Await.until("the rest", Duration.ofSeconds(2), () -> {
      long was = received.get();
      LockSupport.parkNanos(20_000_000);
      return was == received.get();
    });
    packets.release();
    return rate;
  }

  private final class Counting extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      DatagramPacket packet = (DatagramPacket) msg;
      received.addAndGet(packet.content().readableBytes());
      packet.release();
    }
  }

  private final class Answers extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      DatagramPacket packet = (DatagramPacket) msg;
      answers.add(StunMessage.decode(packet.content()));
      packet.release();
    }
  }
}
