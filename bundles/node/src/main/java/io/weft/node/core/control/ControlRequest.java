package io.weft.node.core.control;

import io.weft.support.JsonReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a client asks for. */
sealed interface ControlRequest {

  int ARGS_MAX = 1024;
  int SIZE_MAX = 10_000;

  /** Run one command. The arguments reach it as they are: nothing in them is syntax. */
  record Exec(List<String> args, int columns, boolean tty) implements ControlRequest {}

  /** Open the interactive shell. */
  record Shell(String term, int columns, int rows) implements ControlRequest {}

  /** Bytes for the standard input; none means that it ended. */
  record Stdin(byte[] bytes) implements ControlRequest {}

  record Resize(int columns, int rows) implements ControlRequest {}

  record Interrupt() implements ControlRequest {}

  /** @throws BadFrame if the frame is none of these or its payload is not what its type needs */
  static ControlRequest parse(ControlFrames.Frame frame) {
    byte[] payload = frame.payload();
    return switch (frame.type()) {
      case ControlFrames.EXEC -> exec(json(payload));
      case ControlFrames.SHELL -> shell(json(payload));
      case ControlFrames.STDIN -> new Stdin(payload);
      case ControlFrames.RESIZE -> resize(payload);
      case ControlFrames.INTERRUPT -> new Interrupt();
      default -> throw new BadFrame("unknown frame type " + frame.type());
    };
  }

  private static Exec exec(Map<?, ?> json) {
    if (!(json.get("args") instanceof List<?> list) || list.isEmpty() || list.size() > ARGS_MAX) {
      throw new BadFrame("args must be a list of 1 to " + ARGS_MAX + " strings");
    }
    List<String> args = new ArrayList<>();
    for (Object arg : list) {
      if (!(arg instanceof String text)) {
        throw new BadFrame("args must be a list of strings");
      }
      args.add(text);
    }
    return new Exec(List.copyOf(args), size(json, "columns", 80), Boolean.TRUE.equals(json.get("tty")));
  }

  private static Shell shell(Map<?, ?> json) {
    Object term = json.get("term");
    // The name selects a terminal description, so it must not become a path or an option of a program that looks it up.
    boolean known = term instanceof String name && name.matches("[A-Za-z0-9][A-Za-z0-9+._-]{0,63}");
    return new Shell(known ? (String) term : "dumb", size(json, "columns", 80), size(json, "rows", 24));
  }

  private static Resize resize(byte[] payload) {
    if (payload.length != 4) {
      throw new BadFrame("a resize has 4 bytes, not " + payload.length);
    }
    ByteBuffer bytes = ByteBuffer.wrap(payload);
    return new Resize(clamp(bytes.getShort() & 0xffff), clamp(bytes.getShort() & 0xffff));
  }

  private static int size(Map<?, ?> json, String key, int otherwise) {
    return json.get(key) instanceof Long n && n > 0 ? clamp(n) : otherwise;
  }

  private static int clamp(long size) {
    return (int) Math.max(1, Math.min(SIZE_MAX, size));
  }

  private static Map<?, ?> json(byte[] payload) {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload));
      if (JsonReader.read(text.toString()) instanceof Map<?, ?> map) {
        return map;
      }
      throw new BadFrame("expected a JSON object");
    } catch (CharacterCodingException e) {
      throw new BadFrame("expected UTF-8");
    } catch (IllegalArgumentException e) {
      throw new BadFrame(String.valueOf(e.getMessage()));
    }
  }
}
