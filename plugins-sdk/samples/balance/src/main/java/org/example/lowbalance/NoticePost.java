package org.example.lowbalance;

import io.weft.billing.BalanceChange;
import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretUnavailable;
import io.weft.secret.Secrets;
import io.weft.support.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Posts {@code {"account", "balance", "below", "state"}}: the number of the account and exact decimals as text. Who it is, is not said, and not
 * known here. One call at a time.
 */
final class NoticePost implements AutoCloseable {

  private final URL url;
  private final int timeoutMillis;
  private final String authorization;
  private final Secrets secrets;
  private volatile @Nullable HttpURLConnection current;
  private volatile boolean closed;

  /** @throws IllegalArgumentException if the URL is none; it is not repeated, since it may hold a secret */
  NoticePost(LowBalanceConfig config, Secrets secrets) {
    this.timeoutMillis = (int) config.timeout_ms();
    this.authorization = config.authorization();
    this.secrets = secrets;
    try {
      this.url = URI.create(config.url()).toURL();
    } catch (IOException | IllegalArgumentException e) {
      throw expected();
    }
    if (url.getHost().isEmpty() || !url.getProtocol().matches("https?")) {
      throw expected();
    }
  }

  private static IllegalArgumentException expected() {
    return new IllegalArgumentException("low-balance.url: expected http://host/... or https://host/...");
  }

  /** Blocks. Returns what went wrong, in a line; empty if nothing did. */
  String send(BalanceChange change, BigDecimal below) {
    Map<String, Object> notice = new LinkedHashMap<>();
    notice.put("account", change.account().number());
    notice.put("balance", change.balance().toPlainString());
    notice.put("below", below.toPlainString());
    notice.put("state", change.state().name());
    try {
      int status = post(Json.compact(notice).getBytes(StandardCharsets.UTF_8));
      return status / 100 == 2 ? "" : url.getHost() + " answered " + status + " instead of 2xx";
    } catch (SecretUnavailable e) {
      return e.getMessage();
    } catch (IOException e) {
      return url.getHost() + " does not answer (" + e.getClass().getSimpleName() + ")";
    }
  }

  private int post(byte[] body) throws IOException, SecretUnavailable {
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setConnectTimeout(timeoutMillis);
    connection.setReadTimeout(timeoutMillis);
    connection.setRequestMethod("POST");
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("Connection", "close"); // a connection that is kept would keep a thread of the JDK
    if (!authorization.isEmpty()) {
      try (Secret secret = secrets.resolve(SecretReference.parse(authorization))) {
        connection.setRequestProperty("Authorization", new String(secret.copy(), StandardCharsets.UTF_8).strip());
      }
    }
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length); // or the JDK would send it a second time by itself
    current = connection;
    try {
      if (closed) {
        throw new IOException("stopped");
      }
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
      return connection.getResponseCode();
    } finally {
      current = null;
      connection.disconnect();
    }
  }

  /** Ends a call that waits. */
  @Override
  public void close() {
    closed = true;
    HttpURLConnection call = current;
    if (call != null) {
      call.disconnect();
    }
  }
}
