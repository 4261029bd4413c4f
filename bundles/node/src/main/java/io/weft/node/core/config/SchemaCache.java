package io.weft.node.core.config;

import io.weft.support.file.WholeFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What bundles declared, kept over a restart: reading their XML is a fifteenth of a start. A file that is damaged, or of another
 * version, is as good as none. Not thread-safe.
 */
final class SchemaCache {

  /** A bundle as it was at one time; the framework never uses an id again, and remembers the time in milliseconds. */
  record Version(long id, long modified) {}

  private static final int FORMAT = 1;
  private static final int BYTES_MAX = 4 << 20;
  private static final int CRC_BYTES = Long.BYTES;
  private static final KeySchema.Type[] TYPES = KeySchema.Type.values();
  private static final Logger log = LoggerFactory.getLogger(SchemaCache.class);

  private final Path file;

  SchemaCache(Path file) {
    this.file = file;
  }

  Map<Version, List<SectionSchema>> read() {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > BYTES_MAX) {
        return Map.of();
      }
      return decode(Files.readAllBytes(file));
    } catch (IOException | RuntimeException e) {
      log.debug("kept schemas unreadable file={} do=\"nothing; they are read anew\"", file, e);
      return Map.of();
    }
  }

  /** A failure costs the next start some time and nothing else. */
  void write(Map<Version, List<SectionSchema>> known) {
    try {
      WholeFile.write(file, encode(known), WholeFile.Sync.NONE);
    } catch (IOException e) {
      log.debug("schemas not kept file={}", file, e);
    }
  }

  static byte[] encode(Map<Version, List<SectionSchema>> known) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(FORMAT);
    out.writeInt(known.size());
    for (Map.Entry<Version, List<SectionSchema>> entry : known.entrySet()) {
      out.writeLong(entry.getKey().id());
      out.writeLong(entry.getKey().modified());
      out.writeInt(entry.getValue().size());
      for (SectionSchema section : entry.getValue()) {
        section(out, section);
      }
    }
    out.writeLong(crc(bytes.toByteArray(), bytes.size()));
    return bytes.toByteArray();
  }

  /** @throws IOException if these are not the bytes that {@link #encode} made */
  static Map<Version, List<SectionSchema>> decode(byte[] bytes) throws IOException {
    int length = bytes.length - CRC_BYTES;
    if (length < 0) {
      throw new IOException("too short");
    }
    // Who got past the checksum was made by us, so counts and lengths need no bounds of their own.
    long crc = new DataInputStream(new ByteArrayInputStream(bytes, length, CRC_BYTES)).readLong();
    if (crc != crc(bytes, length)) {
      throw new IOException("damaged");
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length));
    if (in.readInt() != FORMAT) {
      throw new IOException("of another version");
    }
    Map<Version, List<SectionSchema>> known = new HashMap<>();
    for (int bundles = in.readInt(); bundles > 0; bundles--) {
      Version version = new Version(in.readLong(), in.readLong());
      List<SectionSchema> sections = new ArrayList<>();
      for (int count = in.readInt(); count > 0; count--) {
        sections.add(section(in));
      }
      known.put(version, List.copyOf(sections));
    }
    return known;
  }

  private static void section(DataOutputStream out, SectionSchema section) throws IOException {
    out.writeUTF(section.pid());
    out.writeBoolean(section.factory());
    out.writeUTF(section.name());
    out.writeUTF(section.description());
    out.writeInt(section.keys().size());
    for (KeySchema key : section.keys().values()) {
      out.writeUTF(key.id());
      out.writeByte(key.type().ordinal());
      out.writeBoolean(key.many());
      out.writeBoolean(key.required());
      texts(out, key.defaults());
      texts(out, key.min() == null ? List.of() : List.of(key.min()));
      texts(out, key.max() == null ? List.of() : List.of(key.max()));
      texts(out, key.options());
      out.writeUTF(key.description());
      out.writeUTF(key.applies());
    }
  }

  private static SectionSchema section(DataInputStream in) throws IOException {
    String pid = in.readUTF();
    boolean factory = in.readBoolean();
    String name = in.readUTF();
    String description = in.readUTF();
    Map<String, KeySchema> keys = new LinkedHashMap<>();
    for (int count = in.readInt(); count > 0; count--) {
      KeySchema key = key(in);
      keys.put(key.id(), key);
    }
    return new SectionSchema(pid, factory, name, description, keys);
  }

  private static KeySchema key(DataInputStream in) throws IOException {
    String id = in.readUTF();
    KeySchema.Type type = TYPES[in.readByte()];
    boolean many = in.readBoolean();
    boolean required = in.readBoolean();
    List<String> defaults = texts(in);
    List<String> min = texts(in);
    List<String> max = texts(in);
    return new KeySchema(id, type, many, required, defaults, min.isEmpty() ? null : min.get(0), max.isEmpty() ? null : max.get(0),
        texts(in), in.readUTF(), in.readUTF());
  }

  private static void texts(DataOutputStream out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      out.writeUTF(text);
    }
  }

  private static List<String> texts(DataInputStream in) throws IOException {
    String[] texts = new String[in.readInt()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = in.readUTF();
    }
    return List.copyOf(Arrays.asList(texts));
  }

  private static long crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return crc.getValue();
  }
}
