package io.weft.node.core.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.testkit.Fuzz;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlFramesTest {

  @Test
  void framesSurviveAnyChunking() {
    byte[] wire = concat(frame(1, "{\"args\":[\"status\"]}"), frame(3, ""), frame(3, "x".repeat(5000)), frame(5, ""));
    for (int chunk : new int[] {1, 2, 3, 7, 1000, wire.length}) {
      ControlFrames frames = new ControlFrames();
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < wire.length; i += chunk) {
        frames.feed(ByteBuffer.wrap(wire, i, Math.min(chunk, wire.length - i)));
        for (ControlFrames.Frame f = frames.next(); f != null; f = frames.next()) {
          seen.add(f.type() + ":" + f.payload().length);
        }
      }
      assertThat(seen).containsExactly("1:19", "3:0", "3:5000", "5:0");
    }
  }

  @Test
  void theLargestFrameFitsAndOneByteMoreDoesNot() {
    ControlFrames frames = new ControlFrames();
    frames.feed(ByteBuffer.wrap(ControlFrames.encode(3, new byte[ControlFrames.PAYLOAD_MAX])));
    assertThat(frames.next()).isNotNull();
    frames.feed(ByteBuffer.allocate(5).put((byte) 3).putInt(ControlFrames.PAYLOAD_MAX + 1).flip());
    assertThatThrownBy(frames::next).isInstanceOf(BadFrame.class).hasMessageContaining("1048577");
    assertThatThrownBy(() -> ControlFrames.encode(3, new byte[ControlFrames.PAYLOAD_MAX + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void requestsSayWhatTheyHold() {
    assertThat(parse(frame(1, "{\"args\":[\"link\",\"list\"],\"columns\":120,\"tty\":true,\"later\":1}")))
        .isEqualTo(new ControlRequest.Exec(List.of("link", "list"), 120, true));
    assertThat(parse(frame(1, "{\"args\":[\"x\"]}"))).isEqualTo(new ControlRequest.Exec(List.of("x"), 80, false));
    assertThat(parse(frame(2, "{\"term\":\"xterm-256color\",\"columns\":0,\"rows\":99999}")))
        .isEqualTo(new ControlRequest.Shell("xterm-256color", 80, 10_000));
    assertThat(parse(frame(2, "{\"term\":\"../../x\"}"))).isEqualTo(new ControlRequest.Shell("dumb", 80, 24));
    assertThat(parse(ControlFrames.encode(4, new byte[] {0, 100, 0, 0}))).isEqualTo(new ControlRequest.Resize(100, 1));
    assertThat(parse(frame(5, ""))).isEqualTo(new ControlRequest.Interrupt());
  }

  @Test
  void refusesWhatIsNoRequest() {
    for (byte[] bad : List.of(frame(0, ""), frame(16, "x"), frame(1, ""), frame(1, "[]"), frame(1, "{}"),
        frame(1, "{\"args\":[]}"),
        frame(1, "{\"args\":[1]}"), frame(4, "abc"), ControlFrames.encode(1, new byte[] {(byte) 0xff, (byte) 0xfe}))) {
      assertThatThrownBy(() -> parse(bad)).isInstanceOf(BadFrame.class);
    }
  }

  @Test
  void takesNoHarmFromAnything() {
    List<byte[]> samples = List.of(frame(1, "{\"args\":[\"link\",\"list\",\"--json\"],\"columns\":120,\"tty\":true}"),
        frame(2, "{\"term\":\"xterm\",\"columns\":120,\"rows\":40}"), frame(3, "bytes"), ControlFrames.encode(4, new byte[4]),
        frame(5, ""));
    new Fuzz(20260101, samples, 512).run(100_000, BadFrame.class, input -> {
      ControlFrames frames = new ControlFrames();
      frames.feed(ByteBuffer.wrap(input));
      for (ControlFrames.Frame f = frames.next(); f != null; f = frames.next()) {
        ControlRequest.parse(f);
      }
    });
  }

  private static ControlRequest parse(byte[] wire) {
    ControlFrames frames = new ControlFrames();
    frames.feed(ByteBuffer.wrap(wire));
    return ControlRequest.parse(java.util.Objects.requireNonNull(frames.next()));
  }

  private static byte[] frame(int type, String payload) {
    return ControlFrames.encode(type, payload.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] concat(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(100_000);
    for (byte[] part : parts) {
      all.put(part);
    }
    return java.util.Arrays.copyOf(all.array(), all.position());
  }
}
