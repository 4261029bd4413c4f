package io.weft.dcs.nats;

import io.weft.dcs.DcsKeys;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Keys as subjects: slashes are dots, letters, digits, dashes and underscores are themselves, any other byte is {@code =XX}. So a
 * prefix of keys is a prefix of subjects, and NATS's own tools can read the bucket.
 */
final class NatsSubjects {

  private static final String HEX = "0123456789ABCDEF";

  private final String keys;
  private final String sessions;

  NatsSubjects(String bucket) {
    this.keys = "$KV." + bucket + ".";
    this.sessions = "weft.session." + bucket + ".";
  }

  String allKeys() {
    return keys + ">";
  }

  String allSessions() {
    return sessions + ">";
  }

  String session(String id) {
    return sessions + id;
  }

  String sessionId(String subject) {
    return subject.substring(sessions.length());
  }

  String key(String key) {
    return keys + encode(key);
  }

  /** Everything below a prefix. */
  String below(String prefix) {
    return keys + encode(prefix) + ">";
  }

  /** The key, or null if the subject is none that {@link #key} makes. */
  @Nullable String keyOf(String subject) {
    if (!subject.startsWith(keys)) {
      return null;
    }
    String key = decode(subject.substring(keys.length()));
    try {
      return key == null ? null : DcsKeys.check(key);
    } catch (IllegalArgumentException e) {
      return null; // somebody else's
    }
  }

  private static String encode(String key) {
    StringBuilder out = new StringBuilder();
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      if (b == '/') {
        out.append('.');
      } else if (isPlain(b)) {
        out.append((char) b);
      } else {
        out.append('=').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
      }
    }
    return out.toString();
  }

  private static @Nullable String decode(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        out.write('/');
      } else if (c == '=' && i + 2 < text.length() && HEX.indexOf(text.charAt(i + 1)) >= 0 && HEX.indexOf(text.charAt(i
          + 2)) >= 0) {
        out.write(HEX.indexOf(text.charAt(i + 1)) << 4 | HEX.indexOf(text.charAt(i + 2)));
        i += 2;
      } else if (c < 0x80 && isPlain((byte) c)) {
        out.write(c);
      } else {
        return null;
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static boolean isPlain(byte b) {
    return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_';
  }
}
