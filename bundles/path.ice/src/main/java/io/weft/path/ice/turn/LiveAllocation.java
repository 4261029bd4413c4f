package io.weft.path.ice.turn;

import io.netty.buffer.ByteBuf;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.Conduit;
import io.weft.path.PathInfo;
import io.weft.path.ice.turn.Exchange.Answer;
import io.weft.path.ice.turn.TurnClient.Tools;
import io.weft.support.stun.ChannelData;
import io.weft.support.stun.MalformedStun;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a relay lends, from the first request to the end. On the port's loop, unless said otherwise. */
final class LiveAllocation implements Allocation, Leg.Events {

  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Duration PROBE_PATIENCE = Duration.ofSeconds(3);
  private static final Duration REFRESH = Duration.ofSeconds(20);
  private static final Duration LINGER = Duration.ofSeconds(30);
  private static final double JITTER = 0.2;
  private static final long LIFETIME_SECONDS = 600;
  private static final Reason CLOSED = Reason.of("closed");

  private final Tools tools;
  private final RelayTarget target;
  private final Leg leg;
  private final Exchange exchange;
  private final RelayedPeers peers;
  private final Map<InetSocketAddress, Conduit> conduits = new HashMap<>();
  private final List<CompletableFuture<Allocation>> waiting = new ArrayList<>();
  private final CompletableFuture<Reason> ended = new CompletableFuture<>();
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  private volatile @Nullable InetSocketAddress relayed;
  private volatile @Nullable InetSocketAddress mapped;
  private Registration refresh = () -> {};
  private Registration linger = () -> {};
  private boolean refreshing;
  private boolean cleared;
  private boolean opened;
  private int users;

  LiveAllocation(Tools tools, RelayTarget target) {
    this.tools = tools;
    this.target = target;
    this.leg = target.transport() == RelayTarget.Transport.udp
        ? new UdpLeg(tools.port(), target.address())
        : new TcpLeg(tools, target);
    this.exchange = new Exchange(tools, leg, target);
    this.peers = new RelayedPeers(tools, leg, exchange, target);
  }

  void start() {
    leg.start(this);
  }

  /** Gives it to one more, when it is there. */
  void join(CompletableFuture<Allocation> result) {
    if (ended.isDone()) {
      result.completeExceptionally(new TurnFailed(ended.join()));
    } else if (relayed == null) {
      waiting.add(result);
    } else {
      give(result);
    }
  }

  private void give(CompletableFuture<Allocation> result) {
    linger.close();
    if (result.complete(this)) {
      users++;
    }
    lingerIfUnused();
  }

  private void lingerIfUnused() {
    if (users == 0 && !ended.isDone()) {
      linger.close();
      linger = tools.timers().after(LINGER, tools.port().loop(), () -> end(CLOSED));
    }
  }

  @Override
  public void open() {
    if (!opened) {
      opened = true;
      allocate(Stun.FAMILY_IPV4);
    }
  }

  private void allocate(int family) {
    exchange.ask(Stun.ALLOCATE, w -> {
      StunWriter request = w.firstOfFour(Stun.REQUESTED_TRANSPORT, Stun.UDP).number(Stun.LIFETIME, LIFETIME_SECONDS);
      return family == Stun.FAMILY_IPV4 ? request : request.firstOfFour(Stun.REQUESTED_ADDRESS_FAMILY, family);
    }, PATIENCE, answer -> allocated(answer, family));
  }

  private void allocated(Answer answer, int family) {
    if (ended.isDone()) {
      return;
    }
    if (!answer.isSuccess()) {
      if (answer.error() == 437 && !cleared) {
        // What an earlier process left behind on this very port.
        cleared = true;
        exchange.ask(Stun.REFRESH, w -> w.number(Stun.LIFETIME, 0), PATIENCE, done -> allocate(family));
      } else if (answer.error() == 440 && family == Stun.FAMILY_IPV4) {
        allocate(Stun.FAMILY_IPV6);
      } else {
        end(answer.reason(target));
      }
      return;
    }
    InetSocketAddress lent = answer.message().address(Stun.XOR_RELAYED_ADDRESS);
    InetSocketAddress seen = answer.message().address(Stun.XOR_MAPPED_ADDRESS);
    if (lent == null || seen == null) {
      end(Reason.of("turn_refused", "an answer without an address from " + target));
      return;
    }
    mapped = seen;
    relayed = lent;
    nextRefresh();
    List<CompletableFuture<Allocation>> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(this::give);
  }

  /** Far more often than its lifetime asks for: it keeps the NAT's mapping, and tells soon if the relay has forgotten us. */
  private void nextRefresh() {
    refresh.close();
    double factor = 1 + JITTER * (tools.random().nextDouble() * 2 - 1);
    refresh = tools.timers().after(Duration.ofNanos((long) (REFRESH.toNanos() * factor)), tools.port().loop(), () -> refresh(PATIENCE));
  }

  private void refresh(Duration patience) {
    if (refreshing || ended.isDone() || relayed == null) {
      return;
    }
    refreshing = true;
    refresh.close();
    exchange.ask(Stun.REFRESH, w -> w.number(Stun.LIFETIME, LIFETIME_SECONDS), patience, answer -> {
      refreshing = false;
      if (ended.isDone()) {
        return;
      }
      if (answer.isSuccess()) {
        peers.tick();
        nextRefresh();
      } else {
        end(answer.error() == 437 ? Reason.of("expired", target + " has no address for this node any more") : answer.reason(target));
      }
    });
  }

  /** Whether the relay was asked and has not answered yet. */
  boolean isRefreshing() {
    return refreshing;
  }

  @Override
  public boolean received(ByteBuf packet) {
    if (ChannelData.looksLike(packet)) {
      InetSocketAddress from = peers.peer(ChannelData.channel(packet));
      int length = ChannelData.length(packet);
      if (from != null && length != ChannelData.MALFORMED) {
        deliver(packet.slice(packet.readerIndex() + ChannelData.HEADER, length), from);
      }
      return true;
    }
    if (!StunMessage.looksLike(packet)) {
      return false;
    }
    StunMessage message;
    try {
      message = StunMessage.decode(packet);
    } catch (MalformedStun e) {
      return true; // From the relay's address, and of no use to anybody.
    }
    if (message.is(Kind.indication, Stun.DATA)) {
      InetSocketAddress from = message.address(Stun.XOR_PEER_ADDRESS);
      ByteBuf data = message.data(Stun.DATA_VALUE);
      if (from != null && data != null) {
        deliver(data, from);
      }
      return true;
    }
    return exchange.received(message);
  }

  private void deliver(ByteBuf data, InetSocketAddress from) {
    received.add(data.readableBytes());
    if (StunMessage.looksLike(data)) {
      tools.checks().check(data, from, this);
      return;
    }
    Conduit conduit = conduits.get(from);
    if (conduit != null) {
      // The codec wants memory outside of the heap, which data out of an indication is not in.
      conduit.received(data.isDirect() ? data.retainedSlice() : Frames.buffer(data.readableBytes()).writeBytes(data));
    }
  }

  @Override
  public void lost(Reason reason) {
    end(reason);
  }

  void end(Reason reason) {
    if (ended.isDone()) {
      return;
    }
    if (relayed != null && reason.code().equals(CLOSED.code())) {
      exchange.tell(Stun.REFRESH, w -> w.number(Stun.LIFETIME, 0));
    }
    refresh.close();
    linger.close();
    exchange.close();
    peers.close();
    conduits.clear();
    leg.close();
    ended.complete(reason);
    List<CompletableFuture<Allocation>> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(result -> result.completeExceptionally(new TurnFailed(reason)));
  }

  private void onLoop(Runnable task) {
    if (tools.port().loop().inEventLoop()) {
      task.run();
    } else {
      tools.port().loop().execute(task);
    }
  }

  @Override
  public InetSocketAddress relayed() {
    return relayed;
  }

  @Override
  public InetSocketAddress mapped() {
    return mapped;
  }

  @Override
  public RelayTarget target() {
    return target;
  }

  @Override
  public void send(ByteBuf packet, InetSocketAddress to) {
    onLoop(() -> {
      if (ended.isDone()) {
        packet.release();
      } else {
        peers.send(packet, to);
      }
    });
  }

  @Override
  public void lead(Conduit conduit, InetSocketAddress to, PathInfo info) {
    onLoop(() -> {
      if (!ended.isDone()) {
        peers.want(to);
      }
    });
    conduit.sendThrough((packets, segmentSize) -> carry(packets, segmentSize, to), info);
  }

  private void carry(ByteBuf packets, int segmentSize, InetSocketAddress to) {
    if (ended.isDone()) {
      packets.release();
      return;
    }
    sent.add(packets.readableBytes());
    peers.send(packets, segmentSize, to);
  }

  @Override
  public void admit(Conduit conduit, InetSocketAddress from) {
    onLoop(() -> {
      if (!ended.isDone()) {
        conduits.put(from, conduit);
      }
    });
  }

  @Override
  public void forget(Conduit conduit) {
    onLoop(() -> conduits.values().removeIf(c -> c == conduit));
  }

  @Override
  public void probe() {
    onLoop(() -> refresh(PROBE_PATIENCE));
  }

  @Override
  public void abandon() {
    onLoop(() -> end(Reason.of("expired", "this node has another address now")));
  }

  @Override
  public Optional<Reason> refusal(InetAddress peer) {
    return peers.refusal(peer);
  }

  @Override
  public Instant expires() {
    return exchange.expires();
  }

  @Override
  public long bytesSent() {
    return sent.sum();
  }

  @Override
  public long bytesReceived() {
    return received.sum();
  }

  @Override
  public CompletionStage<Reason> ended() {
    return ended.minimalCompletionStage();
  }

  @Override
  public void close() {
    onLoop(() -> {
      users--;
      lingerIfUnused();
    });
  }
}
