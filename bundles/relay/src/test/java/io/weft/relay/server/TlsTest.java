package io.weft.relay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.support.stun.Credentials;
import io.weft.support.stun.Stun.Kind;
import io.weft.testkit.Await;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For networks that let nothing but TLS out. */
class TlsTest {

  private static final Duration LONG = Duration.ofSeconds(10);
  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir
  private Path directory;

  private KeyStore keys() throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/keytool").toString(), "-genkeypair", "-alias", "relay",
        "-keyalg", "EC", "-storetype", "PKCS12", "-storepass", new String(PASSWORD), "-dname", "CN=relay", "-ext", "san=ip:127.0.0.1",
        "-keystore", file.toString()).redirectErrorStream(true).redirectOutput(directory.resolve("keytool.log").toFile()).start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(Files.readString(directory.resolve("keytool.log"))).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(bytes) + "\n-----END " + what + "-----\n";
  }

  @Test
  void clientsComeOverTls() throws Exception {
    KeyStore store = keys();
    Key key = store.getKey("relay", PASSWORD);
    Path chain = Files.writeString(directory.resolve("chain.pem"), pem("CERTIFICATE", store.getCertificate("relay").getEncoded()));
    int port = RelayRig.freePort();
    try (RelayRig rig = new RelayRig(Map.of("listen", ""))) {
      rig.secrets.put("secret:test/key", pem("PRIVATE KEY", key.getEncoded()));
      rig.change(Map.of("listen", "127.0.0.1:" + RelayRig.freePort(), "tls_listen", "127.0.0.1:" + port, "tls_certificate", chain.toString(),
          "tls_key", "secret:test/key"));
      rig.awaitServing();
      assertThat(rig.status().listeners()).contains("127.0.0.1:" + port + "/tls");
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("relay", store.getCertificate("relay"));
      TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      try (Socket socket = context.getSocketFactory().createSocket("127.0.0.1", port);
          TestClient client = TestClient.tcp(socket, Credentials.timeLimited(rig.secret(), "a", rig.time.now().plusSeconds(60)));
          TestPeer peer = new TestPeer()) {
        InetSocketAddress relayed = client.allocated();
        assertThat(client.bind(0x4001, peer.address()).kind()).isEqualTo(Kind.success);
        client.frame(0x4001, "there".getBytes(UTF_8));
        assertThat(peer.hear()).isEqualTo(new TestPeer.Heard("there", relayed));
        assertThat(rig.status().allocations()).singleElement().satisfies(a -> assertThat(a.protocol()).isEqualTo("tls"));
      }
      Await.until("the allocation to end with its connection", LONG, () -> rig.status().allocations().isEmpty());
    }
  }

  @Test
  void whatIsNoKeyIsSaid() throws Exception {
    Path chain = Files.writeString(directory.resolve("chain.pem"), "no certificate");
    try (RelayRig rig = new RelayRig(Map.of("listen", ""))) {
      rig.secrets.put("secret:test/key", "no key");
      rig.change(Map.of("listen", "127.0.0.1:" + RelayRig.freePort(), "tls_listen", "127.0.0.1:" + RelayRig.freePort(), "tls_certificate",
          chain.toString(), "tls_key", "secret:test/key"));
      Await.until("the problem", LONG, () -> rig.status().problem().contains("are not a PEM certificate chain"));
      rig.change(Map.of("tls_certificate", directory.resolve("none.pem").toString()));
      Await.until("another", LONG, () -> rig.status().problem().startsWith("relay.tls.certificate cannot be read"));
    }
  }
}
