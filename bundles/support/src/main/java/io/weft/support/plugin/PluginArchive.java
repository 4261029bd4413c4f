package io.weft.support.plugin;

import static io.weft.support.plugin.MalformedArchive.printable;

import io.weft.support.plugin.ZipEntries.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The rules that the jar of a plugin keeps before anybody unpacks, installs or even lists it. Looks at every byte in memory; writes nothing.
 *
 * @param names of all its files
 * @param manifest its main attributes
 */
public record PluginArchive(List<String> names, Attributes manifest) {

  /** It is looked at in memory, of which a node has little. */
  public static final int BYTES_MAX = 32 << 20;
  public static final int ENTRIES_MAX = 10_000;
  static final long UNPACKED_MAX = 256L << 20;
  static final int RATIO_MAX = 100;
  /** Below this a high ratio harms nobody. */
  static final int RATIO_FROM = 64 << 10;
  static final int NAME_MAX = 512;
  static final int MANIFEST_MAX = 256 << 10;

  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final int KIND = 0xf000;
  private static final int FILE = 0x8000;
  private static final int FOLDER = 0x4000;
  private static final int SET_ID = 0x0e00;

  /** @throws MalformedArchive if it breaks a rule */
  public static PluginArchive read(byte[] jar) throws MalformedArchive {
    return new Reader().plugin(jar);
  }

  /** Of this jar and what is nested in it. */
  private static final class Reader {

    private long unpacked;

    PluginArchive plugin(byte[] jar) throws MalformedArchive {
      if (jar.length > BYTES_MAX) {
        throw new MalformedArchive("it has " + jar.length + " bytes, more than " + BYTES_MAX);
      }
      List<Entry> entries = ZipEntries.read(jar, SignedJar.plainLength(jar), ENTRIES_MAX);
      names(entries);
      Map<String, byte[]> wanted = new HashMap<>();
      wanted.put(MANIFEST, null);
      contents(jar, entries, wanted);
      byte[] text = wanted.get(MANIFEST);
      if (text == null) {
        throw new MalformedArchive("it has no " + MANIFEST);
      }
      Attributes manifest = attributes(text);
      nested(jar, entries, manifest);
      return new PluginArchive(entries.stream().map(Entry::name).filter(name -> !name.endsWith("/")).toList(), manifest);
    }

    /** The framework unpacks what the class path names, so that keeps the rules, too; what is in there further down stays packed. */
    private void nested(byte[] jar, List<Entry> entries, Attributes manifest) throws MalformedArchive {
      String path = manifest.getValue("Bundle-ClassPath");
      for (String clause : path == null ? new String[0] : path.split(",")) {
        String name = clause.replaceFirst(";.*", "").strip().replaceFirst("^/", "");
        for (Entry entry : entries) {
          if (entry.name().equals(name) && !entry.folder()) {
            if (entry.size() > BYTES_MAX) {
              throw new MalformedArchive("the jar " + printable(name) + " inside has more than " + BYTES_MAX + " bytes");
            }
            Map<String, byte[]> wanted = new HashMap<>();
            wanted.put(name, null);
            contents(jar, List.of(entry), wanted);
            inside(name, wanted.get(name));
          }
        }
      }
    }

    private void inside(String name, byte[] nested) throws MalformedArchive {
      try {
        List<Entry> entries = ZipEntries.read(nested, SignedJar.plainLength(nested), ENTRIES_MAX);
        names(entries);
        contents(nested, entries, new HashMap<>());
      } catch (MalformedArchive e) {
        throw new MalformedArchive("in the jar " + printable(name) + " inside: " + e.getMessage());
      }
    }

    private static void names(List<Entry> entries) throws MalformedArchive {
      Map<String, String> seen = new HashMap<>();
      for (Entry entry : entries) {
        String name = entry.name();
        String plain = entry.folder() ? name.substring(0, name.length() - 1) : name;
        checkName(name, plain);
        checkKind(entry);
        String folded = folded(plain);
        String before = seen.put(folded, entry.folder() ? "folder" : "file");
        if (before != null) {
          throw new MalformedArchive("the entry " + printable(name) + " is there twice, or differs from another in capitals only");
        }
      }
      for (Entry entry : entries) {
        String name = folded(entry.name());
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
          if ("file".equals(seen.get(name.substring(0, slash)))) {
            throw new MalformedArchive("the entry " + printable(entry.name()) + " is below a file");
          }
        }
      }
    }

    private static String folded(String name) {
      return Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }

    private static void checkName(String name, String plain) throws MalformedArchive {
      if (plain.isEmpty() || name.length() > NAME_MAX) {
        throw new MalformedArchive("an entry has a name of " + name.length() + " characters; 1 to " + NAME_MAX + " are taken");
      }
      if (name.indexOf('\\') >= 0 || !MalformedArchive.isPrintable(name)) {
        throw new MalformedArchive("the name " + printable(name) + " has characters that are not taken");
      }
      if (name.startsWith("/") || plain.matches("[A-Za-z]:.*")) {
        throw new MalformedArchive("the name " + printable(name) + " leads out of the jar");
      }
      for (String part : plain.split("/", -1)) {
        if (part.equals("..") || part.equals(".") || part.isEmpty()) {
          throw new MalformedArchive("the name " + printable(name) + " leads out of the jar, or to another entry");
        }
      }
    }

    private static void checkKind(Entry entry) throws MalformedArchive {
      int kind = entry.mode() & KIND;
      if (kind != 0 && kind != (entry.folder() ? FOLDER : FILE)) {
        throw new MalformedArchive("the entry " + printable(entry.name()) + " is a link or a device, not a "
            + (entry.folder() ? "folder" : "file"));
      }
      if ((entry.mode() & SET_ID) != 0) {
        throw new MalformedArchive("the entry " + printable(entry.name()) + " would run with the rights of somebody else (mode "
            + Integer.toOctalString(entry.mode() & 0xfff) + ")");
      }
      if (entry.folder() && entry.size() != 0) {
        throw new MalformedArchive("the folder " + printable(entry.name()) + " has content of its own");
      }
    }

    private void contents(byte[] jar, List<Entry> entries, Map<String, byte[]> wanted) throws MalformedArchive {
      Inflater inflater = new Inflater(true);
      try {
        for (Entry entry : entries) {
          unpacked += entry.size();
          if (unpacked > UNPACKED_MAX) {
            throw new MalformedArchive("it unpacks to more than " + UNPACKED_MAX + " bytes");
          }
          if (entry.size() > RATIO_FROM && entry.size() / Math.max(1, entry.compressed()) > RATIO_MAX) {
            throw new MalformedArchive("the entry " + printable(entry.name()) + " unpacks to more than " + RATIO_MAX + " times its size");
          }
          if (entry.name().equals(MANIFEST) && entry.size() > MANIFEST_MAX) {
            throw new MalformedArchive("its manifest has more than " + MANIFEST_MAX + " bytes");
          }
          byte[] keep = wanted.containsKey(entry.name()) ? new byte[(int) entry.size()] : null;
          content(jar, entry, inflater, keep);
          if (keep != null) {
            wanted.put(entry.name(), keep);
          }
        }
      } finally {
        inflater.end();
      }
    }

    private static void content(byte[] jar, Entry entry, Inflater inflater, byte[] keep) throws MalformedArchive {
      CRC32 crc = new CRC32();
      if (!entry.deflated()) {
        crc.update(jar, entry.at(), entry.compressed());
        if (keep != null) {
          System.arraycopy(jar, entry.at(), keep, 0, keep.length);
        }
      } else {
        unpack(jar, entry, inflater, crc, keep);
      }
      if ((int) crc.getValue() != entry.crc()) {
        throw new MalformedArchive("the entry " + printable(entry.name()) + " is damaged: its checksum is another");
      }
    }

    private static void unpack(byte[] jar, Entry entry, Inflater inflater, CRC32 crc, byte[] keep) throws MalformedArchive {
      inflater.reset();
      inflater.setInput(jar, entry.at(), entry.compressed());
      byte[] buffer = new byte[8192];
      long size = 0;
      try {
        while (!inflater.finished()) {
          int n = inflater.inflate(buffer);
          boolean stuck = n == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary());
          if (stuck || size + n > entry.size()) {
            throw new MalformedArchive("the entry " + printable(entry.name()) + " unpacks to another size than it says");
          }
          if (keep != null) {
            System.arraycopy(buffer, 0, keep, (int) size, n);
          }
          crc.update(buffer, 0, n);
          size += n;
        }
      } catch (DataFormatException e) {
        throw new MalformedArchive("the entry " + printable(entry.name()) + " cannot be unpacked");
      }
      if (size != entry.size() || inflater.getBytesRead() != entry.compressed()) {
        throw new MalformedArchive("the entry " + printable(entry.name()) + " unpacks to another size than it says");
      }
    }

    private static Attributes attributes(byte[] text) throws MalformedArchive {
      try {
        return new Manifest(new ByteArrayInputStream(text)).getMainAttributes();
      } catch (IOException | IllegalArgumentException e) {
        throw new MalformedArchive("its manifest cannot be read: " + printable(String.valueOf(e.getMessage())));
      }
    }
  }
}
