package io.weft.dcs.raft.state;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.Entry;
import io.weft.dcs.raft.state.KeyValues.Image;
import io.weft.dcs.raft.state.KeyValues.Lifetime;
import io.weft.support.file.WholeFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/** The state in a file, with a checksum over all of it. A file that does not fit its checksum is refused. */
public final class SnapshotFile {

  private static final long MAGIC = 0x77656674_72616601L; // "weftraf", version 1
  private static final int COUNT_MAX = 10_000_000;
  private static final int TEXT_MAX = 4_096;

  private SnapshotFile() {}

  /** Writes it beside its place, syncs it, and moves it there. */
  public static void write(Path file, Image image) throws IOException {
    WholeFile.write(file, WholeFile.Sync.CONTENT, raw -> {
      CRC32C checksum = new CRC32C();
      OutputStream buffered = new BufferedOutputStream(raw, 1 << 16);
      DataOutputStream out = new DataOutputStream(new CheckedOutputStream(buffered, checksum));
      write(out, image);
      long value = checksum.getValue();
      out.writeLong(value);
      out.flush();
    });
  }

  private static void write(DataOutputStream out, Image image) throws IOException {
    out.writeLong(MAGIC);
    out.writeLong(image.revision());
    out.writeInt(image.entries().size());
    for (Entry entry : image.entries()) {
      bytes(out, entry.key().getBytes(StandardCharsets.UTF_8));
      bytes(out, entry.value());
      out.writeLong(entry.revision());
      bytes(out, entry.session().orElse("").getBytes(StandardCharsets.UTF_8));
    }
    out.writeInt(image.sessions().size());
    for (Lifetime session : image.sessions()) {
      bytes(out, session.id().getBytes(StandardCharsets.UTF_8));
      bytes(out, session.name().getBytes(StandardCharsets.UTF_8));
      out.writeLong(session.ttlMillis());
      out.writeLong(session.renewedAt());
    }
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** @throws Damaged with one clear line */
  public static Image read(Path file) throws IOException {
    CRC32C checksum = new CRC32C();
    try (DataInputStream in =
        new DataInputStream(new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), checksum))) {
      Image image = read(in);
      long computed = checksum.getValue();
      if (in.readLong() != computed || in.read() != -1) {
        throw new IOException("its checksum does not fit");
      }
      return image;
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new Damaged("snapshot " + file.getFileName() + " is damaged: " + e.getMessage(), e);
    }
  }

  private static Image read(DataInputStream in) throws IOException {
    if (in.readLong() != MAGIC) {
      throw new IOException("it does not begin as a snapshot does");
    }
    long revision = in.readLong();
    int entries = count(in);
    List<Entry> all = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      String key = text(in, DcsKeys.BYTES_MAX);
      byte[] value = bytes(in, Dcs.VALUE_MAX);
      long changed = in.readLong();
      String session = text(in, TEXT_MAX);
      all.add(new Entry(key, value, changed, session.isEmpty() ? Optional.empty() : Optional.of(session)));
    }
    int sessions = count(in);
    List<Lifetime> lifetimes = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      lifetimes.add(new Lifetime(text(in, TEXT_MAX), text(in, TEXT_MAX), in.readLong(), in.readLong()));
    }
    return new Image(revision, all, lifetimes);
  }

  private static int count(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > COUNT_MAX) {
      throw new IOException("a count is " + Integer.toUnsignedString(count));
    }
    return count;
  }

  private static String text(DataInputStream in, int most) throws IOException {
    return new String(bytes(in, most), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(DataInputStream in, int most) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > most) {
      throw new IOException("a length is " + Integer.toUnsignedString(length));
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }
}
