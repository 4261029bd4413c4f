package io.weft.catalog;

import io.weft.node.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;

/**
 * A catalogue on a web server. Follows no redirects, so that it talks to nobody but whom the operator named; leaves no connection open. Not the
 * JDK's newer client, whose threads outlive the bundle that made it.
 */
final class HttpSource implements Source {

  /** For a whole file; the last read may take a read's time longer. */
  static final Duration FILE_MAX = Duration.ofSeconds(30);

  private static final int CONNECT_MS = 5_000;
  private static final int READ_MS = 10_000;

  private final URI base;
  private final Clock clock;

  HttpSource(URI base, Clock clock) {
    this.base = base;
    this.clock = clock;
  }

  @Override
  public void copy(String path, long max, OutputStream out) throws IOException {
    long end = clock.nanos() + FILE_MAX.toNanos();
    URI uri = base.resolve(path);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    try {
      connection.setConnectTimeout(CONNECT_MS);
      connection.setReadTimeout(READ_MS);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setRequestProperty("Connection", "close");
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new IOException(uri + " answers " + status);
      }
      try (InputStream in = connection.getInputStream()) {
        Copies.bounded(in, out, max, () -> clock.nanos() - end > 0);
      }
    } finally {
      connection.disconnect();
    }
  }
}
