package io.weft.shell.store;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsKeys;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The bytes of a snapshot file: {@code "weft-dcs", u16 version=1, u8 + backend, u8 + fabric, i64 ms since 1970, i64 revision, u32
 * count}, the keys as {@link Encoding} writes them, in order, and SHA-256 over all that. Integers are big-endian.
 */
public final class SnapshotCodec {

  /** Bytes of a whole file. */
  public static final int FILE_MAX = 32 * 1024 * 1024;

  private static final byte[] MAGIC = "weft-dcs".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int NAME_MAX = 255;
  private static final int CHECKSUM = 32;

  private SnapshotCodec() {}

  /** @throws IllegalArgumentException with one line if the result would be larger than {@link #FILE_MAX} */
  public static byte[] encode(Saved saved) {
    if (saved.bytes() + 6L * saved.values().size() > FILE_MAX - 4 * NAME_MAX) {
      throw new IllegalArgumentException("the store holds more than fits into a snapshot file, which has at most "
          + FILE_MAX / (1024 * 1024) + " MiB");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    MessageDigest digest = Encoding.sha256();
    try (DataOutputStream out = new DataOutputStream(new DigestOutputStream(bytes, digest))) {
      out.write(MAGIC);
      out.writeShort(VERSION);
      name(out, saved.backend());
      name(out, saved.fabric());
      out.writeLong(saved.taken().toEpochMilli());
      out.writeLong(saved.revision());
      out.writeInt(saved.values().size());
      Encoding.write(saved.values(), out);
      out.flush();
      bytes.writeBytes(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // into memory
    }
    return bytes.toByteArray();
  }

  private static void name(DataOutputStream out, String name) throws IOException {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > NAME_MAX) {
      throw new IllegalArgumentException("a name has at most " + NAME_MAX + " bytes");
    }
    out.writeByte(bytes.length);
    out.write(bytes);
  }

  /** @throws DamagedSnapshot if it is not what {@link #encode} made, to the last bit */
  public static Saved decode(byte[] file) throws DamagedSnapshot {
    if (file.length > FILE_MAX) {
      throw new DamagedSnapshot("it is larger than " + FILE_MAX / (1024 * 1024) + " MiB");
    }
    if (file.length < MAGIC.length || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new DamagedSnapshot("it is not a snapshot of a store");
    }
    int end = file.length - CHECKSUM;
    if (end < MAGIC.length + 2) {
      throw new DamagedSnapshot("it is cut off");
    }
    ByteBuffer in = ByteBuffer.wrap(file, MAGIC.length, end - MAGIC.length);
    int version = Short.toUnsignedInt(in.getShort());
    if (version != VERSION) {
      throw new DamagedSnapshot("it is of version " + version + "; this node reads version " + VERSION);
    }
    MessageDigest digest = Encoding.sha256();
    digest.update(file, 0, end);
    if (!MessageDigest.isEqual(digest.digest(), Arrays.copyOfRange(file, end, file.length))) {
      throw new DamagedSnapshot("its checksum is wrong: it is cut off or was changed");
    }
    return body(in);
  }

  /** What follows the version; trusts no length in it, although the checksum was right. */
  static Saved body(ByteBuffer in) throws DamagedSnapshot {
    try {
      String backend = text(in, Byte.toUnsignedInt(in.get()));
      String fabric = text(in, Byte.toUnsignedInt(in.get()));
      Instant taken = Instant.ofEpochMilli(in.getLong());
      long revision = in.getLong();
      long count = Integer.toUnsignedLong(in.getInt());
      Map<String, byte[]> values = new LinkedHashMap<>();
      String last = "";
      for (long i = 0; i < count; i++) {
        String key = DcsKeys.check(text(in, Short.toUnsignedInt(in.getShort())));
        if (DcsKeys.ORDER.compare(last, key) >= 0) {
          throw new DamagedSnapshot("its keys are not in order");
        }
        last = key;
        values.put(key, bytes(in, in.getInt(), Dcs.VALUE_MAX));
      }
      if (in.hasRemaining()) {
        throw new DamagedSnapshot("something follows its last key");
      }
      return new Saved(backend, fabric, taken, revision, values);
    } catch (BufferUnderflowException e) {
      throw new DamagedSnapshot("it ends too early");
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new DamagedSnapshot("a key in it cannot be one");
    }
  }

  private static String text(ByteBuffer in, int length) throws DamagedSnapshot, CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(in, length, Short.MAX_VALUE))).toString();
  }

  private static byte[] bytes(ByteBuffer in, int length, int most) throws DamagedSnapshot {
    if (length < 0 || length > most) {
      throw new DamagedSnapshot("a length in it is out of range");
    }
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
