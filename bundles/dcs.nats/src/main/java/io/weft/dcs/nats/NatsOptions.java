package io.weft.dcs.nats;

import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.weft.node.Node;
import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretUnavailable;
import io.weft.secret.Secrets;
import io.weft.support.http.PemTls;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What the configuration says, checked. */
final class NatsOptions {

  private static final Duration RECONNECT_WAIT = Duration.ofMillis(200);
  private static final Duration PING = Duration.ofSeconds(2);

  private final NatsConfig config;
  private final Node node;
  private final Secrets secrets;
  private final List<String> servers = new ArrayList<>();
  private final boolean encrypted;

  /** @throws IllegalArgumentException with one line that says which key is wrong, and what to do */
  NatsOptions(NatsConfig config, Node node, Secrets secrets) {
    this.config = config;
    this.node = node;
    this.secrets = secrets;
    for (String server : config.servers()) {
      servers.add(checked(server.strip()));
    }
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("dcs.nats.servers: name at least one URL such as nats://nats1.example.org:4222");
    }
    if (!bucket().matches("[A-Za-z0-9_-]{1,64}")) {
      throw new IllegalArgumentException("dcs.nats.bucket: 1 to 64 letters, digits, dashes and underscores");
    }
    this.encrypted = servers.stream().allMatch(s -> s.startsWith("tls:"));
  }

  String bucket() {
    return config.bucket().isEmpty() ? "weft_" + node.fabric() : config.bucket();
  }

  int replicas() {
    return Math.min(5, Math.max(1, config.replicas()));
  }

  Duration timeout() {
    return Duration.ofMillis(Math.min(9_000, Math.max(200, config.timeout_ms())));
  }

  boolean signsIn() {
    return !config.user().isEmpty() || !config.credentials().isEmpty();
  }

  boolean isEncrypted() {
    return encrypted;
  }

  /**
   * Secrets are read here, each time, so a new one counts with the next connection.
   *
   * @param listener hears what goes wrong
   */
  Options build(Duration connecting, ErrorListener listener) throws IOException {
    Options.Builder builder = new Options.Builder()
        .servers(servers.toArray(String[]::new))
        .connectionName("weft " + node.name())
        .connectionTimeout(connecting)
        .maxReconnects(-1)
        .reconnectWait(RECONNECT_WAIT)
        .reconnectBufferSize(0) // nothing may be sent after its time
        .pingInterval(PING)
        .maxPingsOut(2)
        .errorListener(listener);
    if (!config.discover()) {
      builder.ignoreDiscoveredServers();
    }
    if (encrypted) {
      // Certificates are for names. In any other mode the library puts the address in the place of the name, even with
      // noResolveHostnames, or does not look for an address at all.
      builder.sslContext(tls()).hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs);
    }
    if (!config.credentials().isEmpty()) {
      builder.authHandler(Nats.staticCredentials(secret("credentials", config.credentials())));
    } else if (signsIn()) {
      builder.userInfo(config.user().toCharArray(),
          new String(secret("password", config.password()), StandardCharsets.UTF_8).strip().toCharArray());
    }
    return builder.build();
  }

  private SSLContext tls() throws IOException {
    try {
      byte @Nullable [] authorities = config.ca().isEmpty() ? null : Files.readAllBytes(node.home().resolve(config.ca()));
      return CheckedNames.of(PemTls.context(authorities, null, null));
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("dcs.nats.ca: the file cannot be used: " + e.getMessage(), e);
    }
  }

  private byte[] secret(String name, String reference) throws IOException {
    try (Secret secret = secrets.resolve(SecretReference.parse(reference))) {
      byte[] bytes = secret.copy();
      try {
        return bytes.clone();
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    } catch (SecretUnavailable | IllegalArgumentException e) {
      throw new IOException("dcs.nats." + name + ": " + e.getMessage(), e);
    }
  }

  private static String checked(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("dcs.nats.servers: not a URL: " + e.getMessage(), e);
    }
    boolean nats = "nats".equals(uri.getScheme()) || "tls".equals(uri.getScheme());
    if (!nats || uri.getHost() == null || uri.getUserInfo() != null) {
      throw new IllegalArgumentException("dcs.nats.servers: expected nats://host:port or tls://host:port without user or "
          + "password");
    }
    return text;
  }
}
