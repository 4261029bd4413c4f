package io.weft.path.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.weft.node.Reason;
import io.weft.path.ice.turn.RelayTarget.Transport;
import io.weft.support.stun.Credentials;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunWriter;
import io.weft.support.stun.Transaction;
import io.weft.testkit.Await;
import io.weft.testkit.FreePorts;
import io.weft.testkit.RealTime;
import io.weft.testkit.ServerProcess;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** This client and the server of coturn. Where it is not installed this is skipped, but never in CI. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CoturnServerTest {

  private static final Duration LONG = Duration.ofSeconds(10);
  private static final byte[] SECRET = "labsecret".getBytes(StandardCharsets.US_ASCII);
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private ServerProcess coturn;
  private RealTime time;
  private InetSocketAddress address;
  private InetSocketAddress tlsAddress;
  private TestCertificate certificate;

  @BeforeAll
  void start() throws Exception {
    Path turnserver = ServerProcess.require("turnserver");
    try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
      address = new InetSocketAddress(LOOPBACK, free.getLocalPort());
    }
    int tlsPort = FreePorts.tcp(1).get(0);
    tlsAddress = new InetSocketAddress(LOOPBACK, tlsPort);
    Path directory = ServerProcess.temporaryDirectory("coturn");
    certificate = new TestCertificate(directory);
    coturn = ServerProcess.start(directory, List.of(
        turnserver.toString(), "-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--listening-port=" + address.getPort(),
        "--use-auth-secret", "--static-auth-secret=labsecret", "--realm=lab.invalid", "--no-dtls",
        "--tls-listening-port=" + tlsPort, "--cert=" + certificate.chain(), "--pkey=" + certificate.key(), "--no-cli",
        "--allow-loopback-peers", "--userdb=" + directory.resolve("db"), "--pidfile=" + directory.resolve("pid"), "--log-file=stdout",
        "--simple-log"), address.getPort());
    time = new RealTime();
  }

  @AfterAll
  void stop() {
    if (coturn != null) {
      coturn.close();
      time.close();
    }
  }

  private RelayTarget target(Transport transport, byte[] secret) {
    InetSocketAddress at = transport == Transport.tls ? tlsAddress : address;
    return new RelayTarget("turn:" + at, "127.0.0.1", at, transport, expiry -> Credentials.timeLimited(secret, "a", expiry));
  }

  private record Checked(int method, InetSocketAddress from) {}

  @ParameterizedTest
  @EnumSource(Transport.class)
  void checksAndPacketsGoBothWays(Transport transport) throws Exception {
    List<Checked> checks = new CopyOnWriteArrayList<>();
    try (TestPort port = new TestPort(); DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
      peer.setSoTimeout(5_000);
      InetSocketAddress there = (InetSocketAddress) peer.getLocalSocketAddress();
      TurnClient client = new TurnClient(new TurnClient.Tools(port, port.io, time, time, new SecureRandom(), (packet, from, through) ->
          checks.add(new Checked(packet.getUnsignedShort(packet.readerIndex()), from)), certificate::trusting,
          TurnClient.CREDENTIALS_LIFE));
      Allocation allocation = client.allocate(target(transport, SECRET)).get(10, TimeUnit.SECONDS);
      assertThat(allocation.relayed().getAddress()).isEqualTo(LOOPBACK);
      if (transport == Transport.udp) {
        assertThat(allocation.mapped()).isEqualTo(port.local().get(0));
      }
      byte[] check = bytes(StunWriter.of(Kind.request, Stun.BINDING, new Transaction(1, 2)));
      allocation.send(Unpooled.wrappedBuffer(check), there);
      DatagramPacket heard = hear(peer);
      assertThat(heard.getSocketAddress()).isEqualTo(allocation.relayed());
      assertThat(heard.getLength()).isEqualTo(check.length);
      peer.send(new DatagramPacket(check, check.length, allocation.relayed()));
      Await.until("the check", LONG, () -> checks.equals(List.of(new Checked(1, there))));

      TestConduit conduit = new TestConduit();
      allocation.admit(conduit, there);
      allocation.lead(conduit, there, TestConduit.RELAYED);
      conduit.say(port, 4, "one:two:tri");
      assertThat(List.of(text(hear(peer)), text(hear(peer)), text(hear(peer)))).containsExactly("one:", "two:", "tri");
      byte[] back = "and back".getBytes(StandardCharsets.UTF_8);
      peer.send(new DatagramPacket(back, back.length, allocation.relayed()));
      Await.until("the answer", LONG, () -> conduit.heard.equals(List.of("and back")));
      assertThat(allocation.bytesSent()).isEqualTo(11);

      CompletableFuture<Reason> ended = allocation.ended().toCompletableFuture();
      client.close();
      assertThat(ended.get(5, TimeUnit.SECONDS).code()).isEqualTo("closed");
      Await.until("the claim to be given back", LONG, () -> port.claims() == 0);
    }
  }

  @Test
  void aWrongSecretIsToldAsSuch() throws Exception {
    try (TestPort port = new TestPort()) {
      TurnClient client = new TurnClient(port, port.io, time, time, new SecureRandom(), (packet, from, through) -> {});
      assertThatThrownBy(() -> client.allocate(target(Transport.udp, "wrong".getBytes(StandardCharsets.US_ASCII))).get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(TurnFailed.class, e -> {
            assertThat(e.reason().code()).isEqualTo("unauthorized");
            assertThat(e.reason().detail()).startsWith("401");
          });
      client.close();
    }
  }

  @Test
  void aCertificateThatNobodyTrustsIsRefused() throws Exception {
    try (TestPort port = new TestPort()) {
      TurnClient client = new TurnClient(port, port.io, time, time, new SecureRandom(), (packet, from, through) -> {});
      assertThatThrownBy(() -> client.allocate(target(Transport.tls, SECRET)).get(10, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(TurnFailed.class).hasMessageContaining("unreachable: TLS with");
      client.close();
    }
  }

  private static byte[] bytes(StunWriter writer) {
    io.netty.buffer.ByteBuf buffer = writer.fingerprint().finish();
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  private static DatagramPacket hear(DatagramSocket socket) throws Exception {
    DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
    socket.receive(packet);
    return packet;
  }

  private static String text(DatagramPacket packet) {
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }
}
