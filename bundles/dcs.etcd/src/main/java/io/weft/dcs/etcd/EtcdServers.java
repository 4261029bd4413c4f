package io.weft.dcs.etcd;

import io.weft.dcs.DcsKeys;
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
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says, checked.
 *
 * @param isAuthenticated whether etcd asks who we are; empty where we have a certificate, since it does not tell whether it looks
 */
record EtcdServers(EtcdApi api, String prefix, boolean isEncrypted, Optional<Boolean> isAuthenticated) {

  /** @throws IllegalArgumentException with one line that says which key is wrong, and what to do */
  static EtcdServers of(EtcdConfig config, Node node, Secrets secrets, Executor executor) {
    List<URI> endpoints = new ArrayList<>();
    for (String endpoint : config.endpoints()) {
      endpoints.add(endpoint(endpoint));
    }
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("dcs.etcd.endpoints: name at least one URL such as https://etcd1.example.org:2379");
    }
    boolean encrypted = endpoints.stream().allMatch(e -> e.getScheme().equals("https"));
    Duration timeout = Duration.ofMillis(Math.min(9_000, Math.max(200, config.timeout_ms())));
    HttpServers servers = new HttpServers(endpoints, timeout, encrypted ? tls(config, node, secrets) : null, executor);
    EtcdApi api = new EtcdApi(servers, config.user(), () -> password(config, secrets), executor);
    String prefix = config.prefix().isEmpty() ? "weft/" + node.fabric() + "/" : DcsKeys.checkPrefix(config.prefix());
    boolean certified = encrypted && !config.cert().isEmpty() && !config.key().isEmpty();
    return new EtcdServers(api, prefix, encrypted, api.signsIn() || !certified ? Optional.of(api.signsIn()) : Optional.empty());
  }

  private static URI endpoint(String text) {
    URI uri;
    try {
      uri = URI.create(text.strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("dcs.etcd.endpoints: not a URL: " + e.getMessage(), e);
    }
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
      throw new IllegalArgumentException("dcs.etcd.endpoints: expected http://host:port or https://host:port without user or "
          + "password");
    }
    return uri;
  }

  private static SSLContext tls(EtcdConfig config, Node node, Secrets secrets) {
    byte[] key = config.key().isEmpty() ? null : resolve("key", config.key(), secrets);
    try {
      return PemTls.context(file("ca", config.ca(), node), file("cert", config.cert(), node), key);
    } finally {
      if (key != null) {
        Arrays.fill(key, (byte) 0);
      }
    }
  }

  private static byte @Nullable [] file(String name, String path, Node node) {
    if (path.isEmpty()) {
      return null;
    }
    try {
      return Files.readAllBytes(node.home().resolve(path));
    } catch (IOException e) {
      throw new IllegalArgumentException("dcs.etcd." + name + ": the file cannot be read: " + e.getMessage(), e);
    }
  }

  private static String password(EtcdConfig config, Secrets secrets) {
    byte[] bytes = resolve("password", config.password(), secrets);
    try {
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static byte[] resolve(String name, String reference, Secrets secrets) {
    try (Secret secret = secrets.resolve(SecretReference.parse(reference))) {
      return secret.copy();
    } catch (SecretUnavailable e) {
      throw new IllegalArgumentException("dcs.etcd." + name + ": " + e.getMessage(), e);
    }
  }
}
