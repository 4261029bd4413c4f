package io.weft.store.postgres;

import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretUnavailable;
import io.weft.secret.Secrets;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;

/** The password that the configuration refers to, read each time. */
record StorePassword(String reference, Secrets secrets) implements Endpoint.Password {

  @Override
  public String get() throws SQLException {
    try (Secret secret = secrets.resolve(SecretReference.parse(reference))) {
      byte[] bytes = secret.copy();
      try {
        return new String(bytes, StandardCharsets.UTF_8).strip();
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    } catch (SecretUnavailable | IllegalArgumentException e) {
      throw new SQLException("store.postgres.password: " + e.getMessage(), "28000", e);
    }
  }
}
