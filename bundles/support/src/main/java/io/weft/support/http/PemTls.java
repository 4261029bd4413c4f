package io.weft.support.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS from PEM texts. */
public final class PemTls {

  private PemTls() {}

  /**
   * @param authorities certificates whose servers are trusted; null for those that the JDK trusts
   * @param chain of the client, its own certificate first; null for none
   * @param key of the client, PKCS #8 without password; null for none
   * @throws IllegalArgumentException with one line that says which text is wrong; never repeats a key
   */
  public static SSLContext context(byte @Nullable [] authorities, byte @Nullable [] chain, byte @Nullable [] key) {
    try {
      TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities == null ? null : trustStore(authorities));
      KeyManager[] keys = null;
      if (chain != null && key != null) {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore store = empty();
        store.setKeyEntry("client", privateKey(key), new char[0], certificates(chain).toArray(Certificate[]::new));
        factory.init(store, new char[0]);
        keys = factory.getKeyManagers();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("certificates or key cannot be used: " + e.getMessage(), e);
    }
  }

  private static KeyStore trustStore(byte[] authorities) throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    int i = 0;
    for (Certificate certificate : certificates(authorities)) {
      store.setCertificateEntry("ca" + i++, certificate);
    }
    if (i == 0) {
      throw new IllegalArgumentException("there is no certificate in the file of authorities");
    }
    return store;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(byte[] pem) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
  }

  private static PrivateKey privateKey(byte[] pem) throws GeneralSecurityException {
    String text = new String(pem, StandardCharsets.US_ASCII);
    int begin = text.indexOf("-----BEGIN PRIVATE KEY-----");
    int end = text.indexOf("-----END PRIVATE KEY-----");
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("the key must be PEM with BEGIN PRIVATE KEY (PKCS #8, without password)");
    }
    byte[] der = Base64.getMimeDecoder().decode(text.substring(begin + 27, end));
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        // Of another kind; the next one may be right.
      }
    }
    throw new IllegalArgumentException("the key is neither EC, RSA nor Ed25519");
  }
}
