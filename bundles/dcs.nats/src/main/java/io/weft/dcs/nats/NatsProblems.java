package io.weft.dcs.nats;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.weft.support.http.TlsProblem;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Hears why there is no connection: the library tells that to its listener, and to who connects only that there is none. */
final class NatsProblems implements ErrorListener {

  static final String REFUSED = "NATS refuses the user, the password or the credentials (dcs.nats.user, .password, .credentials)";

  private volatile @Nullable String last;

  /** Before another try. */
  void forget() {
    last = null;
  }

  @Override
  public void errorOccurred(Connection connection, String error) {
    String lower = error.toLowerCase(Locale.ROOT);
    if (lower.contains("authorization violation") || lower.contains("authentication")) {
      last = REFUSED;
    }
  }

  @Override
  public void exceptionOccurred(Connection connection, Exception exception) {
    TlsProblem.inWords(exception).ifPresent(words -> last = words);
  }

  /** Why a try to connect failed. */
  String inWords(IOException failure) {
    if (failure instanceof AuthenticationException) {
      return REFUSED;
    }
    String heard = last;
    return heard != null ? heard : TlsProblem.inWords(failure).orElse(String.valueOf(failure.getMessage()));
  }
}
