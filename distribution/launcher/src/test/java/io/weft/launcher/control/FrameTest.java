package io.weft.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.testkit.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTest {

  @Test
  void whatIsWrittenReadsTheSame() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Frame.write(bytes, Frame.STDOUT, new byte[] {1, 2, 3, 4}, 3);
    Frame.write(bytes, Frame.EXIT, new byte[] {0}, 1);
    assertThat(bytes.toByteArray()).containsExactly(16, 0, 0, 0, 3, 1, 2, 3, 18, 0, 0, 0, 1, 0);
    ByteArrayInputStream in = new ByteArrayInputStream(bytes.toByteArray());
    assertThat(Frame.read(in).payload()).containsExactly(1, 2, 3);
    assertThat(Frame.read(in).type()).isEqualTo(Frame.EXIT);
    assertThat(Frame.read(in)).isNull();
  }

  @Test
  void whatIsTooLongOrCutOffIsMalformed() {
    for (byte[] bytes : List.of(new byte[] {16, 0, 16, 0, 1}, new byte[] {16, -1, -1, -1, -1}, new byte[] {16, 0, 0}, new byte[] {16, 0, 0, 0, 2, 1})) {
      assertThatThrownBy(() -> Frame.read(new ByteArrayInputStream(bytes))).isInstanceOf(Frame.Malformed.class);
    }
  }

  @Test
  void noInputBreaksIt() {
    List<byte[]> samples = List.of(new byte[] {16, 0, 0, 0, 3, 1, 2, 3, 18, 0, 0, 0, 1, 0}, new byte[] {17, 0, 0, 0, 0});
    new Fuzz(4, samples, 4096).run(100_000, UncheckedIOException.class, bytes -> {
      ByteArrayInputStream in = new ByteArrayInputStream(bytes);
      try {
        while (Frame.read(in) != null) {
          // all of them
        }
      } catch (Frame.Malformed expected) {
        throw new UncheckedIOException(expected);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }
}
