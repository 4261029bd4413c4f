package io.weft.relay.server;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretUnavailable;
import io.weft.secret.Secrets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has to be fetched before a relay can start, all of which may block.
 *
 * @param secrets the newest first
 * @param tls null without TLS
 * @param own addresses of this machine
 */
record Material(List<byte[]> secrets, @Nullable SslContext tls, Set<InetAddress> own) {

  /** Says in one line what could not be had, and what to do. */
  static final class Missing extends Exception {

    private static final long serialVersionUID = 1L;

    Missing(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  static Material fetch(RelayConfig config, Secrets source, Path home) throws Missing {
    List<byte[]> secrets = new ArrayList<>();
    secrets.add(read("secret", config.secret(), source));
    if (!config.previous_secret().isBlank()) {
      secrets.add(read("previous.secret", config.previous_secret(), source));
    }
    return new Material(secrets, config.tls_listen().isBlank() ? null : tls(config, source, home), ofThisMachine());
  }

  private static byte[] read(String key, String reference, Secrets source) throws Missing {
    try (Secret secret = source.resolve(SecretReference.parse(reference))) {
      byte[] bytes = secret.copy();
      if (bytes.length == 0) {
        throw new SecretUnavailable("it is empty");
      }
      return bytes;
    } catch (SecretUnavailable | IllegalArgumentException e) {
      throw new Missing("relay." + key + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static SslContext tls(RelayConfig config, Secrets source, Path home) throws Missing {
    if (config.tls_certificate().isBlank() || config.tls_key().isBlank()) {
      throw new Missing("relay.tls.listen needs relay.tls.certificate and relay.tls.key", null);
    }
    byte[] key = read("tls.key", config.tls_key(), source);
    try (InputStream chain = Files.newInputStream(home.resolve(config.tls_certificate()))) {
      return SslContextBuilder.forServer(chain, new ByteArrayInputStream(key))
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (IOException e) {
      throw new Missing("relay.tls.certificate cannot be read: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new Missing("relay.tls.certificate and relay.tls.key are not a PEM certificate chain and its PKCS 8 key: " + e.getMessage(), e);
    }
  }

  private static Set<InetAddress> ofThisMachine() {
    Set<InetAddress> own = new HashSet<>();
    try {
      NetworkInterface.networkInterfaces().forEach(i -> i.inetAddresses().forEach(a -> own.add(bare(a))));
    } catch (SocketException e) {
      throw new UncheckedIOException("cannot list the addresses of this machine", e);
    }
    return own;
  }

  /** Without the zone, which no address on the wire has. */
  private static InetAddress bare(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }

  @Override
  public String toString() {
    return "Material[" + secrets.size() + " secrets]";
  }
}
