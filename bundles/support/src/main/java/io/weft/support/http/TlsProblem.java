package io.weft.support.http;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why TLS did not come about, in words for who has to change something. */
public final class TlsProblem {

  private static final int CAUSES_MAX = 10;

  private TlsProblem() {}

  /** Empty if the failure is not one of TLS, or is plain as it is. */
  public static Optional<String> inWords(Throwable failure) {
    Throwable cause = failure;
    boolean tls = false;
    for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
      tls |= cause instanceof SSLException;
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof CertPathBuilderException) {
        return Optional.of("the certificate of the server is not of an authority that is trusted here (ca)");
      }
      if (cause instanceof CertificateExpiredException) {
        return Optional.of("the certificate of the server has expired");
      }
      if (cause instanceof CertificateException && (message.startsWith("No subject alternative") || message.startsWith("No name"))) {
        return Optional.of("the certificate of the server is for another name or address");
      }
      if (tls && message.contains("fatal alert: ")) {
        return Optional.of("the server refused TLS (" + message.substring(message.indexOf("fatal alert: ") + 13)
            + "); it may want a certificate of ours, or another one");
      }
      if (tls && message.contains("unrecognized SSL message")) {
        return Optional.of("the server does not speak TLS at that port");
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }
}
