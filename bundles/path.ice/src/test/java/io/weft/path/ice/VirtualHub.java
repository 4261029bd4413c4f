package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.PathInfo;
import io.weft.support.stun.MalformedStun;
import io.weft.support.stun.Stun;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunWriter;
import io.weft.testkit.network.VirtualHost;
import io.weft.testkit.network.VirtualSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A public host that says how it sees a port, and relays: what goes in at its front comes out at an address that it lends. */
final class VirtualHub {

  static final int STUN_PORT = 3478;

  private static final int HEADER = 6;

  private final VirtualHost host;
  private final VirtualSocket stun;

  VirtualHub(VirtualHost host) {
    this.host = host;
    VirtualSocket[] self = new VirtualSocket[1];
    self[0] = host.bind(STUN_PORT, (payload, from) -> {
      try {
        StunMessage message = StunMessage.decode(Unpooled.wrappedBuffer(payload));
        self[0].send(bytes(StunWriter.success(message).address(Stun.XOR_MAPPED_ADDRESS, from).fingerprint().finish()), from);
      } catch (MalformedStun e) {
        throw new AssertionError("only questions come here", e);
      }
    });
    stun = self[0];
  }

  InetSocketAddress address() {
    return stun.address();
  }

  static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = ByteBufUtil.getBytes(buffer);
    buffer.release();
    return bytes;
  }

  /** Lends an address to a node; the wire is the node's end of it. */
  LentWire lend(VirtualHost to, StunDesk desk) {
    return new LentWire(to, desk);
  }

  private static byte[] framed(InetSocketAddress address, byte[] payload) {
    return ByteBuffer.allocate(HEADER + payload.length)
        .put(address.getAddress().getAddress()).putShort((short) address.getPort()).put(payload).array();
  }

  private static InetSocketAddress addressIn(byte[] frame) {
    int port = Short.toUnsignedInt(ByteBuffer.wrap(frame).getShort(4));
    String ip = (frame[0] & 255) + "." + (frame[1] & 255) + "." + (frame[2] & 255) + "." + (frame[3] & 255);
    return new InetSocketAddress(ip, port);
  }

  /** The front of the relay, the lent address, and what the node uses of them. */
  final class LentWire implements Wire {

    private final VirtualSocket inside;
    private final VirtualSocket front;
    private final VirtualSocket lent;
    private final Map<InetSocketAddress, Conduit> admitted = new HashMap<>();
    private InetSocketAddress client;

    private LentWire(VirtualHost node, StunDesk desk) {
      inside = node.bind(0, (frame, from) -> {
        ByteBuf packet = Unpooled.wrappedBuffer(Arrays.copyOfRange(frame, HEADER, frame.length));
        InetSocketAddress peer = addressIn(frame);
        if (StunMessage.looksLike(packet)) {
          desk.packet(this, packet, peer);
        } else if (admitted.containsKey(peer)) {
          admitted.get(peer).received(packet);
        }
      });
      VirtualSocket[] out = new VirtualSocket[1];
      front = host.bind(0, (frame, from) -> {
        client = from;
        out[0].send(Arrays.copyOfRange(frame, HEADER, frame.length), addressIn(frame));
      });
      out[0] = host.bind(0, (payload, from) -> {
        if (client != null) {
          this.front().send(framed(from, payload), client);
        }
      });
      lent = out[0];
    }

    private VirtualSocket front() {
      return front;
    }

    InetSocketAddress lentAddress() {
      return lent.address();
    }

    @Override
    public CandidateKind kind() {
      return CandidateKind.relay;
    }

    @Override
    public String name() {
      return "relay";
    }

    @Override
    public boolean reaches(InetSocketAddress to) {
      return true;
    }

    @Override
    public void send(ByteBuf packet, InetSocketAddress to) {
      inside.send(framed(to, bytes(packet)), front.address());
    }

    @Override
    public void lead(Conduit conduit, InetSocketAddress to, PathInfo info) {
      conduit.sendThrough((packets, size) -> send(packets, to), info);
    }

    @Override
    public void admit(Conduit conduit, InetSocketAddress from) {
      admitted.put(from, conduit);
    }

    @Override
    public void forget(Conduit conduit) {
      admitted.values().removeIf(c -> c == conduit);
    }
  }
}
