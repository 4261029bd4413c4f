package io.weft.signaling.server;

import io.weft.node.Clock;
import io.weft.node.NodeIdentity;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalType;
import io.weft.support.signal.Envelope;
import io.weft.support.signal.EnvelopeJson;
import io.weft.support.signal.RequestProof;
import io.weft.support.signal.Sealer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;

/** A member that speaks HTTP by hand, so that it can also speak it badly. */
final class Member implements AutoCloseable {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** What came back. */
  record Reply(int status, String head, byte[] body) {

    List<Envelope> envelopes() {
      return EnvelopeJson.readList(body);
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private final NodeIdentity identity;
  private final Clock clock;
  private final Socket socket;
  private final InputStream input;
  private final String host;
  private final Sealer sealer;

  Member(NodeIdentity identity, Clock clock, int port) throws IOException {
    this.identity = identity;
    this.clock = clock;
    this.host = "127.0.0.1:" + port;
    this.socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    this.input = new BufferedInputStream(socket.getInputStream());
    this.sealer = new Sealer(identity, "demo", clock);
  }

  Envelope seal(String to, SignalType type, long attempt, String data) {
    return sealer.seal(to, new Signal(type, attempt, data.getBytes(StandardCharsets.UTF_8)));
  }

  Reply publish(String to, SignalType type, long attempt, String data) throws IOException {
    return publish(seal(to, type, attempt, data));
  }

  Reply publish(Envelope envelope) throws IOException {
    return ask("POST", "/publish?to=" + envelope.to(), EnvelopeJson.write(envelope));
  }

  Reply poll() throws IOException {
    return ask("GET", "/poll?peer=" + identity.self().name(), "");
  }

  Reply ask(String method, String target, String body) throws IOException {
    send(request(method, target, host, body));
    return reply();
  }

  /** A complete, signed request, as text. */
  String request(String method, String target, String host, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    byte[] nonce = new byte[16];
    RANDOM.nextBytes(nonce);
    RequestProof proof =
        RequestProof.sign(identity, new RequestProof.Request(method, host, target, bytes), clock.now().toEpochMilli(), nonce);
    return method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: " + proof.header() + "\r\n"
        + (bytes.length == 0 ? "" : "Content-Length: " + bytes.length + "\r\n") + "\r\n" + body;
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  Reply reply() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = input.read();
      if (c < 0) {
        throw new IOException("closed after '" + head + "'");
      }
      head.append((char) c);
    }
    int status = Integer.parseInt(head.substring(9, 12));
    String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
    int at = lower.indexOf("content-length: ");
    int length = at < 0 ? 0 : Integer.parseInt(lower.substring(at + 16, lower.indexOf('\r', at)));
    return new Reply(status, head.toString(), input.readNBytes(length));
  }

  /** Whether the other side ends the connection, whatever it says before. */
  boolean isClosed() throws IOException {
    input.readAllBytes();
    return true;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
