package io.weft.support.succession;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads all classes of a bundle, and all that they name, as long as its jar is there. Afterwards its objects can go on working for a while
 * when the bundle has been updated: its class loader finds nothing new then, but nothing new is needed.
 */
public final class LoadedWhole {

  private static final Logger log = LoggerFactory.getLogger(LoadedWhole.class);
  private static final Pattern DESCRIBED = Pattern.compile("L([A-Za-z0-9_$/]+);");
  private static final int CLASSES_MAX = 10_000;

  private LoadedWhole() {}

  /**
   * Loads the bundle of this class; does nothing outside of a framework.
   *
   * @return how many classes there are that are loaded now
   */
  public static int bundleOf(Class<?> member) {
    Bundle bundle = FrameworkUtil.getBundle(member);
    BundleWiring wiring = bundle == null ? null : bundle.adapt(BundleWiring.class);
    ClassLoader loader = member.getClassLoader();
    if (wiring == null || loader == null) {
      return 0;
    }
    Set<String> files = new TreeSet<>(
        wiring.listResources("/", "*.class", BundleWiring.LISTRESOURCES_LOCAL | BundleWiring.LISTRESOURCES_RECURSE));
    Set<String> names = new HashSet<>();
    for (String file : files) {
      names.add(file.substring(0, file.length() - ".class".length()));
      try (InputStream in = loader.getResourceAsStream(file)) {
        if (in != null) {
          named(in.readAllBytes(), names);
        }
      } catch (IOException e) {
        log.debug("class not read bundle={} file={}", bundle.getSymbolicName(), file, e);
      }
      if (names.size() > CLASSES_MAX) {
        break;
      }
    }
    int loaded = 0;
    for (String name : names) {
      loaded += load(name, loader);
    }
    return loaded;
  }

  /** By the virtual machine, not by the loader alone: only then it remembers that this loader leads to that class. */
  private static int load(String name, ClassLoader loader) {
    try {
      Class.forName(name.replace('/', '.'), false, loader);
      return 1;
    } catch (ClassNotFoundException | LinkageError e) {
      log.trace("class not there name={}", name, e); // an optional import, or what only looks like a name
      return 0;
    }
  }

  /** The classes that a class file names, as in {@code java/lang/String}: those it uses and those in its descriptors. */
  static void named(byte[] classFile, Set<String> names) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
    in.skipNBytes(8);
    int count = in.readUnsignedShort();
    String[] texts = new String[count];
    int[] classes = new int[count];
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> texts[i] = in.readUTF();
        case 7 -> classes[i] = in.readUnsignedShort();
        case 8, 16, 19, 20 -> in.skipNBytes(2);
        case 15 -> in.skipNBytes(3);
        case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
        case 5, 6 -> {
          in.skipNBytes(8);
          i++; // these take two places
        }
        default -> throw new IOException("not a class file: constant " + i + " has the tag " + tag);
      }
    }
    for (int i = 1; i < count; i++) {
      String used = texts[classes[i]];
      if (classes[i] > 0 && used != null && !used.startsWith("[")) {
        names.add(used);
      }
      if (texts[i] != null && texts[i].indexOf(';') > 0) {
        for (Matcher m = DESCRIBED.matcher(texts[i]); m.find(); ) {
          names.add(m.group(1));
        }
      }
    }
  }
}
