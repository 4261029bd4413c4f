package io.weft.catalog;

import io.weft.node.Registration;
import io.weft.node.Timers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A catalogue on a web server. Follows no redirects, so that it talks to nobody but whom the operator named; leaves no connection open. Not the
 * JDK's newer client, whose threads outlive the bundle that made it.
 */
final class HttpSource implements Source {

  /** For a whole file, from the first step to the last byte; the last read may take a read's time longer. */
  static final Duration FILE_MAX = Duration.ofSeconds(30);

  private static final int CONNECT_MS = 5_000;
  private static final int READ_MS = 10_000;

  private final URI base;
  private final Timers timers;

  HttpSource(URI base, Timers timers) {
    this.base = base;
    this.timers = timers;
  }

  @Override
  public void copy(String path, long max, OutputStream out) throws IOException {
    URI uri = base.resolve(path);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    AtomicBoolean late = new AtomicBoolean();
    AtomicBoolean begun = new AtomicBoolean();
    // A server that sends its headers letter by letter keeps within every limit on a single read. The body is cut off by whoever reads it:
    // closing it from here would wait for the read that is under way.
    Registration end = timers.after(FILE_MAX, Runnable::run, () -> {
      late.set(true);
      if (!begun.get()) {
        connection.disconnect();
      }
    });
    try {
      head(connection, uri, late);
      begun.set(true);
      try (InputStream in = connection.getInputStream()) {
        long size = Copies.bounded(in, out, max, late::get);
        long promised = connection.getContentLengthLong();
        if (promised >= 0 && size != promised) {
          throw new IOException(uri + " was cut off after " + size + " of " + promised + " bytes"); // the JDK does not say so
        }
      }
    } catch (IOException | RuntimeException e) {
      if (late.get()) { // and the JDK may stumble over what was closed under its feet
        throw new IOException(uri + " takes longer than " + FILE_MAX.toSeconds() + " s", e);
      }
      throw e;
    } finally {
      end.close();
      connection.disconnect();
    }
  }

  private static void head(HttpURLConnection connection, URI uri, AtomicBoolean late) throws IOException {
    connection.setConnectTimeout(CONNECT_MS);
    connection.setReadTimeout(READ_MS);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Connection", "close");
    int status = connection.getResponseCode();
    if (late.get()) {
      throw new IOException("cut off"); // what is there of an answer then looks like a whole one
    }
    String answer = uri + " answers " + status + (status / 100 == 3 ? ", a redirect, which is not followed" : "");
    if (status / 100 == 3 || status / 100 == 4) {
      throw new NoSuchFileException(answer); // object stores say 403 of what they do not have, others lead to a page about it
    }
    if (status != HttpURLConnection.HTTP_OK) {
      throw new IOException(answer);
    }
  }
}
