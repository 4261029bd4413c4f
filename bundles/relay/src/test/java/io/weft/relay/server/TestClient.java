package io.weft.relay.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.support.stun.Credentials;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunStream;
import io.weft.support.stun.StunWriter;
import io.weft.support.stun.Transaction;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** A client that does nothing by itself: each call is one request or one packet, over UDP or TCP. */
final class TestClient implements AutoCloseable {

  private static final int PATIENCE_MS = 5_000;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final InetSocketAddress server;
  private final DatagramSocket udp;
  private final Socket tcp;
  private Credentials credentials;
  private String realm = "";
  private String nonce = "";

  private TestClient(InetSocketAddress server, DatagramSocket udp, Socket tcp, Credentials credentials) {
    this.server = server;
    this.udp = udp;
    this.tcp = tcp;
    this.credentials = credentials;
  }

  static TestClient udp(InetSocketAddress server, Credentials credentials) throws IOException {
    DatagramSocket socket = new DatagramSocket(0, server.getAddress());
    socket.setSoTimeout(PATIENCE_MS);
    return new TestClient(server, socket, null, credentials);
  }

  static TestClient tcp(Socket socket, Credentials credentials) throws IOException {
    socket.setSoTimeout(PATIENCE_MS);
    return new TestClient((InetSocketAddress) socket.getRemoteSocketAddress(), null, socket, credentials);
  }

  static TestClient of(RelayRig rig, String user) throws IOException {
    return udp(rig.address(), Credentials.timeLimited(rig.secret(), user, rig.time.now().plusSeconds(3_600)));
  }

  void use(Credentials other) {
    credentials = other;
  }

  InetSocketAddress local() {
    return (InetSocketAddress) (udp != null ? udp.getLocalSocketAddress() : tcp.getLocalSocketAddress());
  }

  /** A request with credentials; asks again once if the nonce is old or there is none yet. */
  StunMessage ask(int method, UnaryOperator<StunWriter> attributes) {
    StunMessage answer = askOnce(method, attributes);
    if (answer.errorCode() == 401 && realm.isEmpty() || answer.errorCode() == 438) {
      challenge(answer);
      answer = askOnce(method, attributes);
    }
    return answer;
  }

  void challenge(StunMessage answer) {
    realm = answer.text(Stun.REALM);
    nonce = answer.text(Stun.NONCE);
  }

  StunMessage askOnce(int method, UnaryOperator<StunWriter> attributes) {
    return askOnce(method, attributes, Transaction.draw(RANDOM));
  }

  StunMessage askOnce(int method, UnaryOperator<StunWriter> attributes, Transaction transaction) {
    StunWriter request = attributes.apply(StunWriter.of(Kind.request, method, transaction));
    if (!realm.isEmpty()) {
      request.text(Stun.USERNAME, credentials.user()).text(Stun.REALM, realm).text(Stun.NONCE, nonce).integrity(credentials.key(realm));
    }
    send(request.fingerprint().finish());
    StunMessage answer = StunMessage.decode(receive());
    if (!answer.transaction().equals(transaction)) {
      throw new AssertionError("an answer to another request: " + answer.method() + " " + answer.errorCode());
    }
    if (answer.kind() == Kind.success && !realm.isEmpty() && method != Stun.BINDING && !answer.isAuthentic(credentials.key(realm))) {
      throw new AssertionError("an answer that is not signed");
    }
    return answer;
  }

  StunMessage allocate() {
    return ask(Stun.ALLOCATE, w -> w.firstOfFour(Stun.REQUESTED_TRANSPORT, Stun.UDP));
  }

  /** The address that is lent. */
  InetSocketAddress allocated() {
    StunMessage answer = allocate();
    if (answer.kind() != Kind.success) {
      throw new AssertionError("not allocated: " + answer.errorCode() + " " + answer.errorText());
    }
    return answer.address(Stun.XOR_RELAYED_ADDRESS);
  }

  StunMessage refresh(long seconds) {
    return ask(Stun.REFRESH, w -> w.number(Stun.LIFETIME, seconds));
  }

  StunMessage permit(InetSocketAddress peer) {
    return ask(Stun.CREATE_PERMISSION, w -> w.address(Stun.XOR_PEER_ADDRESS, peer));
  }

  StunMessage bind(int channel, InetSocketAddress peer) {
    return ask(Stun.CHANNEL_BIND, w -> w.channel(channel).address(Stun.XOR_PEER_ADDRESS, peer));
  }

  void sendTo(InetSocketAddress peer, byte[] data) {
    send(StunWriter.of(Kind.indication, Stun.SEND, Transaction.draw(RANDOM)).address(Stun.XOR_PEER_ADDRESS, peer)
        .bytes(Stun.DATA_VALUE, data).finish());
  }

  void frame(int channel, byte[] data) {
    ByteBuf frame = Unpooled.buffer();
    frame.writeShort(channel).writeShort(data.length).writeBytes(data).writeZero(tcp == null ? 0 : -data.length & 3);
    send(frame);
  }

  void send(ByteBuf bytes) {
    byte[] all = new byte[bytes.readableBytes()];
    bytes.readBytes(all);
    try {
      if (udp != null) {
        udp.send(new DatagramPacket(all, all.length, server));
      } else {
        tcp.getOutputStream().write(all);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ByteBuf receive() {
    try {
      if (udp != null) {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        udp.receive(packet);
        return Unpooled.wrappedBuffer(Arrays.copyOf(packet.getData(), packet.getLength()));
      }
      DataInputStream in = new DataInputStream(tcp.getInputStream());
      byte[] head = new byte[4];
      in.readFully(head);
      byte[] all = Arrays.copyOf(head, StunStream.length(Unpooled.wrappedBuffer(head)));
      in.readFully(all, 4, all.length - 4);
      return Unpooled.wrappedBuffer(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether nothing comes for a moment. */
  boolean silent(int millis) {
    try {
      udp.setSoTimeout(millis);
      receive();
      return false;
    } catch (UncheckedIOException e) {
      return e.getCause() instanceof SocketTimeoutException;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      quietly(socket -> socket.setSoTimeout(PATIENCE_MS));
    }
  }

  private interface SocketCall {
    void on(DatagramSocket socket) throws IOException;
  }

  private void quietly(SocketCall call) {
    try {
      call.on(udp);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      if (udp != null) {
        udp.close();
      } else {
        tcp.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
