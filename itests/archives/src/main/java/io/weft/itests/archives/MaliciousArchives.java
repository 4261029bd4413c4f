package io.weft.itests.archives;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Jars made to hurt whoever unpacks, lists or runs them. */
public final class MaliciousArchives {

  private static final int LINK = 0xa1ff;
  private static final int SHOWN = 80;
  private static final byte[] ZEROS = new byte[1 << 20];

  /** @param because a part of what is to be said of it */
  public record Attack(String name, byte[] jar, String because) {

    @Override
    public String toString() {
      return name;
    }
  }

  private MaliciousArchives() {}

  /** Those that are no proper archives. */
  public static Stream<Attack> archives() {
    Map<String, Attack> all = new LinkedHashMap<>();
    paths(all);
    kinds(all);
    sizes(all);
    lies(all);
    structure(all);
    return all.values().stream();
  }

  /** Those that would take the place of what a node provides, one that has the bundle {@code org.jline}. */
  public static Stream<Attack> bundles() {
    Map<String, Attack> all = new LinkedHashMap<>();
    manifest(all, "name of the product", "has the name of a part of the node", "Bundle-SymbolicName: io.weft.mesh");
    manifest(all, "name of a library of the node", "has the name of a part of the node", "Bundle-SymbolicName: org.jline");
    manifest(all, "fragment of the framework", "is a fragment of system.bundle", "Fragment-Host: system.bundle; extension:=framework");
    manifest(all, "fragment of the framework by name", "is a fragment of", "Fragment-Host: org.apache.felix.framework");
    manifest(all, "fragment of a bundle of ours", "is a fragment of io.weft.mesh", "Fragment-Host: io.weft.mesh");
    manifest(all, "fragment of a library", "is a fragment of org.jline", "Fragment-Host: org.jline;bundle-version=3");
    manifest(all, "requires the framework", "requires the bundle system.bundle", "Require-Bundle: system.bundle");
    manifest(all, "imports everything", "imports whatever there is", "DynamicImport-Package: *");
    manifest(all, "imports all of ours", "imports whatever there is", "DynamicImport-Package: io.weft.*");
    manifest(all, "exports our API", "exports the package io.weft.secret", "Export-Package: com.acme,io.weft.secret;version=\"1.0\"");
    manifest(all, "exports the framework's API", "exports the package org.osgi.framework", "Export-Package: org.osgi.framework");
    bundle(all, "class of our API", "has a copy of a class", zip -> zip.add("io/weft/secret/Secret.class", "x"));
    bundle(all, "class of Java for newer versions", "has a copy of a class", zip -> zip.add("META-INF/versions/9/java/lang/A.class", "x"));
    return all.values().stream();
  }

  private static void paths(Map<String, Attack> all) {
    for (String name : new String[] {"../evil", "a/../../evil", "/etc/cron.d/evil", "C:/evil", "..\\evil", "a//b", "./a", "a/./b", "..",
        "a\u0000b", "a\nb", "a\u202eb", "x".repeat(600)}) {
      bundle(all, "path " + printable(name), "name", zip -> zip.add(name, "x"));
    }
    bundle(all, "no name", "name", zip -> zip.add("", "x"));
    bundle(all, "name that is not UTF-8", "UTF-8", zip -> zip.add(new byte[] {'a', (byte) 0xc0, (byte) 0xaf}, new byte[1]));
    bundle(all, "name in an unknown alphabet", "not marked as UTF-8", zip -> zip.add("ä", "x").flags = 0);
  }

  private static String printable(String text) {
    return (text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text).replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
  }

  private static void kinds(Map<String, Attack> all) {
    bundle(all, "symbolic link", "link or a device", zip -> zip.add("link", "/etc/passwd").mode(LINK));
    bundle(all, "device", "link or a device", zip -> zip.add("device", "").mode(0x2180));
    bundle(all, "pipe", "link or a device", zip -> zip.add("pipe", "").mode(0x1180));
    bundle(all, "file that says it is a folder", "link or a device", zip -> zip.add("folder", "x").mode(0x41ed));
    bundle(all, "rights of somebody else", "rights of somebody else", zip -> zip.add("su", "x").mode(0x89ed));
    bundle(all, "folder with content", "content of its own", zip -> zip.add("folder/", "x"));
    bundle(all, "the same name twice", "there twice", zip -> {
      zip.add("a/B.class", "good");
      zip.add("a/B.class", "bad");
    });
    bundle(all, "two manifests", "there twice", zip -> zip.add("META-INF/MANIFEST.MF", RawZip.manifest()));
    bundle(all, "the same name in capitals", "differs from another in capitals", zip -> {
      zip.add("a/b.class", "good");
      zip.add("A/B.class", "bad");
    });
    bundle(all, "file and folder of one name", "there twice", zip -> {
      zip.add("a", "x");
      zip.add("a/", "");
    });
    bundle(all, "below a file", "below a file", zip -> {
      zip.add("a", "x");
      zip.add("a/b", "x");
    });
  }

  private static void sizes(Map<String, Attack> all) {
    bundle(all, "bomb", "times its size", zip -> zip.add("bomb", ZEROS));
    bundle(all, "many small bombs", "unpacks to more than", zip -> {
      // Each just below the ratio that counts for one.
      byte[] half = Arrays.copyOf(new java.util.SplittableRandom(1).ints(15_000, 0, 256).collect(java.io.ByteArrayOutputStream::new,
          java.io.ByteArrayOutputStream::write, (a, b) -> a.writeBytes(b.toByteArray())).toByteArray(), 1 << 20);
      for (int i = 0; i < 260; i++) {
        zip.add("part" + i, half);
      }
    });
    bundle(all, "too many entries", "more than 10000", zip -> {
      for (int i = 0; i < 10_001; i++) {
        zip.add("e" + i, new byte[0]);
      }
    });
    bundle(all, "huge manifest", "manifest has more than", zip -> {
      zip.items.clear();
      byte[] big = new byte[300 << 10];
      new java.util.Random(1).nextBytes(big);
      zip.add("META-INF/MANIFEST.MF", big);
    });
    bundle(all, "larger than it says", "another size than it says", zip -> {
      RawZip.Item item = zip.add("a", "longer");
      item.size = 3;
      item.localSize = 3;
    });
    bundle(all, "smaller than it says", "another size", zip -> {
      RawZip.Item item = zip.add("a", "short");
      item.size = 40_000;
      item.localSize = 40_000;
    });
    bundle(all, "two sizes", "not what the directory", zip -> zip.add("a", "short").localSize = 4_000_000);
    bundle(all, "claims four gigabytes", "claims to be larger", zip -> zip.add("a", "x").size = 0xfffffff0L);
    bundle(all, "bomb in a jar inside", "in the jar lib/in.jar inside", zip -> {
      zip.items.clear();
      zip.add("META-INF/MANIFEST.MF", RawZip.manifest("Bundle-ClassPath: .,lib/in.jar"));
      RawZip inside = new RawZip();
      inside.add("bomb", ZEROS);
      zip.add("lib/in.jar", inside.bytes());
    });
    bundle(all, "path in a jar inside", "in the jar lib/in.jar inside", zip -> {
      zip.items.clear();
      zip.add("META-INF/MANIFEST.MF", RawZip.manifest("Bundle-ClassPath: .,lib/in.jar"));
      RawZip inside = new RawZip();
      inside.add("../../evil", "x");
      zip.add("lib/in.jar", inside.bytes());
    });
  }

  private static void lies(Map<String, Attack> all) {
    bundle(all, "another name before the data", "not what the directory", zip -> zip.add("good", "x").localName = "evil".getBytes(
        StandardCharsets.UTF_8));
    bundle(all, "another method before the data", "not what the directory", zip -> zip.add("a", "x").localMethod = 0);
    bundle(all, "wrong checksum", "checksum", zip -> zip.add("a", "x").crc ^= 1);
    bundle(all, "encrypted", "encrypted", zip -> zip.add("a", "x").flags |= 1);
    bundle(all, "unknown method", "packed by method 99", zip -> {
      RawZip.Item item = zip.add("a", "x");
      item.method = 99;
      item.localMethod = 99;
    });
    bundle(all, "second name", "second name", zip -> zip.add("a", "x").extra = new byte[] {0x75, 0x70, 1, 0, 'b'});
    bundle(all, "second size", "second name or size", zip -> zip.add("a", "x").extra = new byte[] {1, 0, 1, 0, 0});
    bundle(all, "extra field that does not end", "damaged extra field", zip -> zip.add("a", "x").extra = new byte[] {9, 0, 99, 0});
    bundle(all, "broken data", "cannot be unpacked", zip -> zip.add("a", "x").packed[0] = 7);
    bundle(all, "data behind the data", "another size", zip -> {
      RawZip.Item item = zip.add("a", "x");
      item.packed = Arrays.copyOf(item.packed, item.packed.length + 5);
      item.packedSize += 5;
    });
    bundle(all, "comment of an entry", "has a comment", zip -> zip.add("a", "x").comment = new byte[] {'c'});
    bundle(all, "two entries of the same bytes", "overlap", zip -> {
      RawZip.Item item = zip.add("META-INF/MANIFEST.MF", RawZip.manifest());
      item.inFile = false;
      item.offset = 0;
      item.name = "META-INF/MANIFEST.M0".getBytes(StandardCharsets.UTF_8);
      zip.items.get(0).localName = item.name;
      zip.items.get(0).name = item.name;
    });
  }

  private static void structure(Map<String, Attack> all) {
    bundle(all, "script in front", "something", zip -> zip.before = "#!/bin/sh\nevil\n".getBytes(StandardCharsets.US_ASCII));
    bundle(all, "entry that the directory does not name", "something between", zip -> zip.add("hidden", "x").inDirectory = false);
    bundle(all, "hidden between data and directory", "something between", zip -> zip.beforeDirectory = new byte[9]);
    bundle(all, "hidden behind the directory", "something between", zip -> zip.beforeEnd = new byte[9]);
    bundle(all, "something behind the end", "no jar", zip -> zip.behind = new byte[9]);
    bundle(all, "comment", "something follows", zip -> zip.comment = "hello".getBytes(StandardCharsets.US_ASCII));
    bundle(all, "another archive in the comment", "", zip -> zip.comment = RawZip.bundle().bytes());
    bundle(all, "more entries than there are", "", zip -> zip.count = 5);
    bundle(all, "fewer entries than there are", "directory holds more", zip -> {
      zip.add("a", "x");
      zip.count = 1;
    });
    bundle(all, "zip64", "zip64", zip -> zip.count = 0xffff);
    bundle(all, "offset beyond the end", "leads out of it", zip -> zip.directoryOffset = 0x7fffffff);
    bundle(all, "no manifest", "no META-INF/MANIFEST.MF", zip -> {
      zip.items.clear();
      zip.add("a", "x");
    });
    bundle(all, "manifest that is none", "manifest cannot be read", zip -> {
      zip.items.clear();
      zip.add("META-INF/MANIFEST.MF", "no colon here\n");
    });
    all.put("nothing", new Attack("nothing", new byte[0], "no jar"));
  }

  private static void bundle(Map<String, Attack> all, String name, String because, Consumer<RawZip> evil) {
    RawZip zip = RawZip.bundle();
    evil.accept(zip);
    all.put(name, new Attack(name, zip.bytes(), because));
  }

  private static void manifest(Map<String, Attack> all, String name, String because, String line) {
    RawZip zip = new RawZip();
    String text = new String(RawZip.manifest(), StandardCharsets.UTF_8);
    zip.add("META-INF/MANIFEST.MF", line.startsWith("Bundle-SymbolicName") ? text.replace("Bundle-SymbolicName: com.acme.one", line)
        : text.strip() + "\n" + line + "\n\n");
    all.put(name, new Attack(name, zip.bytes(), because));
  }
}
