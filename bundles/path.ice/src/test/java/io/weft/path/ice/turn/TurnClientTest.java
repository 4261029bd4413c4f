package io.weft.path.ice.turn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.node.Clock;
import io.weft.node.Reason;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunWriter;
import io.weft.support.stun.Transaction;
import io.weft.testkit.Fuzz;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TurnClientTest {

  private static final InetSocketAddress PEER = new InetSocketAddress("198.51.100.99", 4_000);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final ScriptedRelay relay = new ScriptedRelay();
  private final List<String> checks = new ArrayList<>();
  private final WallClock clock = new WallClock();
  private final TurnClient client = new TurnClient(relay, new NoIo(), clock, relay.time, new SplittableRandom(1),
      (packet, from, through) -> checks.add(from + " " + packet.readableBytes()));

  /** A clock of the node that may differ from the relay's; time itself passes the same. */
  private final class WallClock implements Clock {

    private Duration behind = Duration.ZERO;

    @Override
    public Instant now() {
      return relay.time.now().minus(behind);
    }

    @Override
    public long nanos() {
      return relay.time.nanos();
    }
  }

  private Allocation allocation() {
    CompletableFuture<Allocation> result = client.allocate(relay.target());
    relay.settle();
    return result.join();
  }

  private static Reason ended(Allocation allocation) {
    return allocation.ended().toCompletableFuture().getNow(null);
  }

  private static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, UTF_8);
  }

  @Test
  void anAddressIsLentToAllWhoAsk() {
    Allocation one = allocation();
    Allocation two = allocation();
    assertThat(one).isSameAs(two);
    assertThat(one.relayed()).isEqualTo(ScriptedRelay.LENT);
    assertThat(one.mapped()).isEqualTo(ScriptedRelay.NODE);
    assertThat(relay.asked).containsExactly(Stun.ALLOCATE, Stun.ALLOCATE);
    one.close();
    relay.pass(Duration.ofMinutes(2));
    assertThat(ended(two)).as("one still has it").isNull();
    two.close();
    relay.pass(Duration.ofSeconds(29));
    assertThat(ended(two)).as("it might be wanted again").isNull();
    relay.pass(Duration.ofSeconds(2));
    assertThat(ended(two).code()).isEqualTo("closed");
    assertThat(relay.allocated).as("the relay was told").isFalse();
    assertThat(relay.isClaimed()).isFalse();
    assertThat(relay.time.pending()).isZero();
  }

  @Test
  void requestsOutliveMuchLoss() {
    SplittableRandom random = new SplittableRandom(7);
    relay.lost = message -> random.nextInt(100) < 78;
    CompletableFuture<Allocation> result = client.allocate(relay.target());
    relay.pass(Duration.ofSeconds(8));
    assertThat(result).isCompleted();
    relay.lost = message -> true;
    relay.pass(Duration.ofSeconds(40));
    assertThat(ended(result.join()).code()).isEqualTo("unreachable");
    assertThat(relay.time.pending()).isZero();
  }

  @Test
  void noAnswerIsUnreachable() {
    relay.lost = message -> true;
    CompletableFuture<Allocation> result = client.allocate(relay.target());
    relay.pass(Duration.ofSeconds(9));
    assertThatThrownBy(result::join).hasCauseInstanceOf(TurnFailed.class).hasMessageContaining("unreachable");
    assertThat(relay.isClaimed()).isFalse();
  }

  @Test
  void refusalsSayWhichNumber() {
    relay.errors.put(Stun.ALLOCATE, 486);
    CompletableFuture<Allocation> result = client.allocate(relay.target());
    relay.settle();
    assertThatThrownBy(result::join).hasMessageContaining("turn_refused: 486 as told from turn:relay");
    relay.errors.clear();
    assertThat(allocation().relayed()).as("trying again is safe").isEqualTo(ScriptedRelay.LENT);
  }

  @Test
  void whatAnEarlierProcessLeftIsGivenBackFirst() {
    relay.allocated = true;
    assertThat(allocation().relayed()).isEqualTo(ScriptedRelay.LENT);
    assertThat(relay.asked).containsExactly(Stun.ALLOCATE, Stun.ALLOCATE, Stun.REFRESH, Stun.ALLOCATE);
  }

  @Test
  void checksGoOutAfterPermissionAndComeIn() {
    Allocation allocation = allocation();
    allocation.send(text("check"), PEER);
    assertThat(relay.indicated).isEmpty();
    relay.settle();
    assertThat(relay.indicated).containsExactly(PEER + "=check");
    ByteBuf check = StunWriter.of(Kind.request, Stun.BINDING, new Transaction(1, 1)).finish();
    byte[] bytes = new byte[check.readableBytes()];
    check.readBytes(bytes);
    relay.toNode(relay.data(PEER, bytes));
    assertThat(checks).containsExactly(PEER + " 20");
  }

  @Test
  void permissionsThatAreRefusedAreKnown() {
    Allocation allocation = allocation();
    relay.errors.put(Stun.CREATE_PERMISSION, 403);
    allocation.send(text("check"), PEER);
    relay.settle();
    assertThat(relay.indicated).isEmpty();
    assertThat(allocation.refusal(PEER.getAddress())).hasValueSatisfying(r -> {
      assertThat(r.code()).isEqualTo("turn_refused");
      assertThat(r.detail()).startsWith("403");
    });
    allocation.send(text("check"), PEER);
    relay.settle();
    assertThat(relay.count(Stun.CREATE_PERMISSION)).as("not asked each time").isEqualTo(1);
  }

  @Test
  void packetsAreFramedTogetherOnceThereIsAChannel() {
    Allocation allocation = allocation();
    TestConduit conduit = new TestConduit();
    allocation.admit(conduit, PEER);
    allocation.lead(conduit, PEER, TestConduit.RELAYED);
    conduit.say(relay, 3, "early");
    relay.settle();
    assertThat(relay.framed).isEmpty();
    assertThat(relay.indicated).containsExactly(PEER + "=ear", PEER + "=ly");
    conduit.say(relay, 4, "one:two:3");
    relay.settle();
    assertThat(relay.framed).containsExactly(PEER + "=one:", PEER + "=two:", PEER + "=3");
    assertThat(relay.segmentSizes).as("one write").containsExactly(8);
    int channel = relay.channels.keySet().iterator().next();
    relay.toNode(relay.frame(channel, "back".getBytes(UTF_8)));
    relay.toNode(relay.data(PEER, "and again".getBytes(UTF_8)));
    relay.toNode(relay.frame(channel + 1, "unknown".getBytes(UTF_8)));
    assertThat(conduit.heard).containsExactly("back", "and again");
    allocation.forget(conduit);
    relay.toNode(relay.frame(channel, "late".getBytes(UTF_8)));
    assertThat(conduit.heard).hasSize(2);
    assertThat(allocation.bytesSent()).isEqualTo(14);
  }

  @Test
  void whatIsUsedIsKeptAndWhatIsNotIsLetGo() {
    Allocation allocation = allocation();
    TestConduit conduit = new TestConduit();
    allocation.lead(conduit, PEER, TestConduit.RELAYED);
    relay.settle();
    for (int i = 0; i < 60; i++) {
      conduit.say(relay, 10, "x");
      relay.pass(Duration.ofSeconds(20));
    }
    assertThat(relay.framed).hasSize(60);
    assertThat(relay.count(Stun.CHANNEL_BIND)).isBetween(2, 5);
    assertThat(relay.count(Stun.CREATE_PERMISSION)).isBetween(4, 10);
    relay.asked.clear();
    relay.pass(Duration.ofMinutes(20));
    assertThat(relay.count(Stun.CREATE_PERMISSION) + relay.count(Stun.CHANNEL_BIND)).isLessThanOrEqualTo(4);
    assertThat(ended(allocation)).isNull();
  }

  @Test
  void credentialsAreRenewedBeforeTheyEnd() {
    Allocation allocation = allocation();
    relay.pass(Duration.ofMinutes(100));
    assertThat(ended(allocation)).isNull();
    assertThat(relay.users).hasSizeGreaterThanOrEqualTo(3);
    assertThat(allocation.expires()).isAfter(relay.time.now().plusSeconds(1_700));
  }

  @Test
  void aRelayThatWantsTheFirstUserKeepsGettingIt() {
    relay.keepsUser = true;
    Allocation allocation = allocation();
    relay.pass(Duration.ofMinutes(50));
    assertThat(ended(allocation)).isNull();
    relay.pass(Duration.ofMinutes(15));
    assertThat(ended(allocation).code()).as("this one looks at the expiry, too").isEqualTo("clock_skew");
  }

  @Test
  void aClockThatIsOffIsNamedWithHowMuch() {
    clock.behind = Duration.ofHours(2).plusMinutes(3);
    assertThatThrownBy(this::allocation).rootCause()
        .hasMessageStartingWith("clock_skew").hasMessageContaining("its clock is 2h3m ahead of ours");
    assertThat(relay.asked).as("no loop of requests").hasSizeLessThanOrEqualTo(3);
    relay.saysClock = false;
    assertThatThrownBy(this::allocation).rootCause().hasMessageStartingWith("unauthorized");
  }

  @Test
  void whatIsLentOutlivesAClockThatJumpsAndComesBack() {
    Allocation allocation = allocation();
    relay.pass(Duration.ofMinutes(10));
    clock.behind = Duration.ofHours(5);
    relay.pass(Duration.ofMinutes(35));
    assertThat(ended(allocation)).as("the credentials of before still count").isNull();
    clock.behind = Duration.ZERO;
    relay.pass(Duration.ofMinutes(120));
    assertThat(ended(allocation)).isNull();
    assertThat(allocation.expires()).isAfter(relay.time.now());
    clock.behind = Duration.ofHours(-5);
    relay.pass(Duration.ofMinutes(120));
    assertThat(ended(allocation)).as("credentials that end late are none the worse").isNull();
  }

  @Test
  void withAClockThatStaysWrongItEndsOnceAndSaysWhy() {
    Allocation allocation = allocation();
    clock.behind = Duration.ofHours(5);
    relay.pass(Duration.ofMinutes(61));
    assertThat(ended(allocation).code()).isEqualTo("clock_skew");
    int asked = relay.asked.size();
    relay.pass(Duration.ofMinutes(10));
    assertThat(relay.asked).as("nobody asks for what nobody wants").hasSize(asked);
  }

  @Test
  void oldNoncesAreReplaced() {
    Allocation allocation = allocation();
    relay.nonces++;
    relay.pass(Duration.ofSeconds(30));
    assertThat(ended(allocation)).isNull();
    assertThat(relay.count(Stun.REFRESH)).isGreaterThanOrEqualTo(2);
  }

  @Test
  void aRelayThatForgotIsNoticedWhenAsked() {
    Allocation allocation = allocation();
    relay.allocated = false;
    allocation.probe();
    relay.pass(SOON);
    assertThat(ended(allocation).code()).isEqualTo("expired");
    assertThat(allocation().relayed()).isEqualTo(ScriptedRelay.LENT);
  }

  @Test
  void closingEndsEverything() {
    Allocation allocation = allocation();
    allocation.send(text("check"), PEER);
    client.close();
    relay.settle();
    assertThat(ended(allocation).code()).isEqualTo("closed");
    assertThat(relay.time.pending()).isZero();
    assertThatThrownBy(() -> allocation()).hasMessageContaining("closed");
  }

  @Test
  void whateverTheRelaySaysIsTakenOrLeft() {
    Allocation allocation = allocation();
    TestConduit conduit = new TestConduit();
    allocation.admit(conduit, PEER);
    allocation.lead(conduit, PEER, TestConduit.RELAYED);
    relay.settle();
    int channel = relay.channels.keySet().iterator().next();
    List<byte[]> samples = new ArrayList<>();
    for (ByteBuf sample : List.of(relay.data(PEER, new byte[40]), relay.frame(channel, new byte[40]),
        StunWriter.of(Kind.error, Stun.REFRESH, new Transaction(3, 3)).bytes(Stun.ERROR_CODE, new byte[] {0, 0, 4, 37}).text(Stun.NONCE, "x").finish(),
        StunWriter.of(Kind.success, Stun.ALLOCATE, new Transaction(4, 4)).address(Stun.XOR_RELAYED_ADDRESS, PEER).finish())) {
      byte[] bytes = new byte[sample.readableBytes()];
      sample.readBytes(bytes);
      samples.add(bytes);
    }
    LiveAllocation live = (LiveAllocation) allocation;
    new Fuzz(5, samples, 1_500).run(100_000, IllegalStateException.class, input -> {
      ByteBuf packet = Unpooled.wrappedBuffer(input);
      live.received(packet);
      conduit.heard.clear();
      checks.clear();
    });
    assertThat(ended(allocation)).isNull();
  }

  /** Nobody connects here. */
  private static final class NoIo implements io.weft.transport.Io {

    @Override
    public io.netty.channel.EventLoopGroup loops() {
      throw new UnsupportedOperationException("no sockets here");
    }

    @Override
    public Class<? extends io.netty.channel.socket.ServerSocketChannel> tcpServer() {
      throw new UnsupportedOperationException("no sockets here");
    }

    @Override
    public Class<? extends io.netty.channel.socket.SocketChannel> tcp() {
      throw new UnsupportedOperationException("no sockets here");
    }

    @Override
    public Class<? extends io.netty.channel.socket.DatagramChannel> udp() {
      throw new UnsupportedOperationException("no sockets here");
    }

    @Override
    public boolean epoll() {
      return false;
    }
  }
}
