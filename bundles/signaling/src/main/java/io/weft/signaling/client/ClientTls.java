package io.weft.signaling.client;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What https brokers are believed by.
 *
 * @param ready null if no broker needs it, or if there is a problem
 * @param problem why it cannot be used, or empty
 */
record ClientTls(@Nullable SslContext ready, String problem) {

  /** @param trust PEM file, or null for what the JDK trusts */
  static ClientTls of(List<BrokerUrl> urls, @Nullable Path trust) {
    if (urls.stream().noneMatch(BrokerUrl::tls)) {
      return new ClientTls(null, "no broker is asked over https");
    }
    try {
      SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2");
      if (trust != null) {
        try (var certificates = Files.newInputStream(trust)) {
          builder.trustManager(certificates);
        }
      }
      return new ClientTls(builder.build(), "");
    } catch (IOException | IllegalArgumentException e) {
      return new ClientTls(null, "the certificates in " + trust + " (signaling.trust) cannot be used: " + e.getMessage());
    }
  }

  boolean isUsable() {
    return ready != null;
  }

  SslContext context() {
    if (ready == null) {
      throw new IllegalStateException(problem);
    }
    return ready;
  }
}
