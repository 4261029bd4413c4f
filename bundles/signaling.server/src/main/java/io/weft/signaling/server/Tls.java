package io.weft.signaling.server;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Certificate and key for HTTPS.
 *
 * @param certificate PEM file; null for plain HTTP
 * @param key null for plain HTTP
 */
record Tls(@Nullable Path certificate, @Nullable SecretReference key, Secrets secrets) {

  /** They cannot be used; the message says why. */
  static final class NotUsable extends Exception {

    private static final long serialVersionUID = 1L;

    NotUsable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** May block for a few seconds. Null for plain HTTP. */
  @Nullable SslContext context() throws NotUsable {
    if (certificate == null || key == null) {
      return null;
    }
    byte[] pem = new byte[0];
    try (Secret secret = secrets.resolve(key); InputStream chain = Files.newInputStream(certificate)) {
      pem = secret.copy();
      return SslContextBuilder.forServer(chain, new ByteArrayInputStream(pem))
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (SecretUnavailable e) {
      throw new NotUsable("the key of signaling.server.tls.key cannot be read: " + e.getMessage(), e);
    } catch (IOException | IllegalArgumentException e) {
      throw new NotUsable("certificate " + certificate + " and its key are not usable: " + e.getMessage(), e);
    } finally {
      Arrays.fill(pem, (byte) 0);
    }
  }
}
