package io.weft.relay.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.weft.support.stun.ChannelData;
import io.weft.support.stun.Credentials;
import io.weft.support.stun.MalformedStun;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunStream;
import io.weft.support.stun.StunWriter;
import io.weft.support.stun.Transaction;
import io.weft.testkit.Fuzz;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever comes, it is read within bounds or not at all. */
class StunFuzzTest {

  private static final int INPUTS = 100_000;
  private static final int LENGTH_MAX = 2_000;
  private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);
  private static final InetSocketAddress FOUR = new InetSocketAddress("203.0.113.7", 4_000);
  private static final InetSocketAddress SIX = new InetSocketAddress("2001:db8::7", 4_000);

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  static List<byte[]> samples() {
    Transaction transaction = new Transaction(1, 2);
    List<byte[]> samples = new ArrayList<>();
    samples.add(bytes(StunWriter.of(Kind.request, Stun.BINDING, transaction).number(Stun.CHANGE_REQUEST, 6).fingerprint().finish()));
    samples.add(bytes(StunWriter.of(Kind.success, Stun.ALLOCATE, transaction).address(Stun.XOR_RELAYED_ADDRESS, FOUR)
        .address(Stun.XOR_MAPPED_ADDRESS, SIX).number(Stun.LIFETIME, 600).integrity(KEY).fingerprint().finish()));
    samples.add(bytes(StunWriter.of(Kind.error, Stun.REFRESH, transaction).bytes(Stun.ERROR_CODE, new byte[] {0, 0, 4, 38, 'o', 'l', 'd'})
        .text(Stun.REALM, "weft").text(Stun.NONCE, "abc").finish()));
    samples.add(bytes(StunWriter.of(Kind.indication, Stun.SEND, transaction).address(Stun.XOR_PEER_ADDRESS, FOUR)
        .bytes(Stun.DATA_VALUE, new byte[100]).finish()));
    samples.add(bytes(StunWriter.of(Kind.request, Stun.CHANNEL_BIND, transaction).channel(0x4001).address(Stun.XOR_PEER_ADDRESS, FOUR)
        .text(Stun.USERNAME, "1:a").text(Stun.REALM, "weft").text(Stun.NONCE, "abc").integrity(KEY).fingerprint().finish()));
    ByteBuf frame = Unpooled.buffer();
    ChannelData.header(frame, 0x4001, 50);
    samples.add(bytes(frame.writeZero(52)));
    return samples;
  }

  @Test
  void messages() {
    new Fuzz(1, samples(), LENGTH_MAX).run(INPUTS, MalformedStun.class, input -> {
      StunMessage message = StunMessage.decode(Unpooled.wrappedBuffer(input));
      message.errorCode();
      message.errorText();
      message.isAuthentic(KEY);
      message.unknown(Set.of(Stun.USERNAME));
      for (int type : new int[] {Stun.USERNAME, Stun.REALM, Stun.NONCE, Stun.XOR_PEER_ADDRESS, Stun.XOR_RELAYED_ADDRESS, Stun.LIFETIME}) {
        message.text(type);
        message.number(type);
        message.addresses(type);
        message.bytes(type);
      }
    });
  }

  @Test
  void streams() {
    new Fuzz(2, samples(), LENGTH_MAX).run(INPUTS, MalformedStun.class, input -> {
      ByteBuf in = Unpooled.wrappedBuffer(input);
      while (in.isReadable()) {
        int length = StunStream.length(in);
        if (length == StunStream.UNKNOWN || length > in.readableBytes()) {
          return;
        }
        ByteBuf one = in.readSlice(length);
        if (ChannelData.looksLike(one)) {
          one.getBytes(ChannelData.HEADER, new byte[ChannelData.length(one)]);
        }
      }
    });
  }

  /** The whole server, on one connection of a client that is let in: what it reads it may refuse, but never fail on. */
  @Test
  void requests() throws Exception {
    try (RelayRig rig = new RelayRig(java.util.Map.of("listen", ""))) {
      List<byte[]> signed = new ArrayList<>(samples());
      Credentials credentials = Credentials.timeLimited(rig.secret(), "a", Instant.ofEpochSecond(rig.time.now().getEpochSecond() + 60));
      Bench bench = new Bench(rig, credentials);
      signed.addAll(bench.signed());
      new Fuzz(3, signed, LENGTH_MAX).run(INPUTS, MalformedStun.class, bench::feed);
      bench.close();
    }
  }

  /** The two ends of the pipeline of a connection, in memory. */
  private static final class Bench {

    private final Core core;
    private final Credentials credentials;
    private EmbeddedChannel channel;

    Bench(RelayRig rig, Credentials credentials) {
      this.credentials = credentials;
      Counters counters = new Counters();
      Gate gate = new Gate("weft", rig.time, new java.security.SecureRandom());
      gate.secrets(List.of(rig.secret()));
      Limits limits = Limits.of(rig.config());
      PortRange ports = PortRange.parse("1-2");
      this.core = new Core(null, rig.time, rig.time, new java.security.SecureRandom(), counters, gate, new Quotas(), ports,
          new Reservations(ports, rig.time, new java.security.SecureRandom()),
          RelayRig.LOOPBACK, RelayRig.LOOPBACK, () -> limits, () -> PeerPolicy.of(rig.config(), Set.of()), List::of, Core.noneLent(), new Load(0),
          new Meter(1_000_000, 0), new Strangers(0));
      open();
    }

    private void open() {
      TcpFront front = new TcpFront(core, new Bindings(core.counters(), core.strangers()), "tcp");
      channel = new EmbeddedChannel() {
        @Override
        public InetSocketAddress remoteAddress() {
          return FOUR;
        }

        @Override
        public InetSocketAddress localAddress() {
          return FOUR;
        }
      };
      channel.pipeline().addLast(front);
    }

    List<byte[]> signed() {
      List<byte[]> signed = new ArrayList<>();
      byte[] key = credentials.key("weft");
      String nonce = core.gate().nonce(FOUR);
      for (int method : new int[] {Stun.REFRESH, Stun.CREATE_PERMISSION, Stun.CHANNEL_BIND}) {
        signed.add(bytes(StunWriter.of(Kind.request, method, new Transaction(3, method)).number(Stun.LIFETIME, 60).channel(0x4001)
            .address(Stun.XOR_PEER_ADDRESS, FOUR).text(Stun.USERNAME, credentials.user()).text(Stun.REALM, "weft").text(Stun.NONCE, nonce)
            .integrity(key).finish()));
      }
      return signed;
    }

    void feed(byte[] input) {
      channel.writeInbound(Unpooled.wrappedBuffer(input));
      channel.runPendingTasks();
      for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
        io.netty.util.ReferenceCountUtil.release(out);
      }
      channel.checkException();
      channel.finishAndReleaseAll();
      open();
    }

    void close() {
      channel.finishAndReleaseAll();
    }
  }
}
