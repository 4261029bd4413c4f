package io.weft.launcher.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** One event, one line; as text for people or as JSON for machines. What is in it cannot break out of the line. */
final class LineEncoder extends EncoderBase<ILoggingEvent> {

  /** How a line looks. */
  public enum Format {
    text,
    json
  }

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int CAUSES_MAX = 8;
  private static final byte[] NOTHING = {};

  private volatile Format format = Format.text;
  private volatile UnaryOperator<String> mask = UnaryOperator.identity();

  /** How lines look from now on. */
  void use(Format wanted) {
    format = wanted;
  }

  /** @param secrets takes out of a text what nobody may see */
  void mask(UnaryOperator<String> secrets) {
    mask = secrets;
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder out = new StringBuilder(256);
    UnaryOperator<String> masked = mask;
    Event parsed = Event.of(String.valueOf(event.getMessage()), event.getArgumentArray(), masked);
    String trace = event.getThrowableProxy() == null ? "" : masked.apply(trace(event.getThrowableProxy()));
    if (format == Format.json) {
      json(event, parsed, trace, out);
    } else {
      text(event, parsed, trace, out);
    }
    return out.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void text(ILoggingEvent event, Event parsed, String trace, StringBuilder out) {
    out.append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp()))).append(' ');
    String level = event.getLevel().toString();
    out.append(level).append(level.length() < 5 ? "  " : " ");
    Escape.plain(shortName(event.getLoggerName()), out);
    out.append(' ');
    message(parsed, out);
    if (!trace.isEmpty()) {
      out.append(" exception=\"");
      Escape.quoted(trace, out);
      out.append('"');
    }
  }

  private static void json(ILoggingEvent event, Event parsed, String trace, StringBuilder out) {
    out.append("{\"time\":\"").append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
    out.append("\",\"level\":\"").append(event.getLevel().toString().toLowerCase(Locale.ROOT)).append('"');
    field("logger", event.getLoggerName(), out);
    field("thread", event.getThreadName(), out);
    field("event", parsed.name(), out);
    StringBuilder message = new StringBuilder();
    parsed.parts().forEach(part -> message.append(part.key() == null ? "" : part.key() + "=").append(part.text()));
    field("message", message.toString(), out);
    String separator = ",\"fields\":{\"";
    for (Map.Entry<String, String> entry : fields(parsed).entrySet()) {
      out.append(separator);
      Escape.quoted(entry.getKey(), out);
      out.append("\":\"");
      Escape.quoted(entry.getValue(), out);
      out.append('"');
      separator = ",\"";
    }
    out.append(separator.length() == 2 ? "}" : "");
    if (!trace.isEmpty()) {
      field("exception", trace, out);
    }
    out.append('}');
  }

  /** By name; a name that comes again gets a number, since twice the same key is not JSON that everybody reads alike. */
  private static Map<String, String> fields(Event parsed) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (Event.Part part : parsed.parts()) {
      if (part.key() != null) {
        String key = part.key();
        for (int n = 2; fields.containsKey(key); n++) {
          key = part.key() + "_" + n;
        }
        fields.put(key, part.text());
      }
    }
    return fields;
  }

  private static void field(String name, String value, StringBuilder out) {
    out.append(",\"").append(name).append("\":\"");
    Escape.quoted(String.valueOf(value), out);
    out.append('"');
  }

  private static void message(Event parsed, StringBuilder out) {
    for (Event.Part part : parsed.parts()) {
      if (part.key() == null) {
        Escape.plain(part.text(), out);
      } else {
        out.append(part.key()).append('=');
        boolean quote = part.text().isEmpty() || part.text().chars().anyMatch(c -> c <= ' ' || c == '"' || c == '=' || c == '\\');
        out.append(quote ? "\"" : "");
        Escape.append(part.text(), out, quote, Escape.FIELD_MAX);
        out.append(quote ? "\"" : "");
      }
    }
  }

  /** Ours without the common beginning: {@code io.weft.mesh.LinkedFabric} is {@code mesh.LinkedFabric}. */
  private static String shortName(String logger) {
    return logger.startsWith("io.weft.") ? logger.substring("io.weft.".length()) : logger;
  }

  private static String trace(IThrowableProxy first) {
    StringBuilder out = new StringBuilder();
    IThrowableProxy current = first;
    for (int i = 0; current != null && i < CAUSES_MAX && out.length() < Escape.FIELD_MAX; i++) {
      out.append(i == 0 ? "" : " <- ").append(current.getClassName()).append(": ").append(current.getMessage());
      StackTraceElementProxy[] frames = current.getStackTraceElementProxyArray();
      int own = frames == null ? 0 : frames.length - current.getCommonFrames();
      for (int f = 0; f < own && out.length() < Escape.FIELD_MAX; f++) {
        out.append(f == 0 ? " at " : "; ").append(frames[f].getStackTraceElement());
      }
      current = current.getCause();
    }
    return out.toString();
  }
}
