package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.Reason;
import io.weft.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloseTextTest {

  @Test
  void carriesReasons() {
    for (Reason reason : List.of(Reason.of("leaving"), Reason.of("test_reason", "a detail: with a colon"),
        Reason.of("a", "äöü€"))) {
      assertThat(CloseText.decode(CloseText.encode(reason))).isEqualTo(reason);
    }
  }

  @Test
  void keepsItShort() {
    byte[] encoded = CloseText.encode(Reason.of("c", "€".repeat(512)));
    assertThat(encoded).hasSizeLessThanOrEqualTo(512);
    assertThat(CloseText.decode(encoded).detail()).startsWith("€€€").doesNotContain("\ufffd");
  }

  @Test
  void makesHarmlessWhatPeersWrite() {
    assertThat(CloseText.decode("Bad Code\n\u001b[31m".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(Reason.of("closed", "Bad Code??[31m"));
    assertThat(CloseText.decode(new byte[0])).isEqualTo(Reason.of("closed"));
    assertThat(CloseText.decode("ok: a\nb".getBytes(StandardCharsets.UTF_8))).isEqualTo(Reason.of("ok", "a?b"));
  }

  @Test
  void saysWhatTlsMeant() {
    assertThat(CloseText.ofTransport(0x178).code()).isEqualTo("wrong_alpn");
    assertThat(CloseText.ofTransport(0x174).code()).isEqualTo("no_certificate");
    assertThat(CloseText.ofTransport(0x12d).code()).isEqualTo("refused");
    assertThat(CloseText.ofTransport(0x12d).detail()).contains("clocks");
    assertThat(CloseText.ofTransport(12).code()).isEqualTo("refused");
    assertThat(CloseText.ofTransport(-1).code()).isEqualTo("refused");
  }

  @Test
  void readsAnything() {
    List<byte[]> samples = List.of(CloseText.encode(Reason.of("leaving", "detail")), new byte[600]);
    new Fuzz(1, samples, 2_000).run(100_000, PacketHeadTest.NeverThrown.class, CloseText::decode);
  }
}
