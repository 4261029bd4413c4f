package io.weft.shell.store;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Keys and values as bytes, one after the other: {@code u16 length, key, u32 length, value}. The same keys give the same bytes. */
final class Encoding {

  private Encoding() {}

  static void write(Map<String, byte[]> values, DataOutputStream out) throws IOException {
    for (Map.Entry<String, byte[]> entry : values.entrySet()) {
      byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
      out.writeShort(key.length);
      out.write(key);
      out.writeInt(entry.getValue().length);
      out.write(entry.getValue());
    }
  }

  /** SHA-256 over the bytes, in hex. */
  static String digest(Map<String, byte[]> values) {
    MessageDigest digest = sha256();
    try (DataOutputStream out = new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
      write(values, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is written anywhere
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static long bytes(Map<String, byte[]> values) {
    return values.entrySet().stream().mapToLong(e -> e.getKey().getBytes(StandardCharsets.UTF_8).length + e.getValue().length)
        .sum();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
