package io.weft.installer;

import io.weft.plugin.PluginRefused;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** From what somebody typed to the bytes of a jar. */
final class Sources {

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  private static final int CONNECT_MS = 5_000;
  private static final int READ_MS = 30_000;

  /** Where catalogues have plugins by name. */
  interface Catalogues {
    /** @param version empty for the newest that may run */
    Fetched fetch(String name, String version) throws PluginRefused;
  }

  /** A jar, and the catalogue that it is of. */
  record Fetched(Path jar, String catalog) {}

  /** What can be read now. */
  record Opened(InputStream in, Provenance from) {}

  private final Catalogues catalogues;

  Sources(Catalogues catalogues) {
    this.catalogues = catalogues;
  }

  /** A path, a URL, or {@code NAME[@VERSION]} of a catalogue. Whoever asks reads no more than he wants. */
  Opened open(String source) throws PluginRefused {
    try {
      return isName(source) ? named(source) : new Opened(opened(source), Provenance.of(source));
    } catch (NoSuchFileException e) {
      throw new PluginRefused("cannot read " + source + ": no such file", e);
    } catch (MalformedURLException | URISyntaxException | IllegalArgumentException e) {
      throw new PluginRefused("'" + source + "' is not a URL that can be read here: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new PluginRefused("cannot read " + source + ": " + e.getMessage(), e);
    }
  }

  private InputStream opened(String source) throws PluginRefused, IOException, URISyntaxException {
    if (source.startsWith("file:")) {
      String path = new URI(source).getPath();
      return Files.newInputStream(Path.of(path == null ? source.substring("file:".length()) : path));
    }
    if (SCHEME.matcher(source).matches()) {
      // Through the URL, so that the handlers of bundles are found: mvn: comes from one.
      URLConnection connection = new URL(source).openConnection();
      connection.setConnectTimeout(CONNECT_MS);
      connection.setReadTimeout(READ_MS);
      return connection.getInputStream();
    }
    Path path = Path.of(source);
    if (!path.isAbsolute()) {
      throw new PluginRefused("'" + source + "' is a path from somewhere; give the whole path, it begins with /");
    }
    return Files.newInputStream(path);
  }

  /** Whether it is {@code NAME} or {@code NAME@VERSION}. */
  static boolean isName(String source) {
    return !source.startsWith("file:") && !SCHEME.matcher(source).matches() && source.indexOf('/') < 0 && !source.endsWith(".jar");
  }

  private Opened named(String source) throws PluginRefused, IOException {
    int at = source.indexOf('@');
    Fetched fetched = at < 0 ? catalogues.fetch(source, "") : catalogues.fetch(source.substring(0, at), source.substring(at + 1));
    return new Opened(Files.newInputStream(fetched.jar()), new Provenance(source, fetched.catalog(), ""));
  }
}
