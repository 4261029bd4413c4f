package io.weft.testkit;

import static io.weft.testkit.FakeCertificates.der;
import static io.weft.testkit.FakeCertificates.time;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.x500.X500Principal;

/**
 * An authority of certificates for servers that tests start, with nothing but the JDK. Keys are of P-256, which every server takes;
 * everything is valid for a day.
 */
public final class FakeAuthority {

  private static final byte[] ECDSA_SHA256 = {0x30, 10, 6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};
  private static final byte[] BASIC_CONSTRAINTS = {6, 3, 0x55, 0x1d, 0x13};
  private static final byte[] ALTERNATIVE_NAMES = {6, 3, 0x55, 0x1d, 0x11};
  private static final byte[] TRUE = {1, 1, (byte) 0xff};

  private final String name;
  private final KeyPair keys = pair();
  private final AtomicInteger serial = new AtomicInteger();
  private final byte[] certificate;

  public FakeAuthority(String name) {
    this.name = name;
    this.certificate = issue(name, keys, der(0x30, BASIC_CONSTRAINTS, TRUE, der(4, der(0x30, TRUE))));
  }

  /** Its own certificate, as PEM. */
  public String pem() {
    return pem("CERTIFICATE", certificate);
  }

  /** Writes its own certificate to a new file. */
  public Path write(Path file) {
    return write(file, pem());
  }

  /** A certificate and its private key, both PEM. */
  public record Issued(String certificate, String key) {

    /** Writes {@code NAME.crt} and {@code NAME.key}; only the owner reads the latter. */
    public void write(Path directory, String name) {
      FakeAuthority.write(directory.resolve(name + ".crt"), certificate);
      Path file = FakeAuthority.write(directory.resolve(name + ".key"), key);
      try {
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * A certificate for a server, or for a client.
   *
   * @param common the common name, such as that of a user
   * @param host a name or an IP address that the server is reached at
   */
  public Issued issue(String common, String host) {
    KeyPair pair = pair();
    byte[] extension = der(0x30, ALTERNATIVE_NAMES, der(4, der(0x30, alternative(host))));
    return new Issued(pem("CERTIFICATE", issue(common, pair, extension)), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
  }

  private static byte[] alternative(String host) {
    try {
      return host.matches("[0-9.]+") ? der(0x87, InetAddress.getByName(host).getAddress())
          : der(0x82, host.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] issue(String common, KeyPair subject, byte[] extension) {
    Instant now = Instant.now();
    byte[] body = der(0x30,
        der(0xa0, der(2, new byte[] {2})),
        der(2, BigInteger.valueOf(serial.incrementAndGet()).toByteArray()),
        ECDSA_SHA256,
        new X500Principal("CN=" + name).getEncoded(),
        der(0x30, time(now.minus(Duration.ofHours(1))), time(now.plus(Duration.ofDays(1)))),
        new X500Principal("CN=" + common).getEncoded(),
        subject.getPublic().getEncoded(),
        der(0xa3, der(0x30, extension)));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(body);
      return der(0x30, body, ECDSA_SHA256, der(3, new byte[] {0}, signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String what, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
