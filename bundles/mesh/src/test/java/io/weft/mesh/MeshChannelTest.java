package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.channel.ChannelInfo;
import io.weft.channel.ChannelKind;
import io.weft.node.Reason;
import io.weft.transport.RawChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What channels between two nodes carry, and what it costs. */
class MeshChannelTest extends ChannelCases {

  // Bytes and ends.

  @Test
  void carriesBytesAndEndsBothWays() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    Recorder near = open("pg", STREAM);
    near.write("hello");
    near.channel.finish();
    near.channel.finish();
    sim.settle();
    Recorder far = served.get(0);
    assertThat(far.text).hasToString("hello");
    assertThat(far.events).containsExactly("finished");
    assertThat(far.channel.origin()).isEqualTo("test:1");
    assertThat(far.channel.peer().name()).isEqualTo("a");
    far.write("good ");
    far.write("bye");
    far.channel.finish();
    sim.settle();
    assertThat(near.text).hasToString("good bye");
    assertThat(near.events).containsExactly("finished", "closed clean");
    assertThat(far.events).containsExactly("finished", "closed clean");
    near.write("late");
    assertThat(a.fabric.channels()).isEmpty();
    assertThat(b.fabric.channels()).isEmpty();
  }

  @Test
  void keepsTheTailThatWaitsForTheWindow() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    Recorder near = open("pg", STREAM);
    served.get(0).stalled = true;
    int size = ReceiveWindow.INITIAL + 300_000;
    near.channel.write(Unpooled.wrappedBuffer(new byte[size]));
    near.channel.finish();
    sim.settle();
    assertThat(served.get(0).received).isEqualTo(ReceiveWindow.INITIAL);
    assertThat(served.get(0).events).isEmpty();
    served.get(0).stalled = false;
    served.get(0).read();
    sim.settle();
    assertThat(served.get(0).received).isEqualTo(size);
    assertThat(served.get(0).events).containsExactly("finished");
  }

  @Test
  void tellsThePeerWhyItWasCut() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    for (String code : List.of("connection_reset", "timeout", "aborted", "something_own")) {
      Recorder near = open("pg", STREAM);
      near.write("some");
      near.channel.abort(Reason.of(code, "detail"));
      near.channel.abort(Reason.of("again"));
      sim.settle();
      assertThat(near.events).containsExactly("closed " + code);
      Recorder far = served.get(served.size() - 1);
      assertThat(far.closed()).isEqualTo(code.equals("something_own") ? "aborted" : code);
    }
    Recorder near = open("pg", STREAM);
    served.get(served.size() - 1).channel.abort(Reason.of("target_dead"));
    sim.settle();
    assertThat(near.closed()).isEqualTo("target_dead");
  }

  @Test
  void closesChannelsWithTheirLink() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    Recorder near = open("pg", STREAM);
    near.write("some");
    a.fabric.close("b", Reason.of("test_reason"), false);
    sim.settle();
    assertThat(near.closed()).isEqualTo("link_down");
    assertThat(served.get(0).closed()).isEqualTo("link_down");
  }

  // Memory.

  @Test
  void boundsWhatStalledReadersCostAndLetsOthersRun() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    List<Recorder> stalled = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Recorder near = open("pg", STREAM);
      stalled.add(near);
      served.get(i).stalled = true;
      while (near.channel.isWritable()) {
        near.channel.write(Unpooled.wrappedBuffer(new byte[65_536]));
      }
      near.channel.flush();
    }
    sim.settle();
    List<ChannelInfo> there = b.fabric.channels();
    assertThat(there).hasSize(200).allMatch(c -> c.waiting() == ReceiveWindow.INITIAL);
    assertThat(a.fabric.channels()).allMatch(c -> c.sendWindow() == 0 && c.bytesSent() == ReceiveWindow.INITIAL);

    Recorder free = open("pg", STREAM);
    long total = pump(free, 64 << 20);
    assertThat(served.get(200).received).isEqualTo(total);
    assertThat(b.fabric.channels().get(200).waiting()).isZero();
    assertThat(there).allMatch(c -> c.waiting() == ReceiveWindow.INITIAL);
    stalled.forEach(s -> assertThat(s.events).isEmpty());

    served.forEach(s -> s.stalled = false);
    served.forEach(Recorder::read);
    sim.settle();
    assertThat(stalled).allMatch(s -> s.events.equals(List.of("writable")));
  }

  @Test
  void growsTheWindowOfAFastReader() {
    Recorder.serve(b, "pg", STREAM, "a");
    Recorder near = open("pg", STREAM);
    pump(near, 128 << 20);
    assertThat(a.fabric.channels().get(0).sendWindow()).isBetween(12L << 20, 16L << 20);
  }

  @Test
  void cutsAWriterThatDoesNotWait() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    Recorder near = open("pg", STREAM);
    served.get(0).stalled = true;
    while (near.channel.isWritable()) {
      near.channel.write(Unpooled.wrappedBuffer(new byte[65_536]));
    }
    List<ByteBuf> written = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      assertThat(near.channel.isWritable()).isFalse();
      written.add(Unpooled.buffer(65_536).writeZero(65_536));
      near.channel.write(written.get(i));
    }
    sim.settle();
    assertThat(near.closed()).isEqualTo("overflow");
    assertThat(served.get(0).closed()).isEqualTo("overflow");
    assertThat(written).allMatch(bytes -> bytes.refCnt() == 0);
  }

  @Test
  void refusesChannelsOverTheLimitOnEitherSide() {
    Recorder.serve(b, "pg", STREAM, "a");
    List<Recorder> open = new ArrayList<>();
    for (int i = 0; i < 210; i++) {
      open.add(open("pg", STREAM));
    }
    assertThat(attempt("b", "pg", STREAM)).isEqualTo("limit");
    open.get(5).channel.abort(Reason.of("aborted"));
    sim.settle();
    assertThat(attempt("b", "pg", STREAM)).isEqualTo("open");
    assertThat(attempt("b", "pg", STREAM)).isEqualTo("limit");
    assertThat(a.fabric.link("b").orElseThrow().channels()).isEqualTo(210);
  }

  // Datagrams.

  @Test
  void keepsTheBoundariesOfDatagrams() {
    List<Recorder> served = Recorder.serve(b, "dns", ChannelKind.datagram, "a");
    Recorder near = open("dns", ChannelKind.datagram);
    List<String> sent = new ArrayList<>();
    for (int size : new int[] {1, 0, 100, 1196, 1197, 9000, 65_507}) {
      sent.add("d".repeat(size));
      near.channel.sendDatagram(Unpooled.copiedBuffer("d".repeat(size), StandardCharsets.US_ASCII));
    }
    near.channel.sendDatagram(Unpooled.wrappedBuffer(new byte[65_508]));
    sim.settle();
    assertThat(served.get(0).datagrams).containsExactlyInAnyOrderElementsOf(sent);
    served.get(0).channel.sendDatagram(Unpooled.copiedBuffer("back", StandardCharsets.US_ASCII));
    near.channel.write(Unpooled.wrappedBuffer(new byte[10])); // Not on this kind of channel.
    sim.settle();
    assertThat(near.datagrams).containsExactly("back");
    assertThat(a.fabric.counters()).containsEntry("datagrams_dropped", 1L);
    near.channel.abort(Reason.of("aborted"));
    sim.settle();
    near.channel.sendDatagram(Unpooled.wrappedBuffer(new byte[10]));
    assertThat(a.fabric.counters()).containsEntry("datagrams_dropped", 2L);
  }

  @Test
  void dropsDatagramsThatTheStreamCannotTake() {
    List<Recorder> served = Recorder.serve(b, "dns", ChannelKind.datagram, "a");
    Recorder near = open("dns", ChannelKind.datagram);
    for (int i = 0; i < 1000; i++) {
      near.channel.sendDatagram(Unpooled.wrappedBuffer(new byte[60_000]));
    }
    long dropped = a.fabric.counters().get("datagrams_dropped");
    assertThat(dropped).isGreaterThan(900);
    sim.settle();
    assertThat(served.get(0).datagrams).hasSize((int) (1000 - dropped));
  }

  @Test
  void neverLetsOneChannelDisturbAnother() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    Recorder.serve(b, "bad", STREAM, Set.of("a"), channel -> {
      channel.accept();
      return new Recorder() {
        @Override
        public void data(RawChannel from, ByteBuf bytes) {
          bytes.release();
          throw new IllegalStateException("thrown on purpose");
        }
      };
    });
    Recorder good = open("pg", STREAM);
    Recorder bad = open("bad", STREAM);
    bad.write("x");
    good.write("still");
    sim.settle();
    assertThat(bad.closed()).isEqualTo("internal_error");
    good.write(" here");
    sim.settle();
    assertThat(served.get(0).text).hasToString("still here");
    assertThat(good.events).isEmpty();
  }
}
