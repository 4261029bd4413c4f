package io.weft.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.weft.support.JsonReader;
import io.weft.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class LineEncoderTest {

  private final LoggerContext context = new LoggerContext();
  private UnaryOperator<String> mask = UnaryOperator.identity();

  @Test
  void textIsTimeLevelLoggerAndFields() {
    assertThat(text(Level.INFO, "link up peer={} via={} rtt_ms={}", "b", "udp direct", 0.4))
        .isEqualTo("2026-01-01T00:00:00.000Z INFO  mesh.LinkedFabric link up peer=b via=\"udp direct\" rtt_ms=0.4\n");
    assertThat(text(Level.WARN, "plain words")).isEqualTo("2026-01-01T00:00:00.000Z WARN  mesh.LinkedFabric plain words\n");
  }

  @Test
  void aValueCannotPretendToBeAnotherField() {
    assertThat(text(Level.INFO, "refused peer={}", "b rtt_ms=1")).endsWith("refused peer=\"b rtt_ms=1\"\n");
    assertThat(text(Level.INFO, "refused peer={}", "b\" x=\"1")).endsWith("refused peer=\"b\\\" x=\\\"1\"\n");
    assertThat(text(Level.INFO, "refused peer={}", "b\n2026-01-01T00:00:00.000Z INFO forged")).hasLineCount(1);
  }

  @Test
  void jsonHasTheSameFieldsByName() {
    Map<String, Object> line = read(json(Level.ERROR, "link up peer={} via={} after {} tries", "b\u001b", "\"x\"", 3));
    assertThat(line).containsEntry("time", "2026-01-01T00:00:00.000Z").containsEntry("level", "error").containsEntry("event", "link up")
        .containsEntry("logger", "io.weft.mesh.LinkedFabric").containsEntry("thread", "t")
        .containsEntry("message", "link up peer=b\u001b via=\"x\" after 3 tries").containsEntry("fields", Map.of("peer", "b\u001b", "via", "\"x\""));
    assertThat(read(json(Level.INFO, "words"))).doesNotContainKey("fields");
  }

  @Test
  void anExceptionStaysOnTheLine() {
    Exception thrown = new IllegalStateException("outer\nline", new java.io.IOException("inner"));
    String line = text(Level.WARN, "it broke peer={}", "b", thrown);
    assertThat(line).hasLineCount(1).contains("exception=\"java.lang.IllegalStateException: outer\\nline at ")
        .contains("<- java.io.IOException: inner").contains("LineEncoderTest");
    assertThat(read(json(Level.WARN, "it broke", thrown)).get("exception").toString()).contains("inner");
  }

  @Test
  void aSecretValueIsMaskedWhereverItIs() {
    mask = text -> text.replace("hunter2\n", "***");
    Exception thrown = new IllegalStateException("got hunter2\n");
    assertThat(text(Level.WARN, "hunter2\n came from={} and {}", "a hunter2\n b", "hunter2\n", thrown))
        .contains("*** came from=\"a *** b\" and *** exception=\"java.lang.IllegalStateException: got ***").doesNotContain("hunter2");
    assertThat(json(Level.WARN, "hunter2\n came from={}", "hunter2\n", thrown)).doesNotContain("hunter2");
  }

  @Test
  void whatIsCalledASecretIsNotShownUnlessItIsAReference() {
    assertThat(text(Level.INFO, "login password={} formation_secret={} user={}", "hunter2", "abc", "u"))
        .endsWith("login password=*** formation_secret=*** user=u\n");
    assertThat(text(Level.INFO, "using secret={}", "secret:file/formation")).endsWith("using secret=secret:file/formation\n");
  }

  @Test
  void anArgumentWhoseToStringThrowsDoesNoHarm() {
    Object bad = new Object() {
      @Override
      public String toString() {
        throw new IllegalStateException("no");
      }
    };
    assertThat(text(Level.INFO, "x y={}", bad)).contains("toString() failed");
  }

  @Test
  void everyLineIsOneLineAndJsonStaysJson() {
    Fuzz fuzz = new Fuzz(3, List.of("link up peer={} x={}\u0000a b=\"".getBytes(StandardCharsets.UTF_8), "\u001b[0m {} {}".getBytes(StandardCharsets.UTF_8)), 600);
    fuzz.run(100_000, NeverThrown.class, bytes -> {
      String input = new String(bytes, StandardCharsets.UTF_8);
      String message = input.substring(0, input.length() / 2);
      String line = json(Level.INFO, message, input, input);
      if (line.indexOf('\n') != line.length() - 1) {
        throw new AssertionError("more than a line");
      }
      read(line);
      String text = text(Level.INFO, message, input, input);
      if (text.indexOf('\n') != text.length() - 1) {
        throw new AssertionError("more than a line");
      }
    });
  }

  private static final class NeverThrown extends Exception {
    private static final long serialVersionUID = 1L;
  }

  @SuppressWarnings("unchecked") // JSON objects have no other keys
  private static Map<String, Object> read(String line) {
    return (Map<String, Object>) JsonReader.read(line);
  }

  private String text(Level level, String message, Object... arguments) {
    return encode(LineEncoder.Format.text, level, message, arguments);
  }

  private String json(Level level, String message, Object... arguments) {
    return encode(LineEncoder.Format.json, level, message, arguments);
  }

  private String encode(LineEncoder.Format format, Level level, String message, Object... arguments) {
    Logger logger = context.getLogger("io.weft.mesh.LinkedFabric");
    LoggingEvent event = new LoggingEvent(Logger.class.getName(), logger, level, message, null, arguments);
    event.setInstant(Instant.parse("2026-01-01T00:00:00Z"));
    event.setThreadName("t");
    LineEncoder encoder = new LineEncoder();
    encoder.use(format);
    encoder.mask(mask);
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }
}
