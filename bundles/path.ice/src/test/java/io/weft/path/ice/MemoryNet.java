package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.weft.node.Registration;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.DatagramPort;
import io.weft.path.FreshPort;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Ports of many nodes in one process, on one loop, that reach each other unless a packet is lost. STUN only. */
final class MemoryNet implements AutoCloseable {

  private final EventLoop loop = new DefaultEventLoop();
  private final Map<InetSocketAddress, Port> ports = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger(20_000);
  private volatile BiPredicate<InetSocketAddress, InetSocketAddress> lost = (from, to) -> false;

  /** @param rule whether a packet is lost; on the loop or the sender's thread */
  void lose(BiPredicate<InetSocketAddress, InetSocketAddress> rule) {
    lost = rule;
  }

  Port port() {
    Port port = new Port(new InetSocketAddress("127.0.0.1", next.getAndIncrement()));
    ports.put(port.address, port);
    return port;
  }

  EventLoop loop() {
    return loop;
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
  }

  final class Port implements DatagramPort {

    final InetSocketAddress address;
    final List<MemoryConduit> conduits = new CopyOnWriteArrayList<>();
    private final List<PacketHandler> handlers = new CopyOnWriteArrayList<>();

    Port(InetSocketAddress address) {
      this.address = address;
    }

    @Override
    public List<InetSocketAddress> local() {
      return List.of(address);
    }

    @Override
    public EventLoop loop() {
      return loop;
    }

    @Override
    public void send(ByteBuf packet, InetSocketAddress to) {
      byte[] bytes = new byte[packet.readableBytes()];
      packet.getBytes(packet.readerIndex(), bytes);
      packet.release();
      Port there = ports.get(to);
      if (there != null && !lost.test(address, to)) {
        loop.execute(() -> there.arrived(bytes, address));
      }
    }

    private void arrived(byte[] bytes, InetSocketAddress from) {
      for (PacketHandler handler : handlers) {
        if (handler.packet(Unpooled.wrappedBuffer(bytes), from)) {
          return;
        }
      }
    }

    @Override
    public void send(ByteBuf packets, int segmentSize, InetSocketAddress to) {
      send(packets, to);
    }

    @Override
    public Registration receive(PacketHandler handler) {
      handlers.add(handler);
      return () -> handlers.remove(handler);
    }

    @Override
    public Registration claim(InetSocketAddress source, PacketHandler handler) {
      throw new UnsupportedOperationException("no relays here");
    }

    @Override
    public Conduit conduit() {
      MemoryConduit conduit = new MemoryConduit();
      conduits.add(conduit);
      return conduit;
    }

    @Override
    public CompletableFuture<FreshPort> fresh() {
      return CompletableFuture.failedFuture(new IllegalStateException("no further ports here"));
    }
  }

  /** Remembers where it leads. */
  static final class MemoryConduit implements Conduit {

    volatile @Nullable InetSocketAddress target;
    volatile boolean closed;
    private volatile PathInfo info = new PathInfo(Candidate.UDP, PathType.direct, CandidateKind.host, CandidateKind.host, "nowhere");

    @Override
    public InetSocketAddress address() {
      return new InetSocketAddress("240.0.0.1", 1);
    }

    @Override
    public void sendTo(@Nullable InetSocketAddress to, PathInfo next) {
      target = to;
      info = next;
    }

    @Override
    public void sendTo(DatagramPort by, InetSocketAddress to, PathInfo next) {
      sendTo(to, next);
    }

    @Override
    public void sendThrough(Carrier carrier, PathInfo next) {
      throw new UnsupportedOperationException("no relays here");
    }

    @Override
    public void admit(InetSocketAddress from) {}

    @Override
    public void admit(DatagramPort at, InetSocketAddress from) {}

    @Override
    public void received(ByteBuf packet) {
      packet.release();
    }

    @Override
    public PathInfo info() {
      return info;
    }

    @Override
    public long lastReceivedNanos() {
      return Long.MIN_VALUE;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
