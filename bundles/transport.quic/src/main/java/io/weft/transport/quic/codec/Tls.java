package io.weft.transport.quic.codec;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.incubator.codec.quic.BoringSSLContextOption;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.incubator.codec.quic.QuicSslEngine;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS of one port: both certificates required, each checked by whom its connection belongs to. On the port's loop. */
final class Tls {

  // Only what our certificates are signed with; without this option the codec knows no Ed25519 at all.
  private static final String[] SIGNATURES = {"ed25519"};
  // What the key manager is asked for; it has one key and answers with it whatever the name is.
  private static final String KEY_TYPE = "EdDSA";

  private final QuicSslContext server;
  private final QuicSslContext client;
  private final Map<SSLEngine, SessionEvents> checks = new IdentityHashMap<>();

  Tls(X509ExtendedKeyManager keys, String protocol) {
    PerConnection trust = new PerConnection(checks);
    server =
        QuicSslContextBuilder.forServer(keys, null)
            .clientAuth(ClientAuth.REQUIRE)
            .trustManager(trust)
            .applicationProtocols(protocol)
            .option(BoringSSLContextOption.SIGNATURE_ALGORITHMS, SIGNATURES)
            .option(BoringSSLContextOption.SERVER_KEY_TYPES,
                Map.of("RSA", KEY_TYPE, "ECDHE_RSA", KEY_TYPE, "ECDHE_ECDSA", KEY_TYPE, KEY_TYPE, KEY_TYPE))
            .earlyData(false)
            .build();
    client =
        QuicSslContextBuilder.forClient()
            .keyManager(keys, null)
            .trustManager(trust)
            .applicationProtocols(protocol)
            .option(BoringSSLContextOption.SIGNATURE_ALGORITHMS, SIGNATURES)
            .option(BoringSSLContextOption.CLIENT_KEY_TYPES, Set.of(KEY_TYPE))
            .earlyData(false)
            .build();
  }

  QuicSslEngine accepting(SessionEvents events, ByteBufAllocator alloc) {
    return engine(server, events, alloc);
  }

  QuicSslEngine dialing(SessionEvents events, ByteBufAllocator alloc) {
    return engine(client, events, alloc);
  }

  void forget(SSLEngine engine) {
    checks.remove(engine);
  }

  private QuicSslEngine engine(QuicSslContext context, SessionEvents events, ByteBufAllocator alloc) {
    QuicSslEngine engine = context.newEngine(alloc);
    checks.put(engine, events);
    return engine;
  }

  /**
   * One context serves all connections, so the engine says whose certificate this is. The native side of a context holds on to this: it must
   * not lead to the contexts, which free their native side when nobody knows them any more.
   */
  private static final class PerConnection extends X509ExtendedTrustManager {

    private final Map<SSLEngine, SessionEvents> checks;

    PerConnection(Map<SSLEngine, SessionEvents> checks) {
      this.checks = checks;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
      check(chain, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
      check(chain, engine);
    }

    private void check(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
      SessionEvents events = checks.get(engine);
      if (events == null) {
        throw new CertificateException("a certificate for a connection that is over");
      }
      events.check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
      throw nobody();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
      throw nobody();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
      throw nobody();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
      throw nobody();
    }

    private CertificateException nobody() {
      return new CertificateException("without an engine nobody knows whose certificate this is");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
