package io.weft.support.signal;

import io.weft.signaling.Signal;
import io.weft.signaling.SignalType;
import io.weft.support.Json;
import io.weft.support.JsonReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Envelopes as JSON: {@code {"from","to","type","attempt","time","nonce","data","sig"}}, bytes in base64url without padding. Strict:
 * every key once, none missing, none more.
 */
public final class EnvelopeJson {

  /** Bytes of one envelope. */
  public static final int ENVELOPE_MAX = 16 * 1024;

  /** Bytes of a list of envelopes. */
  public static final int LIST_MAX = 512 * 1024;

  /** Envelopes of a list. */
  public static final int COUNT_MAX = 256;

  private static final Set<String> KEYS = Set.of("from", "to", "type", "attempt", "time", "nonce", "data", "sig");
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private EnvelopeJson() {}

  public static String write(Envelope envelope) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("from", envelope.from());
    map.put("to", envelope.to());
    map.put("type", envelope.signal().type().name());
    map.put("attempt", envelope.signal().attempt());
    map.put("time", envelope.time());
    map.put("nonce", ENCODER.encodeToString(envelope.nonce()));
    map.put("data", ENCODER.encodeToString(envelope.signal().data()));
    map.put("sig", ENCODER.encodeToString(envelope.signature()));
    return Json.compact(map);
  }

  /** @throws IllegalArgumentException if it is not exactly one envelope; the message repeats nothing of it */
  public static Envelope read(byte[] json) {
    if (json.length > ENVELOPE_MAX) {
      throw new IllegalArgumentException("an envelope has at most " + ENVELOPE_MAX + " bytes");
    }
    return envelope(JsonReader.read(text(json)));
  }

  /**
   * Reads a list, as a poll gives it. An element that is no envelope is left out: whoever sent it must not keep the others away.
   *
   * @throws IllegalArgumentException if it is no list, or too long
   */
  public static List<Envelope> readList(byte[] json) {
    if (json.length > LIST_MAX) {
      throw new IllegalArgumentException("a list of envelopes has at most " + LIST_MAX + " bytes");
    }
    Object value = JsonReader.read(text(json));
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list) || list.size() > COUNT_MAX) {
      throw new IllegalArgumentException("not a list of at most " + COUNT_MAX + " envelopes");
    }
    List<Envelope> envelopes = new ArrayList<>();
    for (Object element : list) {
      try {
        envelopes.add(envelope(element));
      } catch (IllegalArgumentException malformed) {
        continue; // what is no envelope has no sender to tell, and those after it are still good
      }
    }
    return envelopes;
  }

  private static Envelope envelope(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map) || !map.keySet().equals(KEYS)) {
      throw new IllegalArgumentException("an envelope has the keys from, to, type, attempt, time, nonce, data and sig");
    }
    Signal signal = new Signal(type(string(map, "type")), number(map, "attempt"), bytes(map, "data", Signal.DATA_MAX));
    return new Envelope(string(map, "from"), string(map, "to"), signal, number(map, "time"), bytes(map, "nonce", Envelope.NONCE),
        bytes(map, "sig", Envelope.SIGNATURE));
  }

  private static SignalType type(String name) {
    for (SignalType type : SignalType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException("the type of an envelope is auth, candidate or done");
  }

  private static String string(Map<?, ?> map, String key) {
    if (map.get(key) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(key + " is not a string");
  }

  private static long number(Map<?, ?> map, String key) {
    if (map.get(key) instanceof Long number) {
      return number;
    }
    throw new IllegalArgumentException(key + " is not a whole number");
  }

  private static byte[] bytes(Map<?, ?> map, String key, int most) {
    String text = string(map, key);
    if (text.length() > (most + 2) / 3 * 4) {
      throw new IllegalArgumentException(key + " is longer than " + most + " bytes");
    }
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    if (!ENCODER.encodeToString(bytes).equals(text)) {
      throw new IllegalArgumentException(key + " is not base64url in its one proper form");
    }
    return bytes;
  }

  private static String text(byte[] json) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not UTF-8", e);
    }
  }
}
