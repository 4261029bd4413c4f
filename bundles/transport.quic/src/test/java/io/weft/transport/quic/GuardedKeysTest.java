package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeLinkHandler;
import io.weft.testkit.Fuzz;
import io.weft.transport.HandshakeFailed;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.quic.codec.BareDialer;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key that native TLS cannot parse takes the process down. None gets there. */
class GuardedKeysTest {

  private static final FakeIdentity A = new FakeIdentity(QuicNode.FABRIC, "a");
  private static final FakeIdentity B = new FakeIdentity(QuicNode.FABRIC, "b");

  /** What a key manager might hand out. */
  enum Key {
    VERSION_2,
    GARBAGE,
    NONE,
    NOT_ENCODED,
    ANOTHERS;

    PrivateKey of(FakeIdentity identity) {
      PrivateKey good = good(identity);
      return switch (this) {
        case VERSION_2 -> new Encoded(version2(good.getEncoded(), identity));
        case GARBAGE -> new Encoded("not a key at all".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        case NONE -> null;
        case NOT_ENCODED -> new Encoded(null);
        case ANOTHERS -> good(new FakeIdentity(QuicNode.FABRIC, "z"));
      };
    }
  }

  private static PrivateKey good(FakeIdentity identity) {
    return identity.keyManager().getPrivateKey(identity.keyManager().chooseEngineServerAlias("EdDSA", null, null));
  }

  /** PKCS#8 version 2 (RFC 5958), as BouncyCastle writes it: with the public key behind. */
  private static byte[] version2(byte[] version1, FakeIdentity identity) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x30);
    out.write(version1.length - 2 + 35);
    out.writeBytes(new byte[] {2, 1, 1});
    out.write(version1, 5, version1.length - 5);
    out.writeBytes(new byte[] {(byte) 0x81, 33, 0});
    out.writeBytes(identity.self().publicKey());
    return out.toByteArray();
  }

  private record Encoded(byte[] bytes) implements PrivateKey {

    @Override
    public String getAlgorithm() {
      return "Ed25519";
    }

    @Override
    public String getFormat() {
      return bytes == null ? null : "PKCS#8";
    }

    @Override
    public byte[] getEncoded() {
      return bytes == null ? null : bytes.clone();
    }
  }

  private static final class OtherKey extends javax.net.ssl.X509ExtendedKeyManager {

    private final FakeIdentity identity;
    private final PrivateKey key;

    OtherKey(FakeIdentity identity, PrivateKey key) {
      this.identity = identity;
      this.key = key;
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {identity.certificate()};
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, java.security.Principal[] issuers, javax.net.ssl.SSLEngine engine) {
      return "k";
    }

    @Override
    public String chooseEngineServerAlias(String keyType, java.security.Principal[] issuers, javax.net.ssl.SSLEngine engine) {
      return "k";
    }

    @Override
    public String[] getClientAliases(String keyType, java.security.Principal[] issuers) {
      return new String[] {"k"};
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, java.security.Principal[] issuers, java.net.Socket socket) {
      return "k";
    }

    @Override
    public String[] getServerAliases(String keyType, java.security.Principal[] issuers) {
      return new String[] {"k"};
    }

    @Override
    public String chooseServerAlias(String keyType, java.security.Principal[] issuers, java.net.Socket socket) {
      return "k";
    }
  }

  /** The identity of {@code of} with this key in place of its own. */
  private static NodeIdentity with(FakeIdentity of, PrivateKey key) {
    return (NodeIdentity) Proxy.newProxyInstance(NodeIdentity.class.getClassLoader(), new Class<?>[] {NodeIdentity.class},
        (p, method, args) ->
        method.getName().equals("keyManager") ? new OtherKey(of, key) : method.invoke(of, args));
  }

  private static String dial(NodeIdentity dialer, NodeIdentity acceptor) throws Exception {
    try (QuicNode near = new QuicNode(dialer); QuicNode far = new QuicNode(acceptor)) {
      far.transport().accept(LinkLimits.DEFAULT, new LinkAcceptor() {
        @Override
        public Optional<PeerIdentity> expected(String name) {
          return B.expected(name);
        }

        @Override
        public LinkHandler accepted(Link link) {
          return new FakeLinkHandler();
        }
      });
      LinkLimits hasty = new LinkLimits(8, Duration.ofSeconds(1), Duration.ofSeconds(30), 8);
      near.transport().open(B.self(), near.pathTo(far), hasty, new FakeLinkHandler()).get(20, TimeUnit.SECONDS);
      return "up";
    } catch (ExecutionException e) {
      return ((HandshakeFailed) e.getCause()).reason().code();
    }
  }

  @ParameterizedTest
  @EnumSource(Key.class)
  void survivesWhateverKeyAnAcceptorHas(Key key) throws Exception {
    String outcome = dial(A, with(B, key.of(B)));
    assertThat(outcome).isIn(key == Key.VERSION_2 ? List.of("up") : List.of("refused", "unreachable"));
  }

  @ParameterizedTest
  @EnumSource(Key.class)
  void survivesWhateverKeyADialerHas(Key key) throws Exception {
    String outcome = dial(with(A, key.of(A)), B);
    assertThat(outcome).isIn(key == Key.VERSION_2 ? List.of("up") : List.of("refused", "no_certificate", "unreachable"));
  }

  /** The fault itself, in a process of its own: the same key without the guard. */
  @Test
  void theCodecAloneDoesNotSurviveIt() throws Exception {
    assertThat(child("unguarded")).as("exit code").isNotZero();
    assertThat(child("guarded")).as("exit code").isZero();
  }

  private static int child(String how) throws Exception {
    List<String> command = new ArrayList<>(List.of(
        System.getProperty("java.home") + "/bin/java", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=/dev/null",
        "-cp", System.getProperty("java.class.path"), GuardedKeysTest.class.getName(), how));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  public static void main(String[] args) throws Exception {
    OtherKey bad = new OtherKey(A, Key.VERSION_2.of(A));
    try (QuicNode far = new QuicNode(B); QuicNode.OwnIo io = new QuicNode.OwnIo(false, "bare");
        BareDialer dialer = new BareDialer(io, "weft/1", args[0].equals("guarded") ? new GuardedKeys(bad) : bad)) {
      far.transport().accept(LinkLimits.DEFAULT, new LinkAcceptor() {
        @Override
        public Optional<PeerIdentity> expected(String name) {
          return B.expected(name);
        }

        @Override
        public LinkHandler accepted(Link link) {
          return new FakeLinkHandler();
        }
      });
      dialer.dial(far.address()).get(10, TimeUnit.SECONDS);
    }
    System.exit(0);
  }

  @Test
  void turnsVersion2IntoVersion1() throws Exception {
    byte[] plain = GuardedKeys.plain(Key.VERSION_2.of(A)).getEncoded();
    assertThat(plain).hasSize(48).isEqualTo(good(A).getEncoded());
    assertThat(GuardedKeys.plain(good(A)).getEncoded()).isEqualTo(good(A).getEncoded());
  }

  @Test
  void refusesEverythingElse() {
    assertThatThrownBy(() -> GuardedKeys.plain(Key.GARBAGE.of(A))).isInstanceOf(GeneralSecurityException.class);
    byte[] good = good(A).getEncoded();
    new Fuzz(1, List.of(good, version2(good, A)), 200).run(100_000, Unreadable.class, bytes -> {
      try {
        byte[] plain = GuardedKeys.plain(new Encoded(bytes)).getEncoded();
        if (plain.length != 48) {
          throw new AssertionError("let through " + Arrays.toString(plain));
        }
      } catch (GeneralSecurityException e) {
        throw new Unreadable(e);
      }
    });
  }

  private static final class Unreadable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unreadable(Exception cause) {
      super(cause);
    }
  }
}
