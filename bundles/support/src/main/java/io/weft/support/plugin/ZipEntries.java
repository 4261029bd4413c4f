package io.weft.support.plugin;

import static io.weft.support.plugin.MalformedArchive.printable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The entries of a zip file, read from its directory and compared with what stands before each file: readers of zip files differ in which of
 * the two they believe, so a file is only taken where there is nothing to differ about. Every byte belongs to exactly one entry, to the
 * directory or to its end.
 */
final class ZipEntries {

  /**
   * @param at offset of the compressed bytes
   * @param mode Unix mode, or 0 if the file has none
   */
  record Entry(String name, boolean deflated, int at, int compressed, long size, int crc, int mode) {

    boolean folder() {
      return name.endsWith("/");
    }
  }

  static final int END_SIZE = 22;

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int DESCRIPTOR = 0x08074b50;
  private static final int LOCAL_SIZE = 30;
  private static final int CENTRAL_SIZE = 46;
  // Options of deflate, sizes after the data, names in UTF-8.
  private static final int FLAGS = 0x0806 | 0x0008;
  private static final int SIZES_AFTER = 0x0008;
  private static final int UTF8 = 0x0800;
  private static final int UNIX = 3;
  private static final int ZIP64 = 0x0001;
  private static final int OTHER_NAME = 0x7075;
  private static final int OTHER_COMMENT = 0x6375;

  private final ByteBuffer zip;
  private final int entriesMax;
  private final List<Entry> entries = new ArrayList<>();
  // Where each entry begins and ends, to see that there is nothing between.
  private final List<int[]> extents = new ArrayList<>();

  private ZipEntries(byte[] bytes, int length, int entriesMax) {
    this.zip = ByteBuffer.wrap(bytes, 0, length).slice().order(ByteOrder.LITTLE_ENDIAN);
    this.entriesMax = entriesMax;
  }

  /**
   * @param length of the archive without the comment that its signature is; if that is all of the bytes it may have no comment
   */
  static List<Entry> read(byte[] bytes, int length, int entriesMax) throws MalformedArchive {
    ZipEntries reader = new ZipEntries(bytes, length, entriesMax);
    try {
      reader.read(length < bytes.length);
    } catch (IndexOutOfBoundsException e) {
      throw new MalformedArchive("it is cut off, or an offset in it leads out of it");
    }
    return reader.entries;
  }

  private void read(boolean signed) throws MalformedArchive {
    int end = zip.capacity() - END_SIZE;
    if (end < 0 || zip.getInt(end) != END) {
      throw new MalformedArchive("it is no jar: the end of a zip file is not where it must be, or something follows it");
    }
    if (!signed && zip.getShort(end + 20) != 0) {
      throw new MalformedArchive("it has a comment that is no signature");
    }
    int count = u16(end + 10);
    if (u16(end + 4) != 0 || u16(end + 6) != 0 || u16(end + 8) != count) {
      throw new MalformedArchive("it is one of several parts of an archive");
    }
    if (count == 0xffff || zip.getInt(end + 12) == -1 || zip.getInt(end + 16) == -1) {
      throw new MalformedArchive("it is in the format for huge archives (zip64)");
    }
    if (count > entriesMax) {
      throw new MalformedArchive("it has " + count + " entries, more than " + entriesMax);
    }
    int directory = offset(end + 16);
    if ((long) directory + u32(end + 12) != end) {
      throw new MalformedArchive("there is something between its directory and its end");
    }
    int at = directory;
    for (int i = 0; i < count; i++) {
      at = entry(at, directory);
    }
    if (at != end) {
      throw new MalformedArchive("its directory holds more than its entries");
    }
    noGaps(directory);
  }

  private int entry(int at, int directory) throws MalformedArchive {
    if (zip.getInt(at) != CENTRAL) {
      throw new MalformedArchive("its directory is damaged");
    }
    int flags = u16(at + 8);
    int method = u16(at + 10);
    int nameSize = u16(at + 28);
    int extraSize = u16(at + 30);
    int end = at + CENTRAL_SIZE + nameSize + extraSize;
    String name = name(at + CENTRAL_SIZE, nameSize, flags);
    if (u16(at + 32) != 0) {
      throw new MalformedArchive("the entry " + printable(name) + " has a comment");
    }
    if ((flags & ~FLAGS) != 0) {
      throw new MalformedArchive("the entry " + printable(name) + ((flags & 1) != 0 ? " is encrypted" : " uses an unknown feature"));
    }
    if (method != 0 && method != 8) {
      throw new MalformedArchive("the entry " + printable(name) + " is packed by method " + method + "; only deflate is taken");
    }
    if (u16(at + 34) != 0) {
      throw new MalformedArchive("the entry " + printable(name) + " is in another part of the archive");
    }
    extra(at + CENTRAL_SIZE + nameSize, extraSize, name);
    long packed = u32(at + 20);
    long size = u32(at + 24);
    int local = offset(at + 42);
    if (packed > directory || size > Integer.MAX_VALUE) {
      throw new MalformedArchive("the entry " + printable(name) + " claims to be larger than it can be");
    }
    int mode = u16(at + 4) >> 8 == UNIX ? u16(at + 40) : 0;
    int data = local(local, at, name, flags, method);
    if (method == 0 && (packed != size || (flags & SIZES_AFTER) != 0)) {
      throw new MalformedArchive("the entry " + printable(name) + " is not packed, and its size is not said once and before it");
    }
    int after = data + (int) packed;
    extents.add(new int[] {local, (flags & SIZES_AFTER) == 0 ? after : descriptor(after, at, name)});
    entries.add(new Entry(name, method == 8, data, (int) packed, size, zip.getInt(at + 16), mode));
    return end;
  }

  /** Compares what stands before the file with the directory; returns where its data begin. */
  private int local(int local, int central, String name, int flags, int method) throws MalformedArchive {
    int nameSize = u16(local + 26);
    boolean same = zip.getInt(local) == LOCAL && u16(local + 6) == flags && u16(local + 8) == method
        && nameSize == u16(central + 28) && sameBytes(local + LOCAL_SIZE, central + CENTRAL_SIZE, nameSize);
    for (int i = 0; i < 12 && same; i += 4) {
      int here = zip.getInt(local + 14 + i);
      same = here == zip.getInt(central + 16 + i) || here == 0 && (flags & SIZES_AFTER) != 0;
    }
    if (!same) {
      throw new MalformedArchive("the entry " + printable(name) + " is not what the directory of the jar says it is");
    }
    extra(local + LOCAL_SIZE + nameSize, u16(local + 28), name);
    return local + LOCAL_SIZE + nameSize + u16(local + 28);
  }

  /** Sizes and checksum after the data, with or without a mark before them; returns where they end. */
  private int descriptor(int at, int central, String name) throws MalformedArchive {
    int start = zip.getInt(at) == DESCRIPTOR && sameBytes(at + 4, central + 16, 12) ? at + 4 : at;
    if (!sameBytes(start, central + 16, 12)) {
      throw new MalformedArchive("the entry " + printable(name) + " is not what the directory of the jar says it is");
    }
    return start + 12;
  }

  private void noGaps(int directory) throws MalformedArchive {
    extents.sort(Comparator.comparingInt(extent -> extent[0]));
    int at = 0;
    for (int[] extent : extents) {
      if (extent[0] != at) {
        throw new MalformedArchive(extent[0] < at ? "two of its entries overlap" : "there is something between its entries");
      }
      at = extent[1];
    }
    if (at != directory) {
      throw new MalformedArchive(at > directory ? "an entry overlaps its directory" : "there is something between its entries");
    }
  }

  private String name(int at, int size, int flags) throws MalformedArchive {
    byte[] bytes = new byte[size];
    zip.get(at, bytes);
    boolean ascii = true;
    for (byte b : bytes) {
      ascii &= b >= 0;
    }
    if (!ascii && (flags & UTF8) == 0) {
      throw new MalformedArchive("the name of an entry has letters beyond ASCII and is not marked as UTF-8");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedArchive("the name of an entry is not UTF-8");
    }
  }

  /** What may stand in the extra fields is not looked at, but for what would change name or sizes. */
  private void extra(int at, int size, String name) throws MalformedArchive {
    int end = at + size;
    int i = at;
    while (i + 4 <= end) {
      int kind = u16(i);
      if (kind == ZIP64 || kind == OTHER_NAME || kind == OTHER_COMMENT) {
        throw new MalformedArchive("the entry " + printable(name) + " has a second name or size");
      }
      i += 4 + u16(i + 2);
    }
    if (i > end) {
      throw new MalformedArchive("the entry " + printable(name) + " has a damaged extra field");
    }
  }

  private boolean sameBytes(int one, int other, int count) {
    for (int i = 0; i < count; i++) {
      if (zip.get(one + i) != zip.get(other + i)) {
        return false;
      }
    }
    return true;
  }

  private int u16(int at) {
    return zip.getShort(at) & 0xffff;
  }

  private long u32(int at) {
    return zip.getInt(at) & 0xffffffffL;
  }

  private int offset(int at) throws MalformedArchive {
    long offset = u32(at);
    if (offset >= zip.capacity()) {
      throw new MalformedArchive("an offset in it leads out of it");
    }
    return (int) offset;
  }
}
