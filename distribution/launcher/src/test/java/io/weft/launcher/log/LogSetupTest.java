package io.weft.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogSetupTest {

  private final LoggerContext context = new LoggerContext();
  private final Logger log = context.getLogger("io.weft.Some");
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void complete() {
    context.setMDCAdapter(new LogbackMDCAdapter()); // which SLF4J gives to the one that it uses
  }

  private String written() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @SuppressWarnings("unchecked")
  private void use(Map<String, String> settings) {
    ((Consumer<Map<String, String>>) context.getObject(LogSeam.USE)).accept(settings);
  }

  @Test
  void theFirstLineLooksAsTheFileWantsItAlthoughItIsReadLater() {
    LogSetup.apply(context, Optional.empty(), Optional.empty(), out);
    log.info("early");
    assertThat(written()).isEmpty();

    use(Map.of("format", "json", "level", "info"));
    log.info("late");
    assertThat(written().lines()).hasSize(2).allMatch(line -> line.startsWith("{"));
  }

  @Test
  void theCommandLineGoesFirstAndHoldsNothingBack() {
    LogSetup.apply(context, Optional.of("text"), Optional.of("warn"), out);
    log.warn("early");
    assertThat(written()).hasLineCount(1);

    use(Map.of("format", "json", "level", "debug"));
    log.info("not wanted");
    log.warn("late");
    assertThat(written().lines()).hasSize(2).noneMatch(line -> line.startsWith("{"));
  }

  @Test
  void theFileSetsLevelsOfOursAndOfLibraries() {
    LogSetup.apply(context, Optional.empty(), Optional.empty(), out);
    use(Map.of("level", "debug"));
    assertThat(log.isDebugEnabled()).isTrue();
    assertThat(context.getLogger("io.netty.x").isInfoEnabled()).isFalse();

    use(Map.of("level", "error"));
    assertThat(log.isWarnEnabled()).isFalse();
    assertThat(context.getLogger("io.netty.x").isWarnEnabled()).isFalse();

    use(Map.of());
    assertThat(log.isInfoEnabled()).isTrue();
    assertThat(log.isDebugEnabled()).isFalse();
  }

  @Test
  void aWarningOrManyLinesAreNotHeldBack() {
    LogSetup.apply(context, Optional.empty(), Optional.empty(), out);
    log.info("one");
    log.warn("two");
    assertThat(written()).hasLineCount(2);

    out.reset();
    LogSetup.apply(context, Optional.empty(), Optional.empty(), out);
    for (int i = 0; i < HeldLines.HELD_MAX; i++) {
      assertThat(written()).isEmpty();
      log.info("line");
    }
    assertThat(written()).hasLineCount(HeldLines.HELD_MAX);
  }

  @Test
  void aFloodIsCutAndSaid() {
    LogSetup.apply(context, Optional.of("text"), Optional.empty(), out);
    for (int i = 0; i <= LineRate.LINES_MAX + 50; i++) {
      LoggingEvent event = new LoggingEvent("here", log, Level.INFO, "flood", null, null);
      event.setTimeStamp(i <= LineRate.LINES_MAX + 49 ? 5_000 : 6_000);
      log.callAppenders(event);
    }
    assertThat(written()).contains("WARN  launcher.log.HeldLines log lines dropped count=50 lines_per_second_max=2000")
        .hasLineCount(LineRate.LINES_MAX + 2);
  }

  @Test
  @SuppressWarnings("unchecked")
  void whatIsHiddenIsMasked() {
    LogSetup.apply(context, Optional.of("text"), Optional.empty(), out);
    ((Consumer<byte[]>) context.getObject(LogSeam.HIDE)).accept("correct horse battery".getBytes(StandardCharsets.UTF_8));
    log.info("got value={}", "correct horse battery");
    assertThat(written()).endsWith("got value=***\n");
  }
}
