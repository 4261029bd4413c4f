package io.weft.path.ice.turn;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.weft.node.Registration;
import io.weft.path.Conduit;
import io.weft.path.DatagramPort;
import io.weft.path.FreshPort;
import io.weft.support.stun.ChannelData;
import io.weft.support.stun.Credentials;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunWriter;
import io.weft.support.stun.Transaction;
import io.weft.testkit.ManualLoop;
import io.weft.testkit.ManualTime;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A port with one relay behind it that does what a test wants: loses packets, refuses, forgets. Time and packets move only when the test says so.
 */
final class ScriptedRelay implements DatagramPort {

  static final InetSocketAddress ADDRESS = new InetSocketAddress("203.0.113.1", 3_478);
  static final InetSocketAddress LENT = new InetSocketAddress("203.0.113.1", 50_000);
  static final InetSocketAddress NODE = new InetSocketAddress("198.51.100.5", 7_450);
  static final byte[] SECRET = "secret".getBytes(StandardCharsets.US_ASCII);

  private static final String REALM = "weft";

  final ManualTime time = new ManualTime();
  final ManualLoop loop = new ManualLoop();
  final List<Integer> asked = new ArrayList<>();
  final Set<String> users = new HashSet<>();
  final List<String> framed = new ArrayList<>();
  final List<Integer> segmentSizes = new ArrayList<>();
  final List<String> indicated = new ArrayList<>();
  final Map<Integer, InetSocketAddress> channels = new HashMap<>();
  final Map<Integer, Integer> errors = new HashMap<>();
  Predicate<StunMessage> lost = message -> false;
  boolean saysClock = true;
  boolean keepsUser;
  boolean allocated;
  int nonces = 1;
  private @Nullable String user;
  private @Nullable PacketHandler handler;
  private final ArrayDeque<ByteBuf> toNode = new ArrayDeque<>();

  RelayTarget target() {
    return new RelayTarget("turn:relay", "203.0.113.1", ADDRESS, RelayTarget.Transport.udp, expiry -> Credentials.timeLimited(SECRET, "a", expiry));
  }

  /** Lets everything happen that can without time passing. */
  void settle() {
    while (loop.runOne() || !toNode.isEmpty()) {
      ByteBuf packet = toNode.poll();
      if (packet != null && handler != null) {
        loop.execute(() -> {
          if (handler != null) {
            handler.packet(packet, ADDRESS);
          }
          packet.release();
        });
      } else if (packet != null) {
        packet.release();
      }
    }
  }

  void pass(Duration by) {
    for (long left = by.toMillis(); left > 0; left -= 50) {
      time.advance(Duration.ofMillis(Math.min(50, left)));
      settle();
    }
  }

  void toNode(ByteBuf packet) {
    toNode.add(packet);
    settle();
  }

  int count(int method) {
    return (int) asked.stream().filter(m -> m == method).count();
  }

  boolean isClaimed() {
    return handler != null;
  }

  @Override
  public List<InetSocketAddress> local() {
    return List.of(NODE);
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public void send(ByteBuf packet, InetSocketAddress to) {
    send(packet, packet.readableBytes(), to);
  }

  @Override
  public void send(ByteBuf packets, int segmentSize, InetSocketAddress to) {
    if (ChannelData.looksLike(packets)) {
      segmentSizes.add(segmentSize);
      while (packets.isReadable()) {
        ByteBuf one = packets.readSlice(Math.min(segmentSize, packets.readableBytes()));
        framed.add(channels.get(ChannelData.channel(one)) + "=" + one.toString(4, ChannelData.length(one), StandardCharsets.UTF_8));
      }
    } else {
      StunMessage message = StunMessage.decode(packets);
      if (message.kind() == Kind.indication) {
        indicated.add(message.address(Stun.XOR_PEER_ADDRESS) + "=" + new String(message.bytes(Stun.DATA_VALUE), StandardCharsets.UTF_8));
      } else {
        asked.add(message.method());
        if (!lost.test(message)) {
          toNode.add(answer(message));
        }
      }
    }
    packets.release();
  }

  private ByteBuf answer(StunMessage request) {
    String nonce = "nonce" + nonces;
    String name = request.text(Stun.USERNAME);
    if (name == null) {
      return StunWriter.error(request, 401, "Unauthenticated").text(Stun.REALM, REALM).text(Stun.NONCE, nonce).finish();
    }
    byte[] key = Credentials.of(SECRET, name).key(REALM);
    if (!request.isAuthentic(key)) {
      return StunWriter.error(request, 401, "Unauthenticated").text(Stun.REALM, REALM).text(Stun.NONCE, nonce).finish();
    }
    if (Credentials.expiry(name) < time.now().getEpochSecond()) {
      StunWriter late = StunWriter.error(request, 401, "Unauthenticated").text(Stun.REALM, REALM).text(Stun.NONCE, nonce);
      return (saysClock ? late.number(Stun.RELAY_CLOCK, time.now().getEpochSecond()) : late).finish();
    }
    if (!nonce.equals(request.text(Stun.NONCE))) {
      return StunWriter.error(request, 438, "Stale Nonce").text(Stun.REALM, REALM).text(Stun.NONCE, nonce).finish();
    }
    users.add(name);
    int code = code(request, name);
    if (code != 0) {
      return StunWriter.error(request, code, "as told").integrity(key).finish();
    }
    return success(request, name).integrity(key).finish();
  }

  private int code(StunMessage request, String name) {
    Integer told = errors.get(request.method());
    if (told != null) {
      return told;
    }
    if (request.method() == Stun.ALLOCATE) {
      return allocated ? 437 : 0;
    }
    if (!allocated) {
      return 437;
    }
    return keepsUser && user != null && !user.equals(name) ? 441 : 0;
  }

  private StunWriter success(StunMessage request, String name) {
    StunWriter answer = StunWriter.success(request);
    switch (request.method()) {
      case Stun.ALLOCATE -> {
        allocated = true;
        user = name;
        answer.address(Stun.XOR_RELAYED_ADDRESS, LENT).address(Stun.XOR_MAPPED_ADDRESS, NODE).number(Stun.LIFETIME, 600);
      }
      case Stun.REFRESH -> {
        allocated = request.number(Stun.LIFETIME) != 0;
        answer.number(Stun.LIFETIME, request.number(Stun.LIFETIME));
      }
      case Stun.CHANNEL_BIND -> channels.put((int) (request.number(Stun.CHANNEL_NUMBER) >>> 16), request.address(Stun.XOR_PEER_ADDRESS));
      default -> { }
    }
    return answer;
  }

  ByteBuf data(InetSocketAddress from, byte[] data) {
    return StunWriter.of(Kind.indication, Stun.DATA, new Transaction(9, 9)).address(Stun.XOR_PEER_ADDRESS, from).bytes(Stun.DATA_VALUE, data).finish();
  }

  ByteBuf frame(int channel, byte[] data) {
    ByteBuf frame = Unpooled.buffer();
    ChannelData.header(frame, channel, data.length);
    return frame.writeBytes(data);
  }

  @Override
  public Registration receive(PacketHandler other) {
    throw new UnsupportedOperationException("nobody asks for other packets here");
  }

  @Override
  public Registration claim(InetSocketAddress source, PacketHandler claimed) {
    handler = claimed;
    return () -> handler = null;
  }

  @Override
  public Conduit conduit() {
    return new TestConduit();
  }

  @Override
  public CompletableFuture<FreshPort> fresh() {
    throw new UnsupportedOperationException("nobody asks for another port here");
  }
}
