package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.weft.node.Registration;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.DatagramPort;
import io.weft.path.FreshPort;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import io.weft.support.stun.StunMessage;
import io.weft.testkit.ManualLoop;
import io.weft.testkit.ManualTime;
import io.weft.testkit.network.VirtualHost;
import io.weft.testkit.network.VirtualSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The port of a node on a virtual network. What is not STUN goes to the conduit that admits its sender. */
final class VirtualPort implements FreshPort {

  private final ManualTime time;
  private final VirtualHost host;
  private final VirtualSocket socket;
  private final List<PacketHandler> handlers = new ArrayList<>();
  private final Map<InetSocketAddress, VirtualConduit> admitted = new HashMap<>();
  private final EventLoop loop = new ManualLoop();
  private final Map<InetSocketAddress, VirtualConduit> conduits = new HashMap<>();

  private final List<VirtualPort> fresh = new ArrayList<>();
  private boolean closed;

  VirtualPort(ManualTime time, VirtualHost host, int number) {
    this.time = time;
    this.host = host;
    this.socket = host.bind(number, this::arrived);
  }

  private void arrived(byte[] payload, InetSocketAddress from) {
    ByteBuf packet = Unpooled.wrappedBuffer(payload);
    if (StunMessage.looksLike(packet)) {
      for (PacketHandler handler : List.copyOf(handlers)) {
        if (handler.packet(packet, from)) {
          return;
        }
      }
    } else if (admitted.containsKey(from)) {
      admitted.get(from).heard();
    }
  }

  @Override
  public List<InetSocketAddress> local() {
    return List.of(new InetSocketAddress(host.address(), socket.port()));
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public void send(ByteBuf packet, InetSocketAddress to) {
    socket.send(ByteBufUtil.getBytes(packet), to);
    packet.release();
  }

  @Override
  public void send(ByteBuf packets, int segmentSize, InetSocketAddress to) {
    send(packets, to);
  }

  @Override
  public void send(ByteBuf packet, InetSocketAddress to, int hops) {
    socket.send(ByteBufUtil.getBytes(packet), to, hops);
    packet.release();
  }

  @Override
  public Registration receive(PacketHandler handler) {
    handlers.add(handler);
    return () -> handlers.remove(handler);
  }

  @Override
  public Registration claim(InetSocketAddress source, PacketHandler handler) {
    throw new UnsupportedOperationException("no relay frames here");
  }

  @Override
  public VirtualConduit conduit() {
    VirtualConduit conduit = new VirtualConduit(new InetSocketAddress("240.0.0.1", conduits.size() + 1));
    conduits.put(conduit.address(), conduit);
    return conduit;
  }

  @Override
  public CompletableFuture<FreshPort> fresh() {
    VirtualPort opened = new VirtualPort(time, host, 0);
    fresh.add(opened);
    return CompletableFuture.completedFuture(opened);
  }

  @Override
  public void close() {
    closed = true;
    socket.close();
  }

  /** How many further ports are open. */
  long open() {
    return fresh.stream().filter(port -> !port.closed).count();
  }

  /** How many conduits are not closed. */
  long openConduits() {
    return conduits.values().stream().filter(conduit -> !conduit.isClosed()).count();
  }

  /** The one that stands for a peer at this address. */
  VirtualConduit conduit(SocketAddress address) {
    return conduits.get(address);
  }

  /** A conduit through which the test sends what stands for QUIC. */
  final class VirtualConduit implements Conduit {

    private static final byte[] QUIC = {0x40, 1, 2, 3};

    private final InetSocketAddress address;
    private PathInfo info = new PathInfo(Candidate.UDP, PathType.direct, CandidateKind.host, CandidateKind.host, "");
    private Supplier<Boolean> way = () -> false;
    private long lastReceived = Long.MIN_VALUE / 2;
    private long received;
    private boolean closed;

    private VirtualConduit(InetSocketAddress address) {
      this.address = address;
    }

    /** One packet, if it leads anywhere. */
    void sendOne() {
      if (!closed) {
        way.get();
      }
    }

    void heard() {
      if (!closed) {
        lastReceived = time.nanos();
        received++;
      }
    }

    long packets() {
      return received;
    }

    boolean isClosed() {
      return closed;
    }

    @Override
    public InetSocketAddress address() {
      return address;
    }

    @Override
    public void sendTo(@Nullable InetSocketAddress to, PathInfo next) {
      sendBy(VirtualPort.this, to, next);
    }

    @Override
    public void sendTo(DatagramPort by, InetSocketAddress to, PathInfo next) {
      sendBy(by, to, next);
    }

    private void sendBy(DatagramPort by, @Nullable InetSocketAddress to, PathInfo next) {
      info = next;
      way = () -> {
        if (to != null) {
          by.send(Unpooled.wrappedBuffer(QUIC), to);
        }
        return to != null;
      };
    }

    @Override
    public void sendThrough(Carrier carrier, PathInfo next) {
      info = next;
      way = () -> {
        carrier.send(Unpooled.wrappedBuffer(QUIC), QUIC.length);
        return true;
      };
    }

    @Override
    public void admit(InetSocketAddress from) {
      admitted.put(from, this);
    }

    @Override
    public void admit(DatagramPort at, InetSocketAddress from) {
      ((VirtualPort) at).admitted.put(from, this);
    }

    @Override
    public void received(ByteBuf packet) {
      packet.release();
      heard();
    }

    @Override
    public PathInfo info() {
      return info;
    }

    @Override
    public long lastReceivedNanos() {
      return lastReceived;
    }

    @Override
    public void close() {
      closed = true;
      admitted.values().removeIf(c -> c == this);
    }
  }
}
