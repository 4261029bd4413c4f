package io.weft.dcs.consul;

import io.weft.node.Node;
import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretUnavailable;
import io.weft.secret.Secrets;
import io.weft.support.http.HttpServers;
import io.weft.support.http.PemTls;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;

/** What the configuration says, checked. */
record ConsulServers(ConsulApi api, String prefix, boolean hasToken, boolean isEncrypted) {

  /** @throws IllegalArgumentException with one line that says which key is wrong, and what to do */
  static ConsulServers of(ConsulConfig config, Node node, Secrets secrets, Executor executor) {
    List<URI> endpoints = new ArrayList<>();
    for (String endpoint : config.endpoints()) {
      endpoints.add(endpoint(endpoint));
    }
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("dcs.consul.endpoints: name at least one URL such as https://127.0.0.1:8501");
    }
    String prefix = config.prefix().isEmpty() ? "weft/" + node.fabric() + "/" : config.prefix();
    if (!prefix.matches("([A-Za-z0-9_-]+/)+")) {
      throw new IllegalArgumentException("dcs.consul.prefix: letters, digits, dashes and underscores, with a slash after each "
          + "part");
    }
    boolean encrypted = endpoints.stream().allMatch(e -> e.getScheme().equals("https"));
    Duration timeout = Duration.ofMillis(Math.min(9_000, Math.max(200, config.timeout_ms())));
    HttpServers servers = new HttpServers(endpoints, timeout, encrypted ? tls(config, node) : null, executor);
    ConsulApi api = new ConsulApi(servers, () -> token(config, secrets), executor, timeout);
    return new ConsulServers(api, prefix, !config.token().isEmpty(), encrypted);
  }

  private static URI endpoint(String text) {
    URI uri;
    try {
      uri = URI.create(text.strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("dcs.consul.endpoints: not a URL: " + e.getMessage(), e);
    }
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
      throw new IllegalArgumentException("dcs.consul.endpoints: expected http://host:port or https://host:port without user");
    }
    return uri;
  }

  private static SSLContext tls(ConsulConfig config, Node node) {
    try {
      return PemTls.context(config.ca().isEmpty() ? null : Files.readAllBytes(node.home().resolve(config.ca())), null, null);
    } catch (IOException e) {
      throw new IllegalArgumentException("dcs.consul.ca: the file cannot be read: " + e.getMessage(), e);
    }
  }

  private static String token(ConsulConfig config, Secrets secrets) throws IOException {
    if (config.token().isEmpty()) {
      return "";
    }
    try (Secret secret = secrets.resolve(SecretReference.parse(config.token()))) {
      byte[] bytes = secret.copy();
      try {
        return new String(bytes, StandardCharsets.UTF_8).strip();
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    } catch (SecretUnavailable | IllegalArgumentException e) {
      throw new IOException("dcs.consul.token: " + e.getMessage(), e);
    }
  }
}
