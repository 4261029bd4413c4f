package io.weft.mesh.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.weft.channel.ChannelKind;
import io.weft.channel.ChannelOutcome;
import io.weft.node.Reason;
import io.weft.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Everything that is written on a link: as the document says, cut anywhere, and against bytes that mean no good. */
class WireTest {

  private static final ByteBufAllocator HEAP = UnpooledByteBufAllocator.DEFAULT;
  private static final int INPUTS = 100_000;

  private static final List<StreamHeader> HEADERS = List.of(
      StreamHeader.CONTROL,
      new StreamHeader(ChannelKind.stream, 2, "pg", "tcp:127.0.0.1:53412"),
      new StreamHeader(ChannelKind.datagram, StreamHeader.CHANNEL_MAX, "a".repeat(63), "o".repeat(64)));

  private static final List<Frame> FRAMES = List.of(
      new Frame.Hello(1, -5, 7, "a", "demo", "NiNhinoUekif", "0.1.0"),
      new Frame.Ping(1),
      new Frame.Pong(Long.MIN_VALUE),
      new Frame.Credit(StreamHeader.CHANNEL_MAX, 1L << 40),
      new Frame.Blocked(2, 1L << 40),
      new Frame.Services(List.of(new Frame.Service(ChannelKind.stream, "pg"), new Frame.Service(ChannelKind.datagram, "dns"))),
      new Frame.Services(List.of()),
      new Frame.Moving(),
      new Frame.Last(0),
      new Frame.Last(Long.MAX_VALUE),
      new Frame.Labels(Map.of("relay", "turn:192.0.2.7:3478", "area", "eu")),
      new Frame.Leave(Reason.of("leaving", "a is leaving")));

  private static final List<Answer> ANSWERS = List.of(
      new Answer(ChannelOutcome.open, ""),
      new Answer(ChannelOutcome.refused, "a may not use pg"),
      new Answer(ChannelOutcome.cancelled, "x".repeat(255)));

  @Test
  void isWhatTheDocumentSays() {
    assertThat(hex(HEADERS.get(1).encode(HEAP)))
        .isEqualTo("01" + "01" + "00000002" + "02" + "7067" + "13" + HexFormat.of().formatHex("tcp:127.0.0.1:53412".getBytes(StandardCharsets.US_ASCII)));
    assertThat(hex(StreamHeader.CONTROL.encode(HEAP))).isEqualTo("01" + "00" + "00000000" + "00" + "00");
    assertThat(hex(new Answer(ChannelOutcome.unknown_service, "no").encode(HEAP))).isEqualTo("02" + "02" + "6e6f");
    assertThat(hex(Frame.encode(new Frame.Credit(6, 0x40000), HEAP))).isEqualTo("04" + "000c" + "00000006" + "0000000000040000");
    assertThat(hex(Frame.encode(new Frame.Hello(1, 2, 3, "a", "f", "", "v"), HEAP)))
        .isEqualTo("01" + "0019" + "0001" + "0000000000000002" + "0000000000000003" + "0161" + "0166" + "00" + "0176");
    assertThat(hex(Frame.encode(new Frame.Labels(Map.of("b", "2", "a", "1")), HEAP))).isEqualTo("80" + "0008" + "0161" + "0131" + "0162" + "0132");
    assertThat(hex(Datagrams.alone(0xfffffffeL, Unpooled.wrappedBuffer(new byte[] {9}), HEAP))).isEqualTo("fffffffe" + "09");
  }

  @Test
  void readsWhatItWroteWhereverItIsCut() {
    HEADERS.forEach(h -> assertCuts(h, array(h.encode(HEAP)), StreamHeader::decode));
    FRAMES.forEach(f -> assertCuts(f, array(Frame.encode(f, HEAP)), Frame::decode));
    ANSWERS.forEach(a -> assertCuts(a, array(a.encode(HEAP)), Answer::decode));
  }

  private static <T> void assertCuts(T expected, byte[] whole, Function<ByteBuf, T> decoder) {
    for (int cut = 0; cut < whole.length; cut++) {
      ByteBuf part = Unpooled.wrappedBuffer(whole, 0, cut);
      assertThat(decoder.apply(part)).as("%s cut at %d", expected, cut).isNull();
      assertThat(part.readerIndex()).isZero();
    }
    ByteBuf more = Unpooled.wrappedBuffer(whole, new byte[] {1, 2, 3});
    assertThat(decoder.apply(more)).isEqualTo(expected);
    assertThat(more.readableBytes()).isEqualTo(3);
  }

  @Test
  void refusesWhatIsNotAllowed() {
    assertRefused("02", StreamHeader::decode, "version");
    assertRefused("0103", StreamHeader::decode, "kind of stream");
    assertRefused("010100000002" + "40", StreamHeader::decode, "longer than 63");
    assertRefused("010100000002" + "0161" + "41", StreamHeader::decode, "longer than 64");
    assertRefused("010100000002" + "0141" + "00", StreamHeader::decode, "do not fit");
    assertRefused("010100000000" + "0161" + "00", StreamHeader::decode, "do not fit");
    assertRefused("010000000002" + "00" + "00", StreamHeader::decode, "do not fit");
    assertRefused("010100000002" + "0161" + "0107", StreamHeader::decode, "printable ASCII");
    assertRefused("0b", Answer::decode, "outcome");
    assertRefused("024001", Frame::decode, "more than 16384");
    assertRefused("08" + "0000", Frame::decode, "not known");
    assertRefused("02" + "0009" + "000000000000000000", Frame::decode, "too long");
    assertRefused("02" + "0007" + "00000000000000", Frame::decode, "cut short");
    assertRefused("05" + "0003" + "010141", Frame::decode, "not a service");
    assertRefused("80" + "0008" + "01610131" + "01610131", Frame::decode, "not labels");
    assertRefused("80" + "0024" + IntStream.range(0, 9).mapToObj(i -> "013" + i + "0131").collect(Collectors.joining()), Frame::decode, "not labels");
    assertRefused("06" + "0002" + "0000", Frame::decode, "reason code");
    assertThat(Frame.decode(bytes("ff" + "0002" + "0102"))).isEqualTo(new Frame.Unknown(255));
    assertRefused("ffff", Datagrams::decode, "more than 65507");
  }

  private static <T> void assertRefused(String hex, Function<ByteBuf, T> decoder, String why) {
    assertThatThrownBy(() -> decoder.apply(bytes(hex))).isInstanceOf(ProtocolError.class).hasMessageContaining(why);
  }

  @Test
  void cutsLongTextBetweenCharacters() {
    Answer answer = Answer.decode(wrap(new Answer(ChannelOutcome.refused, "ä".repeat(200)).encode(HEAP)));
    assertThat(answer.detail()).isEqualTo("ä".repeat(127));
  }

  @Test
  void keepsControlCharactersOutOfTheLog() {
    Answer answer = Answer.decode(wrap(new Answer(ChannelOutcome.refused, "line\nlink up peer=x\u001b[2J").encode(HEAP)));
    assertThat(answer.detail()).isEqualTo("line?link up peer=x?[2J");
  }

  @Test
  void fitsAsManyServicesAsItSays() {
    List<Frame.Service> most = IntStream.range(0, Frame.Services.MAX)
        .mapToObj(i -> new Frame.Service(ChannelKind.stream, "s".repeat(60) + (100 + i))).toList();
    assertThat(Frame.decode(wrap(Frame.encode(new Frame.Services(most), HEAP)))).isEqualTo(new Frame.Services(most));
  }

  @Test
  void survivesAnyStreamHeader() {
    fuzz(HEADERS.stream().map(h -> array(h.encode(HEAP))).toList(), StreamHeader::decode);
  }

  @Test
  void survivesAnyAnswer() {
    fuzz(ANSWERS.stream().map(a -> array(a.encode(HEAP))).toList(), Answer::decode);
  }

  @Test
  void survivesAnyControlFrames() {
    List<byte[]> samples = new ArrayList<>(FRAMES.stream().map(f -> array(Frame.encode(f, HEAP))).toList());
    ByteBuf all = Unpooled.buffer();
    samples.forEach(all::writeBytes);
    samples.add(array(all));
    fuzz(samples, Frame::decode);
  }

  @Test
  void survivesAnyDatagram() {
    List<byte[]> samples = List.of(HexFormat.of().parseHex("00000002aabbcc"), HexFormat.of().parseHex("0003aabbcc0000"));
    fuzz(samples, in -> {
      long channel = Datagrams.channel(in.duplicate());
      assertThat(channel).isBetween(-1L, StreamHeader.CHANNEL_MAX);
      ByteBuf payload = Datagrams.decode(in);
      return payload != null && payload.release() ? payload : null;
    });
  }

  /** Feeds each input in two pieces through an inbox, as it would arrive, and checks that nothing leaks. */
  private static <T> void fuzz(List<byte[]> samples, Function<ByteBuf, T> decoder) {
    new Fuzz(42, samples, 4096).run(INPUTS, ProtocolError.class, input -> {
      Inbox inbox = new Inbox(HEAP);
      int cut = input.length / 3;
      ByteBuf first = HEAP.buffer(16).writeBytes(input, 0, cut);
      ByteBuf second = HEAP.buffer(16).writeBytes(input, cut, input.length - cut);
      List<ByteBuf> pieces = List.of(first, second);
      int added = 0;
      try {
        for (ByteBuf piece : pieces) {
          added++;
          inbox.add(piece);
          while (inbox.next(decoder) != null) {
            assertThat(inbox.size()).isLessThanOrEqualTo(input.length);
          }
          inbox.pause();
        }
      } finally {
        inbox.release();
        pieces.subList(added, pieces.size()).forEach(ByteBuf::release);
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
      }
    });
  }

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
  }

  private static String hex(ByteBuf bytes) {
    return HexFormat.of().formatHex(array(bytes));
  }

  private static ByteBuf wrap(ByteBuf bytes) {
    return Unpooled.wrappedBuffer(array(bytes));
  }

  private static byte[] array(ByteBuf bytes) {
    byte[] array = ByteBufUtil.getBytes(bytes);
    bytes.release();
    return array;
  }
}
