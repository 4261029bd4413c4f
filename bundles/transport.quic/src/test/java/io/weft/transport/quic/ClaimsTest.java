package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.Registration;
import io.weft.path.DatagramPort.PacketHandler;
import io.weft.testkit.Await;
import io.weft.testkit.FakeIdentity;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who claims an address gets its packets before anybody else. */
class ClaimsTest {

  private static final FakeIdentity A = new FakeIdentity(QuicNode.FABRIC, "a");

  @Test
  void comeBeforeEverythingElse() throws Exception {
    try (QuicNode node = new QuicNode(A);
        DatagramSocket relay = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      BlockingQueue<Integer> claimed = new LinkedBlockingQueue<>();
      BlockingQueue<Integer> usual = new LinkedBlockingQueue<>();
      node.transport().receive((packet, from) -> usual.add((int) packet.getUnsignedByte(packet.readerIndex())));
      Registration claim = node.transport().claim((InetSocketAddress) relay.getLocalSocketAddress(), (packet, from) -> {
        int first = packet.getUnsignedByte(packet.readerIndex());
        if (first == 1) {
          return false;
        }
        claimed.add(first);
        if (first == 0x41) {
          throw new IllegalStateException("thrown on purpose");
        }
        return true;
      });
      byte[] packet = new byte[1_300];
      for (int first = 0x40; first < 0x50; first++) {
        packet[0] = (byte) first;
        send(relay, packet, node);
        assertThat(claimed.poll(10, TimeUnit.SECONDS)).isEqualTo(first);
        send(other, packet, node);
      }
      packet[0] = (byte) 0xc0;
      send(relay, packet, node);
      assertThat(claimed.poll(10, TimeUnit.SECONDS)).isEqualTo(0xc0);
      packet[0] = 1;
      send(relay, packet, node);
      assertThat(usual.poll(10, TimeUnit.SECONDS)).as("what it left").isEqualTo(1);
      Await.until("those of another", Duration.ofSeconds(10),
          () -> node.transport().counters().get("packets_dropped_unknown_id") == 16);

      BlockingQueue<Integer> second = new LinkedBlockingQueue<>();
      Registration replacing = node.transport()
          .claim((InetSocketAddress) relay.getLocalSocketAddress(), (p, from) -> second.add((int) p.getByte(p.readerIndex())));
      claim.close();
      packet[0] = 0x42;
      send(relay, packet, node);
      assertThat(second.poll(10, TimeUnit.SECONDS)).isEqualTo(0x42);
      replacing.close();
      replacing.close();
      send(relay, packet, node);
      Await.until("nobody's", Duration.ofSeconds(10),
          () -> node.transport().counters().get("packets_dropped_unknown_id") == 17);
      assertThat(claimed).isEmpty();
    }
  }

  private static void send(DatagramSocket from, byte[] packet, QuicNode to) throws Exception {
    from.send(new DatagramPacket(packet, packet.length, to.address()));
  }

  @Test
  void areBounded() {
    Claims claims = new Claims();
    PacketHandler handler = (packet, from) -> true;
    Registration first = claims.add(new InetSocketAddress("127.0.0.1", 1), handler);
    for (int i = 2; i <= Claims.MAX; i++) {
      claims.add(new InetSocketAddress("127.0.0.1", i), handler);
    }
    assertThatThrownBy(() -> claims.add(new InetSocketAddress("127.0.0.1", 9_999), handler))
        .isInstanceOf(IllegalStateException.class);
    claims.add(new InetSocketAddress("127.0.0.1", 2), handler);
    first.close();
    first.close();
    claims.add(new InetSocketAddress("127.0.0.1", 9_999), handler);
    assertThatThrownBy(() -> claims.add(new InetSocketAddress("127.0.0.1", 1), handler))
        .isInstanceOf(IllegalStateException.class);
  }
}
