package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.plugin.PluginTrust;
import io.weft.plugin.PluginVerdict;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Text;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a URL leads to, on this machine: what is looked at is then what is installed. Close it to delete the copy.
 *
 * @param head what it says it is
 */
record FetchedJar(Path file, JarHead head) implements AutoCloseable {

  private static final long BYTES_MAX = 32L << 20;

  /** @throws CommandFailure if it cannot be had, or may not run on this node */
  static FetchedJar from(Invocation in, String location) throws IOException {
    Path file = Files.createTempFile("weft-", ".jar");
    try {
      copy(location, file);
      FetchedJar jar;
      try (InputStream stream = Files.newInputStream(file)) {
        jar = new FetchedJar(file, JarHead.read(stream));
      }
      // Without this answer the gate still refuses it, only later and less clearly.
      PluginVerdict verdict = in.services().find(PluginTrust.class).map(trust -> trust.check(file)).orElse(null);
      if (verdict != null && !verdict.mayRun()) {
        throw new CommandFailure(CommandFailure.DENIED, jar.head + " may not run on this node: " + Text.clean(verdict.reason()));
      }
      return jar;
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static void copy(String location, Path file) {
    try (InputStream stream = new URL(location).openStream();
        var out = Files.newOutputStream(file, StandardOpenOption.TRUNCATE_EXISTING)) {
      byte[] buffer = new byte[1 << 16];
      long size = 0;
      for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
        size += n;
        if (size > BYTES_MAX) {
          throw new IOException("it has more than " + BYTES_MAX + " bytes");
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      throw new CommandFailure(CommandFailure.PRECONDITION,
          "cannot read " + Text.clean(location) + ": " + Text.clean(String.valueOf(e.getMessage()))
              + (location.indexOf(':') < 0 ? "; a URL is needed, such as file:/srv/plugins/x.jar" : ""));
    }
  }

  InputStream open() throws IOException {
    return Files.newInputStream(file);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
