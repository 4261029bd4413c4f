package io.weft.itests.archives;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes a zip file byte by byte, so that it can lie about anything. */
public final class RawZip {

  /** One entry, with every field that it has; {@code local} fields stand before the data. */
  public static final class Item {
    byte[] name;
    byte[] localName;
    byte[] data;
    byte[] packed;
    int method;
    int localMethod;
    int flags;
    int mode;
    int madeBy = 3;
    long size;
    long packedSize;
    long localSize;
    int crc;
    int disk;
    int offset = -1;
    byte[] extra = new byte[0];
    byte[] localExtra = new byte[0];
    byte[] comment = new byte[0];
    byte[] after = new byte[0];
    boolean inDirectory = true;
    boolean inFile = true;

    public Item mode(int unix) {
      mode = unix;
      return this;
    }
  }

  final List<Item> items = new ArrayList<>();
  byte[] before = new byte[0];
  byte[] beforeDirectory = new byte[0];
  byte[] beforeEnd = new byte[0];
  byte[] comment = new byte[0];
  byte[] behind = new byte[0];
  int count = -1;
  long directoryOffset = -1;

  /** A bundle with nothing but a manifest. */
  public static RawZip bundle(String... more) {
    RawZip zip = new RawZip();
    zip.add("META-INF/MANIFEST.MF", manifest(more));
    return zip;
  }

  public static byte[] manifest(String... more) {
    return ("Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: com.acme.one\nBundle-Version: 1.0.0\n"
        + String.join("", List.of(more).stream().map(line -> line + "\n").toList()) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  public Item add(String name, String text) {
    return add(name, text.getBytes(StandardCharsets.UTF_8));
  }

  public Item add(String name, byte[] data) {
    return add(name.getBytes(StandardCharsets.UTF_8), data);
  }

  Item add(byte[] name, byte[] data) {
    Item item = new Item();
    item.name = name;
    item.localName = name;
    item.data = data;
    item.packed = deflate(data);
    item.method = 8;
    item.localMethod = 8;
    item.flags = 0x0800;
    item.size = data.length;
    item.localSize = data.length;
    item.packedSize = item.packed.length;
    CRC32 crc = new CRC32();
    crc.update(data);
    item.crc = (int) crc.getValue();
    items.add(item);
    return item;
  }

  static byte[] deflate(byte[] data) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(data);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(before);
    for (Item item : items) {
      int offset = out.size();
      if (item.inFile) {
        out.writeBytes(little(30).putInt(0x04034b50).putShort((short) 20).putShort((short) item.flags).putShort((short) item.localMethod)
            .putInt(0).putInt(item.crc).putInt((int) item.packedSize).putInt((int) item.localSize)
            .putShort((short) item.localName.length).putShort((short) item.localExtra.length).array());
        out.writeBytes(item.localName);
        out.writeBytes(item.localExtra);
        out.writeBytes(item.packed);
        out.writeBytes(item.after);
      }
      item.offset = item.offset < 0 ? offset : item.offset;
    }
    out.writeBytes(beforeDirectory);
    int directory = out.size();
    int entries = 0;
    for (Item item : items) {
      if (item.inDirectory) {
        entries++;
        out.writeBytes(little(46).putInt(0x02014b50).putShort((short) (item.madeBy << 8 | 20)).putShort((short) 20)
            .putShort((short) item.flags).putShort((short) item.method).putInt(0).putInt(item.crc).putInt((int) item.packedSize)
            .putInt((int) item.size).putShort((short) item.name.length).putShort((short) item.extra.length)
            .putShort((short) item.comment.length).putShort((short) item.disk).putShort((short) 0).putInt(item.mode << 16)
            .putInt(item.offset).array());
        out.writeBytes(item.name);
        out.writeBytes(item.extra);
        out.writeBytes(item.comment);
      }
    }
    int size = out.size() - directory;
    out.writeBytes(beforeEnd);
    int said = count < 0 ? entries : count;
    out.writeBytes(little(22).putInt(0x06054b50).putInt(0).putShort((short) said).putShort((short) said).putInt(size)
        .putInt(directoryOffset < 0 ? directory : (int) directoryOffset).putShort((short) comment.length).array());
    out.writeBytes(comment);
    out.writeBytes(behind);
    return out.toByteArray();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
