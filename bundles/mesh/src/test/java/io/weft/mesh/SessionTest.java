package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.weft.channel.ChannelKind;
import io.weft.mesh.wire.Answer;
import io.weft.mesh.wire.Frame;
import io.weft.mesh.wire.StreamCode;
import io.weft.mesh.wire.StreamHeader;
import io.weft.node.Reason;
import io.weft.testkit.FakeStreamHandler;
import io.weft.testkit.Fuzz;
import io.weft.transport.Stream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node against a peer that has the right key and does the wrong things. */
class SessionTest {

  private static final ChannelKind STREAM = ChannelKind.stream;

  private final Sim sim = new Sim(5, Map.of(), "a", "b");
  private final MeshNode a = sim.start("a");
  // It lends its name and its transport to the rogue, and knows nobody, so that it stays out of the way.
  private final MeshNode b = sim.start("b", new String[0]);

  private Rogue rogue() {
    return new Rogue(sim, b, "a");
  }

  private Rogue up() {
    Rogue rogue = rogue().hello(77, 1);
    assertThat(a.isUp("b")).isTrue();
    return rogue;
  }

  private static byte[] header(long id, ChannelKind kind, String service) {
    return array(new StreamHeader(kind, id, service, "").encode(ByteBufAllocator.DEFAULT));
  }

  private static byte[] array(ByteBuf bytes) {
    byte[] array = io.netty.buffer.ByteBufUtil.getBytes(bytes);
    bytes.release();
    return array;
  }

  // Hello.

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void isUpAfterHelloBothWays() {
    Rogue rogue = rogue();
    assertThat(a.isUp("b")).isFalse();
    rogue.openControl();
    assertThat(rogue.frames).isEmpty();
    rogue.say(new Frame.Hello(1, 77, 5, "b", "test", "", ""));
    assertThat(a.isUp("b")).isTrue();
    assertThat(rogue.frames.get(0)).isEqualTo(new Frame.Hello(1, a.incarnation, 0, "a", "test", "000000000000", "0.0.0-test"));
    assertThat(rogue.frames).anyMatch(f -> f instanceof Frame.Services).anyMatch(f -> f instanceof Frame.Ping);
    rogue.say(new Frame.Ping(42));
    assertThat(rogue.frames).contains(new Frame.Pong(42));
    rogue.say(0xfe, 0, 1, 9); // A frame of a later version, to be skipped.
    assertThat(rogue.ended()).isEmpty();
  }

  @Test
  void refusesAHelloOfAnotherKind() {
    assertThat(rogue().openControl().say(new Frame.Hello(2, 1, 1, "b", "test", "", "")).ended()).isEqualTo("wrong_version");
    assertThat(rogue().openControl().say(new Frame.Hello(1, 1, 1, "b", "other", "", "")).ended()).isEqualTo("wrong_fabric");
    assertThat(rogue().openControl().say(new Frame.Hello(1, 1, 1, "c", "test", "", "")).ended()).isEqualTo("wrong_name");
    assertThat(rogue().openControl().say(new Frame.Ping(1)).ended()).isEqualTo("protocol");
    assertThat(rogue().hello(1, 1).say(new Frame.Hello(1, 1, 1, "b", "test", "", "")).ended()).isEqualTo("protocol");
    assertThat(a.isUp("b")).isFalse();
  }

  @Test
  void closesALinkOnWhichNobodySaysHello() {
    Rogue silent = rogue();
    Rogue half = rogue().openControl();
    sim.run(Duration.ofSeconds(4));
    assertThat(silent.ended() + half.ended()).isEmpty();
    sim.run(Duration.ofSeconds(2));
    assertThat(silent.ended()).isEqualTo("hello_timeout");
    assertThat(half.ended()).isEqualTo("hello_timeout");
  }

  @Test
  void refusesChannelsBeforeHello() {
    Recorder.serve(a, "pg", STREAM, "b");
    Rogue rogue = rogue();
    FakeStreamHandler handler = new FakeStreamHandler();
    rogue.channel(2, STREAM, "pg", handler);
    assertThat(handler.events()).containsExactly("reset " + StreamCode.protocol.ordinal(), "closed");
    assertThat(a.fabric.channels()).isEmpty();
  }

  // Control stream.

  @Test
  void closesTheLinkOfWhoBreaksTheControlStream() {
    assertThat(up().say(0x08, 0, 0).ended()).isEqualTo("protocol");
    assertThat(up().say(0x02, 0x40, 0x01).ended()).isEqualTo("protocol");
    Rogue second = up();
    second.write(second.open(new FakeStreamHandler()), StreamHeader.CONTROL.encode(ByteBufAllocator.DEFAULT));
    assertThat(second.ended()).isEqualTo("protocol");
    Rogue finishing = up();
    finishing.run(finishing.control::finish);
    assertThat(finishing.ended()).isEqualTo("protocol");
    assertThat(finishing.end.detail()).isEqualTo("the peer ended the control stream");
    Rogue cutting = up();
    cutting.run(() -> cutting.control.reset(0));
    assertThat(cutting.ended()).isEqualTo("protocol");
  }

  @Test
  void survivesAnyControlFrames() {
    List<byte[]> samples = List.of(
        array(Frame.encode(new Frame.Ping(1), ByteBufAllocator.DEFAULT)),
        array(Frame.encode(new Frame.Credit(2, 1 << 20), ByteBufAllocator.DEFAULT)),
        array(Frame.encode(new Frame.Services(List.of(new Frame.Service(STREAM, "pg"))), ByteBufAllocator.DEFAULT)),
        array(Frame.encode(new Frame.Labels(Map.of("relay", "turn:192.0.2.7:3478")), ByteBufAllocator.DEFAULT)),
        array(Frame.encode(new Frame.Leave(Reason.of("leaving")), ByteBufAllocator.DEFAULT)));
    Rogue[] rogue = {up()};
    int[] fresh = {1};
    new Fuzz(1, samples, 300).run(3000, IllegalStateException.class, input -> {
      rogue[0].write(rogue[0].control, Unpooled.wrappedBuffer(input));
      if (!rogue[0].ended().isEmpty()) {
        assertThat(rogue[0].ended()).isIn("protocol", "leaving");
        rogue[0] = rogue().hello(1000 + fresh[0]++, 1);
      }
      assertThat(a.isUp("b")).isTrue();
    });
  }

  // Streams.

  @Test
  void cutsOnlyTheStreamWhoseHeaderIsWrong() {
    Recorder.serve(a, "pg", STREAM, "b");
    Rogue rogue = up();
    FakeStreamHandler good = new FakeStreamHandler();
    rogue.channel(2, STREAM, "pg", good);
    byte[] wrongVersion = {9};
    byte[] reused = header(2, STREAM, "pg");
    byte[] notIts = header(3, STREAM, "pg");
    for (byte[] bad : List.of(wrongVersion, reused, notIts)) {
      FakeStreamHandler handler = new FakeStreamHandler();
      rogue.write(rogue.open(handler), Unpooled.wrappedBuffer(bad));
      assertThat(handler.events()).containsExactly("reset " + StreamCode.protocol.ordinal(), "closed");
    }
    assertThat(good.events()).isEmpty();
    assertThat(rogue.ended()).isEmpty();
    assertThat(a.fabric.counters()).containsEntry("protocol_errors", 3L);
  }

  @Test
  void cutsAStreamWhoseHeaderDoesNotCome() {
    Rogue rogue = up();
    FakeStreamHandler handler = new FakeStreamHandler();
    rogue.write(rogue.open(handler), Unpooled.wrappedBuffer(new byte[] {1, 1, 0}));
    sim.run(Duration.ofSeconds(9));
    assertThat(handler.events()).isEmpty();
    sim.run(Duration.ofSeconds(2));
    assertThat(handler.events()).containsExactly("reset " + StreamCode.protocol.ordinal(), "closed");
    FakeStreamHandler ended = new FakeStreamHandler();
    Stream stream = rogue.open(ended);
    rogue.run(() -> {
      stream.write(Unpooled.wrappedBuffer(new byte[] {1, 1, 0}));
      stream.finish();
    });
    assertThat(ended.events()).containsExactly("reset " + StreamCode.protocol.ordinal(), "closed");
  }

  @Test
  void takesAHeaderThatComesByteByByte() {
    List<Recorder> served = Recorder.serve(a, "pg", STREAM, "b");
    Rogue rogue = up();
    FakeStreamHandler handler = new FakeStreamHandler();
    Stream stream = rogue.open(handler);
    for (byte b : header(2, STREAM, "pg")) {
      rogue.write(stream, Unpooled.wrappedBuffer(new byte[] {b}));
    }
    rogue.write(stream, Unpooled.wrappedBuffer(new byte[] {'h', 'i'}));
    assertThat(served.get(0).text).hasToString("hi");
    assertThat(handler.received()).isEqualTo(2);
  }

  @Test
  void cutsOffWhoSendsMoreThanGranted() {
    List<Recorder> served = Recorder.serve(a, "pg", STREAM, "b");
    Rogue rogue = up();
    FakeStreamHandler greedy = new FakeStreamHandler();
    FakeStreamHandler modest = new FakeStreamHandler();
    Stream one = rogue.channel(2, STREAM, "pg", greedy);
    Stream two = rogue.channel(4, STREAM, "pg", modest);
    served.get(0).stalled = true;
    rogue.write(one, Unpooled.wrappedBuffer(new byte[ReceiveWindow.INITIAL]));
    assertThat(greedy.events()).isEmpty();
    rogue.write(one, Unpooled.wrappedBuffer(new byte[1]));
    assertThat(greedy.events()).containsExactly("reset " + StreamCode.flow_violation.ordinal(), "closed");
    assertThat(served.get(0).closed()).isEqualTo("flow_violation");
    rogue.write(two, Unpooled.wrappedBuffer(new byte[100]));
    assertThat(served.get(1).received).isEqualTo(100);
    assertThat(a.fabric.counters()).containsEntry("flow_violations", 1L);
  }

  @Test
  void cutsOffWhoSendsTooMuchBeforeItIsTaken() {
    Recorder.serve(a, "slow", STREAM, java.util.Set.of("b"), channel -> new Recorder());
    Rogue rogue = up();
    FakeStreamHandler handler = new FakeStreamHandler();
    Stream stream = rogue.channel(2, STREAM, "slow", handler);
    rogue.write(stream, Unpooled.wrappedBuffer(new byte[ReceiveWindow.INITIAL + 1]));
    assertThat(handler.events()).containsExactly("reset " + StreamCode.flow_violation.ordinal(), "closed");
  }

  @Test
  void givesUpAnOpeningWhoseAnswerIsNonsense() {
    Rogue rogue = up();
    var opening = new Recorder().open(a, "b", "pg", STREAM);
    sim.settle();
    rogue.write(rogue.streams.get(rogue.streams.size() - 1).stream(), Rogue.buffer(99, 0));
    assertThat(Recorder.outcome(sim, opening)).isEqualTo("target_dead");
    var ended = new Recorder().open(a, "b", "pg", STREAM);
    sim.settle();
    rogue.run(rogue.streams.get(rogue.streams.size() - 1).stream()::finish);
    assertThat(Recorder.outcome(sim, ended)).isEqualTo("target_dead");
    var cut = new Recorder().open(a, "b", "pg", STREAM);
    sim.settle();
    rogue.run(() -> rogue.streams.get(rogue.streams.size() - 1).stream().reset(StreamCode.leaving.ordinal()));
    assertThat(Recorder.outcome(sim, cut)).isEqualTo("target_dead");
    assertThat(rogue.ended()).isEmpty();
  }

  @Test
  void takesPayloadThatComesWithTheAnswer() {
    Rogue rogue = up();
    Recorder near = new Recorder();
    var opening = near.open(a, "b", "pg", STREAM);
    sim.settle();
    Stream stream = rogue.streams.get(rogue.streams.size() - 1).stream();
    ByteBuf both = new Answer(io.weft.channel.ChannelOutcome.open, "").encode(ByteBufAllocator.DEFAULT).writeByte('x');
    rogue.write(stream, both);
    assertThat(Recorder.outcome(sim, opening)).isEqualTo("open");
    assertThat(near.text).hasToString("x");
    // Of channels that are not there.
    rogue.say(new Frame.Credit(12345, 10)).say(new Frame.Credit(0, 10)).say(new Frame.Blocked(12345, 10));
    assertThat(rogue.ended()).isEmpty();
  }

  @Test
  void dropsDatagramsOfChannelsThatAreNotThere() {
    Rogue rogue = up();
    for (int[] datagram : new int[][] {{}, {1}, {0, 0, 0, 2, 9}, {255, 255, 255, 255}}) {
      rogue.run(() -> rogue.link.sendDatagram(Rogue.buffer(datagram)));
    }
    assertThat(a.fabric.counters()).containsEntry("datagrams_dropped", 4L);
    assertThat(rogue.ended()).isEmpty();
  }

  @Test
  void cutsAFlowWhoseStreamIsNonsense() {
    Recorder.serve(a, "dns", ChannelKind.datagram, "b");
    Rogue rogue = up();
    FakeStreamHandler handler = new FakeStreamHandler();
    Stream stream = rogue.channel(2, ChannelKind.datagram, "dns", handler);
    rogue.write(stream, Rogue.buffer(255, 255));
    assertThat(handler.events()).containsExactly("reset " + StreamCode.protocol.ordinal(), "closed");
    assertThat(rogue.ended()).isEmpty();
  }

  @Test
  void survivesAnyStream() {
    Recorder.serve(a, "pg", STREAM, "b");
    Recorder.serve(a, "dns", ChannelKind.datagram, "b");
    List<byte[]> samples = List.of(header(2, STREAM, "pg"), header(4, ChannelKind.datagram, "dns"), header(6, STREAM, "none"));
    Rogue[] rogue = {up()};
    int[] count = {0};
    new Fuzz(2, samples, 300).run(3000, IllegalStateException.class, input -> {
      if (!rogue[0].ended().isEmpty()) {
        rogue[0] = rogue().hello(1000 + count[0], 1); // A second control stream ends the link, as it must.
      }
      FakeStreamHandler handler = new FakeStreamHandler();
      Stream stream = rogue[0].open(handler);
      if (stream == null) {
        rogue[0].link.close(Reason.of("test_full"));
        sim.settle();
        return;
      }
      rogue[0].write(stream, Unpooled.wrappedBuffer(input));
      if (count[0]++ % 3 == 0) {
        rogue[0].run(() -> stream.reset(1));
      }
    });
    rogue[0].link.close(Reason.of("test_over"));
    sim.settle();
    assertThat(a.fabric.channels()).isEmpty();
    sim.run(Duration.ofSeconds(30));
  }

  // A peer that does not read.

  @Test
  void keepsOnlyTheNewestFramesForAPeerThatDoesNotRead() {
    Rogue rogue = up();
    sim.network.block("a", "b");
    Recorder.serve(a, "pg", STREAM, "b");
    for (int i = 0; i < 20_000; i++) {
      rogue.say(new Frame.Ping(i));
    }
    rogue.frames.clear();
    sim.network.unblock("a", "b");
    sim.settle();
    List<Frame> pongs = rogue.frames.stream().filter(f -> f instanceof Frame.Pong).toList();
    assertThat(pongs).contains(new Frame.Pong(19_999));
    assertThat(rogue.ended()).isEmpty();
  }
}
