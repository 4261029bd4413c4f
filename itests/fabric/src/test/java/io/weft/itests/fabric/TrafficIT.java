package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.net.EchoServer;
import io.weft.itests.net.Pattern;
import io.weft.itests.net.Ports;
import io.weft.itests.net.UdpEchoServer;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.ProcessFabric;
import io.weft.support.JsonReader;
import io.weft.testkit.Await;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What applications get from three nodes: bytes and datagrams to services at other nodes, or a clear refusal. */
class TrafficIT {

  private static final EchoServer echo = new EchoServer();
  private static final UdpEchoServer udpEcho = new UdpEchoServer();
  private static final int echoPort = Ports.freeTcp();
  private static final int udpPort = Ports.freeUdp();
  private static final int privatePort = Ports.freeTcp();
  private static final int deadPort = Ports.freeTcp();
  private static final int unknownPort = Ports.freeTcp();
  private static ProcessFabric fabric;

  @BeforeAll
  static void start() {
    fabric = ProcessFabric.of(TrafficIT::configure, "a", "b", "c").start();
  }

  @AfterAll
  static void stop() {
    fabric.close();
    echo.close();
    udpEcho.close();
  }

  private static void configure(NodeConfig node) {
    switch (node.name()) {
      case "a" -> node
          .forward("echo", "b", "tcp", "127.0.0.1:" + echoPort)
          .forward("echo-udp", "b", "udp", "127.0.0.1:" + udpPort)
          .forward("private", "b", "tcp", "127.0.0.1:" + privatePort)
          .forward("dead", "b", "tcp", "127.0.0.1:" + deadPort)
          .forward("nothing", "b", "tcp", "127.0.0.1:" + unknownPort);
      case "b" -> node
          .expose("echo", "tcp", echo.address(), "a")
          .expose("echo-udp", "udp", udpEcho.address(), "a")
          .expose("private", "tcp", echo.address(), "c")
          .expose("dead", "tcp", "127.0.0.1:" + Ports.freeTcp(), "a");
      default -> { }
    }
  }

  @Test
  void carriesMuchBothWaysAndKeepsHalfClose() throws Exception {
    int blocks = 1_024; // 64 MiB
    try (Socket socket = new Socket("127.0.0.1", echoPort)) {
      socket.setSoTimeout(30_000);
      Thread writer = new Thread(() -> write(socket, blocks), "writer");
      writer.start();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] got = new byte[Pattern.BLOCK];
      byte[] wanted = new byte[Pattern.BLOCK];
      for (int i = 0; i < blocks; i++) {
        in.readFully(got);
        Pattern.fill(wanted, i);
        assertThat(Arrays.equals(got, wanted)).as("block %s", i).isTrue();
      }
      // The echo server answers the end of its input with the end of its output: both ends have crossed the fabric.
      assertThat(in.read()).isEqualTo(-1);
      writer.join();
    }
  }

  @Test
  void keepsDatagramBoundariesAndOneSourcePortPerClient() throws Exception {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(500);
      for (int size : new int[] {0, 1, 512, 1_200, 1_472, 9_000}) {
        byte[] sent = new byte[size];
        Arrays.fill(sent, (byte) size);
        Await.until("an answer of " + size + " bytes", Duration.ofSeconds(10), () -> Arrays.equals(exchange(socket, sent), sent));
      }
    }
    assertThat(udpEcho.sourcePorts()).hasSize(1);
  }

  @Test
  void tellsRefusedUnknownAndDeadApart() throws Exception {
    assertRefused(privatePort, "connections_refused_refused");
    assertRefused(unknownPort, "connections_refused_unknown_service");
    assertRefused(deadPort, "connections_refused_target_dead");
  }

  @Test
  void theReceiverDecidesBeforeItDials() throws Exception {
    long before = echo.accepted();
    assertRefused(privatePort, "connections_refused_refused");
    assertThat(echo.accepted()).isEqualTo(before);
  }

  @Test
  void saysWhoMayDoWhat() throws Exception {
    assertThat(fabric.node("b").weft("access", "test", "a", "echo").exitCode()).isZero();
    assertThat(fabric.node("b").weft("access", "test", "a", "private").exitCode()).isEqualTo(1);
  }

  @Test
  void manyConnectionsAtOnceDoNotMixTheirBytes() throws Exception {
    Thread[] clients = new Thread[32];
    String[] failures = new String[clients.length];
    for (int i = 0; i < clients.length; i++) {
      int number = i;
      clients[i] = new Thread(() -> failures[number] = converse(number), "client-" + i);
      clients[i].start();
    }
    for (Thread client : clients) {
      client.join();
    }
    assertThat(failures).containsOnlyNulls();
  }

  private static String converse(int number) {
    byte[] block = new byte[Pattern.BLOCK];
    byte[] got = new byte[Pattern.BLOCK];
    try (Socket socket = new Socket("127.0.0.1", echoPort)) {
      socket.setSoTimeout(30_000);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      for (int i = 0; i < 16; i++) {
        Pattern.fill(block, number * 1_000L + i);
        socket.getOutputStream().write(block);
        in.readFully(got);
        if (!Arrays.equals(block, got)) {
          return "block " + i + " of client " + number + " is wrong";
        }
      }
      return null;
    } catch (IOException e) {
      return "client " + number + ": " + e;
    }
  }

  private static void write(Socket socket, int blocks) {
    byte[] block = new byte[Pattern.BLOCK];
    try {
      OutputStream out = socket.getOutputStream();
      for (int i = 0; i < blocks; i++) {
        Pattern.fill(block, i);
        out.write(block);
      }
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e); // the reader, on the other thread, fails too and says where
    }
  }

  private static byte[] exchange(DatagramSocket socket, byte[] sent) throws IOException {
    socket.send(new DatagramPacket(sent, sent.length, InetAddress.getLoopbackAddress(), udpPort));
    DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
    try {
      socket.receive(answer);
    } catch (java.net.SocketTimeoutException e) {
      return null; // datagrams may be lost; the caller asks again
    }
    return Arrays.copyOf(answer.getData(), answer.getLength());
  }

  /** The connection ends without a byte, and the forwarding node has counted why. */
  private static void assertRefused(int port, String counter) throws Exception {
    long before = counter(counter);
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    Await.until(counter, Duration.ofSeconds(5), () -> counter(counter) == before + 1);
  }

  private static long counter(String name) throws IOException {
    Map<?, ?> answer = (Map<?, ?>) JsonReader.read(fabric.node("a").ask("forward:list", "--json").out());
    Object value = ((Map<?, ?>) answer.get("counters")).get(name);
    return value == null ? 0 : (Long) value;
  }
}
