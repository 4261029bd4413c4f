package io.weft.installer;

import io.weft.plugin.PluginRefused;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** From what somebody typed to a jar on this machine. */
final class Sources {

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");
  private static final int BLOCK = 65_536;

  /** Where a catalogue has a plugin of that name. */
  interface Catalogue {
    /** @param version empty for the newest */
    Path fetch(String name, String version) throws PluginRefused;
  }

  private final Path folder;
  private final Catalogue catalogue;

  /** @param folder for what is fetched; nothing else is there */
  Sources(Path folder, Catalogue catalogue) {
    this.folder = folder;
    this.catalogue = catalogue;
  }

  /** A path, a URL, or {@code NAME[@VERSION]} of a catalogue. */
  Path jar(String source) throws PluginRefused {
    if (SCHEME.matcher(source).matches()) {
      return url(source);
    }
    if (source.indexOf('/') >= 0 || source.endsWith(".jar")) {
      Path path = Path.of(source);
      if (!path.isAbsolute()) {
        throw new PluginRefused("'" + source + "' is a path from somewhere; give the whole path, it begins with /");
      }
      return path;
    }
    int at = source.indexOf('@');
    return at < 0 ? catalogue.fetch(source, "") : catalogue.fetch(source.substring(0, at), source.substring(at + 1));
  }

  private Path url(String source) throws PluginRefused {
    try {
      if (source.startsWith("file:")) {
        String path = new URI(source).getPath();
        return Path.of(path == null ? source.substring("file:".length()) : path);
      }
      // Through the URL, so that the handlers of bundles are found: mvn: comes from one.
      return fetch(new URL(source));
    } catch (MalformedURLException | URISyntaxException | IllegalArgumentException e) {
      throw new PluginRefused("'" + source + "' is not a URL that can be read here: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new PluginRefused("cannot read " + source + ": " + e.getMessage(), e);
    }
  }

  private Path fetch(URL url) throws IOException, PluginRefused {
    Files.createDirectories(folder);
    Path file = folder.resolve(HexFormat.of().toHexDigits(url.toString().hashCode()) + ".jar");
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (InputStream in = url.openStream(); var out = Files.newOutputStream(next)) {
      byte[] block = new byte[BLOCK];
      long size = 0;
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        size += n;
        if (size > JarFacts.SIZE_MAX) {
          throw new PluginRefused(url + " is larger than " + (JarFacts.SIZE_MAX >> 20) + " MiB");
        }
        out.write(block, 0, n);
      }
    }
    return Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
