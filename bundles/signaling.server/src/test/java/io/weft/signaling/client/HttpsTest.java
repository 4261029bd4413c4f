package io.weft.signaling.client;

import static io.weft.signaling.SignalType.auth;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.signaling.server.Broker;
import io.weft.testkit.RealTime;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsTest {

  @TempDir
  Path files;

  private Path pem(String name, String what, byte[] der) throws Exception {
    String text = "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END "
        + what + "-----\n";
    return Files.writeString(files.resolve(name), text);
  }

  /** Makes a certificate for 127.0.0.1 with the tool of the JDK. */
  private void certificate() throws Exception {
    Path store = files.resolve("store.p12");
    Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-keyalg", "EC",
        "-groupname", "secp256r1", "-alias", "hub", "-dname", "CN=hub", "-ext", "san=ip:127.0.0.1", "-validity", "2", "-storetype", "PKCS12",
        "-keystore", store.toString(), "-storepass", "changeit").redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes());
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    pem("cert.pem", "CERTIFICATE", keys.getCertificate("hub").getEncoded());
    pem("key.pem", "PRIVATE KEY", keys.getKey("hub", "changeit".toCharArray()).getEncoded());
  }

  @Test
  void brokersAreReachedOverHttps() throws Exception {
    certificate();
    try (RealTime time = new RealTime();
        Broker broker = Broker.secure(time, time, files.resolve("cert.pem"), files.resolve("key.pem"))) {
      String[] url = {"https://127.0.0.1:" + broker.port()};
      String trust = files.resolve("cert.pem").toAbsolutePath().toString();
      try (Station a = new Station("a", time, time, Map.of("brokers", url, "trust", trust)).knows("b");
          Station b = new Station("b", time, time, Map.of("brokers", url, "trust", trust)).knows("a").listens();
          Station doubter = new Station("b", time, time, url).knows("a");
          Station wrong = new Station("b", time, time, Map.of("brokers", url, "trust", files.resolve("none.pem").toString())).knows("a");
          Station plain = new Station("b", time, time, "http://127.0.0.1:" + broker.port()).knows("a")) {
        assertThat(Station.outcome(a.send("b", auth, 1, "x"))).isEqualTo(url[0]);
        b.awaitGot(1);
        assertThat(Station.outcome(doubter.send("a", auth, 1, "x"))).isEqualTo("unreachable");
        assertThat(Station.outcome(wrong.send("a", auth, 1, "x"))).isEqualTo("unreachable");
        assertThat(wrong.broker(0).problem().detail()).contains("signaling.trust");
        assertThat(Station.outcome(plain.send("a", auth, 1, "x"))).isEqualTo("unreachable");
      }
    }
  }
}
