package io.weft.path.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** A certificate for 127.0.0.1 as files in PEM, made by the JDK's keytool, and a client that trusts it. */
final class TestCertificate {

  private static final String PASSWORD = "password";

  private final Path chain;
  private final Path key;
  private final X509Certificate certificate;

  TestCertificate(Path directory) throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/keytool").toString(), "-genkeypair", "-alias", "relay",
        "-keyalg", "EC", "-storetype", "PKCS12", "-storepass", PASSWORD, "-dname", "CN=relay", "-ext", "san=ip:127.0.0.1", "-keystore",
        file.toString()).redirectErrorStream(true).redirectOutput(directory.resolve("keytool.log").toFile()).start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(Files.readString(directory.resolve("keytool.log"))).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    certificate = (X509Certificate) store.getCertificate("relay");
    chain = Files.writeString(directory.resolve("chain.pem"), pem("CERTIFICATE", certificate.getEncoded()));
    key = Files.writeString(directory.resolve("key.pem"), pem("PRIVATE KEY", store.getKey("relay", PASSWORD.toCharArray()).getEncoded()));
  }

  private static String pem(String what, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }

  Path chain() {
    return chain;
  }

  Path key() {
    return key;
  }

  SslContext trusting() throws SSLException {
    return SslContextBuilder.forClient().sslProvider(SslProvider.JDK).trustManager(certificate).build();
  }
}
