package io.weft.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.weft.transport.LinkLimits;
import io.weft.transport.NoStream;
import io.weft.transport.Stream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the streams and datagrams of a link promise: the part of {@link TransportContract} that moves bytes. */
public abstract class StreamContract extends TransportHarness {

  // Bytes.

  @Test
  void carriesBytesBothWays() {
    Pair pair = echoing();
    FakeStreamHandler answers = new FakeStreamHandler();
    Stream stream = stream(pair.near(), answers);
    on(pair.near(), () -> {
      stream.write(tracked("hello ".getBytes(StandardCharsets.US_ASCII)));
      stream.write(tracked("fabric".getBytes(StandardCharsets.US_ASCII)));
      stream.flush();
      return null;
    });
    Await.until("the echo", SOON, () -> answers.text().equals("hello fabric"));
    assertThat(answers.events()).isEmpty();
    assertThat(pair.near().peer()).isEqualTo(member("b").self());
    assertThat(pair.far().peer()).isEqualTo(member("a").self());
    assertThat(pair.near().dialed()).isTrue();
    assertThat(pair.far().dialed()).isFalse();
    assertThat(pair.near().isOpen()).isTrue();
  }

  @Test
  void letsTheAcceptorOpenStreamsToo() {
    Pair pair = pair(LinkLimits.DEFAULT, s -> new Echo(), s -> new FakeStreamHandler());
    FakeStreamHandler answers = new FakeStreamHandler();
    send(stream(pair.far(), answers), 3, 1000);
    Await.until("the echo", SOON, () -> answers.received() == 1000);
    assertThat(answers.sha()).isEqualTo(shaOf(3, 1000));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1200, 65_537, 1 << 20, 8 << 20})
  void keepsTheTailWhenOneSideFinishesAndThenTheOther(int size) {
    List<FakeStreamHandler> far = new ArrayList<>();
    Pair pair = pair(LinkLimits.DEFAULT, s -> new FakeStreamHandler(), s -> {
      far.add(new FakeStreamHandler());
      return far.get(0);
    });
    FakeStreamHandler near = new FakeStreamHandler();
    Stream out = stream(pair.near(), near);
    send(out, 1, size);
    finish(out);
    Await.until("the far side to see the end", SOON, () -> !pair.farHandler().streams().isEmpty() && far.get(0).has("finished"));
    assertThat(far.get(0).received()).isEqualTo(size);
    assertThat(far.get(0).sha()).isEqualTo(shaOf(1, size));
    assertThat(far.get(0).has("closed")).isFalse();

    Stream back = far.get(0).stream();
    send(back, 2, size);
    finish(back);
    Await.until("the near side to see the end", SOON, () -> near.has("closed") && far.get(0).has("closed"));
    assertThat(near.sha()).isEqualTo(shaOf(2, size));
    assertThat(near.events().stream().filter(e -> !e.equals("writable"))).containsExactly("finished", "closed");
    assertThat(far.get(0).events().stream().filter(e -> !e.equals("writable"))).containsExactly("finished", "closed");
  }

  @Test
  void dropsWhatIsWrittenAfterTheEnd() {
    Pair pair = echoing();
    FakeStreamHandler answers = new FakeStreamHandler();
    Stream stream = stream(pair.near(), answers);
    send(stream, 0, 10);
    finish(stream);
    finish(stream);
    send(stream, 0, 10);
    Await.until("closed", SOON, () -> answers.has("closed"));
    send(stream, 0, 10);
    on(pair.near(), () -> {
      stream.reset(1);
      return null;
    });
    assertThat(answers.received()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 1 << 20})
  void tellsThePeerTheCodeOfAReset(int code) {
    Pair pair = pair(LinkLimits.DEFAULT, s -> new FakeStreamHandler(), s -> new FakeStreamHandler());
    FakeStreamHandler near = new FakeStreamHandler();
    Stream stream = stream(pair.near(), near);
    send(stream, 0, 10);
    Await.until("the stream at the far side", SOON, () -> !pair.farHandler().streams().isEmpty());
    on(pair.near(), () -> {
      stream.reset(code);
      stream.reset(code + 1);
      return null;
    });
    FakeStreamHandler far = pair.farHandler().streams().get(0);
    Await.until("both ends closed", SOON, () -> near.has("closed") && far.has("closed"));
    assertThat(far.events()).containsExactly("reset " + code, "closed");
    assertThat(near.events()).containsExactly("closed");
    assertStillWorks(pair);
  }

  @Test
  void carries200StreamsAtOnce() {
    Pair pair = echoing();
    List<FakeStreamHandler> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(new FakeStreamHandler());
      Stream stream = stream(pair.near(), answers.get(i));
      send(stream, i, 50_000);
      finish(stream);
    }
    Await.until("all to close", SOON, () -> answers.stream().allMatch(a -> a.has("closed")));
    for (int i = 0; i < 200; i++) {
      assertThat(answers.get(i).sha()).as("stream %d", i).isEqualTo(shaOf(i, 50_000));
      assertThat(answers.get(i).violations()).isEmpty();
    }
  }

  @Test
  void refusesStreamsOverThePeersLimitUntilOneCloses() {
    LinkLimits four = new LinkLimits(4, Duration.ofSeconds(10), Duration.ofSeconds(30), 128);
    Pair pair = pair(four, s -> new FakeStreamHandler(), s -> new Echo());
    List<FakeStreamHandler> handlers = new ArrayList<>();
    List<Stream> streams = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      handlers.add(new FakeStreamHandler());
      streams.add(stream(pair.near(), handlers.get(i)));
      send(streams.get(i), i, 10);
    }
    CompletableFuture<Stream> fifth = on(pair.near(), () -> pair.near().openStream(new FakeStreamHandler()));
    assertNoStream(fifth, "limit");

    finish(streams.get(2));
    Await.until("the stream to close", SOON, () -> handlers.get(2).has("closed"));
    FakeStreamHandler answer = new FakeStreamHandler();
    Await.until("room for another", SOON, () -> {
      CompletableFuture<Stream> again = on(pair.near(), () -> pair.near().openStream(answer));
      again.thenAccept(s -> send(s, 9, 10));
      return !again.isCompletedExceptionally();
    });
    Await.until("its echo", SOON, () -> answer.received() == 10);
  }

  @Test
  void saysWhenAStreamIsWritableAgain() {
    Pair pair = pair(LinkLimits.DEFAULT, s -> new FakeStreamHandler(), s -> new FakeStreamHandler());
    FakeStreamHandler near = new FakeStreamHandler();
    Stream stream = stream(pair.near(), near);
    int sent = on(pair.near(), () -> {
      int n = 0;
      while (stream.isWritable() && n < 64 << 20) {
        stream.write(tracked(pattern(0, n, 65_536)));
        n += 65_536;
      }
      stream.flush();
      return n;
    });
    assertThat(sent).as("bytes until not writable").isLessThan(64 << 20);
    Await.until("writable", SOON, () -> near.has("writable") && !pair.farHandler().streams().isEmpty()
        && pair.farHandler().streams().get(0).received() == sent);
  }

  @Test
  void closesOnlyTheStreamWhoseHandlerThrows() {
    Pair pair = pair(LinkLimits.DEFAULT, s -> new FakeStreamHandler(), s -> new Echo() {
      @Override
      public void data(Stream from, ByteBuf bytes) {
        boolean bad = bytes.getByte(bytes.readerIndex()) == 'x';
        super.data(from, bytes);
        if (bad) {
          throw new IllegalArgumentException("thrown on purpose");
        }
      }
    });
    FakeStreamHandler near = new FakeStreamHandler();
    send(stream(pair.near(), near), 'x', 1);
    Await.until("the reset", SOON, () -> near.has("closed"));
    assertThat(near.events().get(0)).startsWith("reset");
    assertStillWorks(pair);
  }

  // Datagrams.

  @Test
  void keepsTheBoundariesOfDatagrams() {
    Pair pair = echoing();
    assertThat(pair.near().datagramMax()).isGreaterThanOrEqualTo(1000);
    for (int i = 0; i < 20; i++) {
      byte[] payload = ("datagram " + i + " " + "x".repeat(i * 40)).getBytes(StandardCharsets.ISO_8859_1);
      assertThat(on(pair.near(), () -> pair.near().sendDatagram(tracked(payload)))).isTrue();
    }
    Await.until("datagrams", SOON, () -> pair.farHandler().datagrams().size() == 20);
    assertThat(pair.farHandler().datagrams()).allMatch(d -> d.matches("datagram (\\d+) x*"))
        .allMatch(d -> d.chars().filter(c -> c == 'x').count() == 40 * Integer.parseInt(d.split(" ")[1]));
    on(pair.far(), () -> pair.far().sendDatagram(tracked(new byte[] {'b', 'a', 'c', 'k'})));
    Await.until("the way back", SOON, () -> pair.nearHandler().datagrams().equals(List.of("back")));
  }

  @Test
  void countsDatagramsThatItDrops() {
    TransportEndpoint a = open(member("a"));
    TransportEndpoint b = open(member("b"));
    Doorman doorman = accept(b, LinkLimits.DEFAULT, s -> new FakeStreamHandler());
    Pair pair = dial(a, a.pathTo(b), member("b").self(), LinkLimits.DEFAULT, doorman, s -> new FakeStreamHandler());
    long before = a.transport().counters().get("datagrams_dropped");
    int tooLong = pair.near().datagramMax() + 1;
    assertThat(on(pair.near(), () -> pair.near().sendDatagram(tracked(new byte[tooLong])))).isFalse();
    int sent = on(pair.near(), () -> {
      int n = 0;
      for (int i = 0; i < 2000; i++) {
        n += pair.near().sendDatagram(tracked(new byte[1000])) ? 1 : 0;
      }
      return n;
    });
    long dropped = 2001 - sent;
    assertThat(dropped).isPositive();
    Await.until("the count", SOON, () -> a.transport().counters().get("datagrams_dropped") - before >= dropped);
    Await.until("the link's count", SOON, () -> pair.near().stats().datagramsDropped() >= dropped);
    Await.until("the others", SOON, () -> !pair.farHandler().datagrams().isEmpty());
  }

  final void assertStillWorks(Pair pair) {
    FakeStreamHandler near = new FakeStreamHandler();
    Stream stream = stream(pair.near(), near);
    int before = pair.farHandler().streams().size();
    send(stream, 5, 2000);
    Await.until("bytes to arrive", SOON, () -> pair.farHandler().streams().size() > before
        && pair.farHandler().streams().get(pair.farHandler().streams().size() - 1).received() == 2000);
    assertThat(near.violations()).isEmpty();
  }

  static void assertNoStream(CompletableFuture<Stream> opening, String code) {
    assertThatThrownBy(() -> get(opening)).cause()
        .isInstanceOfSatisfying(NoStream.class, e -> assertThat(e.reason().code()).isEqualTo(code));
  }

  static void finish(Stream stream) {
    on(stream.link(), () -> {
      stream.finish();
      return null;
    });
  }
}
