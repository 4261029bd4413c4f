package org.example.tlslinks;

import io.netty.handler.ssl.SslHandler;
import io.weft.node.NodeIdentity;
import io.weft.support.trust.PeerTrust;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS 1.3 in which both sides show a certificate, and each is checked against the one key that is expected of that peer. */
final class Tls {

  private static final String PROTOCOL = "TLSv1.3";
  private static final String ALPN = "weft-tls-links/1";

  private Tls() {}

  /** For one handshake: a context of its own, so that no session of another can be resumed, which would skip the check. */
  static SslHandler handler(boolean dialed, NodeIdentity identity, PeerTrust trust) {
    try {
      SSLContext context = SSLContext.getInstance(PROTOCOL);
      context.init(new KeyManager[] {identity.keyManager()}, new TrustManager[] {new Pinned(trust)}, null);
      SSLEngine engine = context.createSSLEngine();
      engine.setUseClientMode(dialed);
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setProtocols(new String[] {PROTOCOL});
      parameters.setApplicationProtocols(new String[] {ALPN});
      parameters.setNeedClientAuth(!dialed);
      engine.setSSLParameters(parameters);
      SslHandler handler = new SslHandler(engine);
      handler.setHandshakeTimeoutMillis(0); // the greeting has its own limit
      return handler;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS 1.3 is part of every JDK", e);
    }
  }

  /** Extended, or the JDK would add checks of its own, of chains and host names, that no certificate of a node passes. */
  private static final class Pinned extends X509ExtendedTrustManager {

    private final PeerTrust trust;

    Pinned(PeerTrust trust) {
      this.trust = trust;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
      trust.check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
      trust.check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
      trust.check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
      trust.check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
      trust.check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
      trust.check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
