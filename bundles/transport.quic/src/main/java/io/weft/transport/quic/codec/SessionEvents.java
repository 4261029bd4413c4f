package io.weft.transport.quic.codec;

import io.netty.buffer.ByteBuf;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/** What happens to one QUIC connection. On its loop. */
public interface SessionEvents {

  /** The peer shows its certificates, before it proved their key. What is thrown ends the handshake. */
  void check(X509Certificate[] chain) throws CertificateException;

  /** TLS is done: the peer proved the key of the certificates that were checked. */
  void established(Session session);

  /** The largest datagram that fits a packet; not called if the peer takes none. */
  void datagramMax(int bytes);

  /** The peer opened a stream. Nothing of it is read before it was accepted. */
  void stream(OfferedStream stream);

  /** A datagram arrived; the receiver releases it. */
  void datagram(ByteBuf payload);

  /** The peer said why it closes. {@link #closed} follows. */
  void peerClosed(boolean application, long code, byte[] reason);

  /** Something went wrong that may end the connection; for the log and for the reason. */
  void failed(Throwable cause);

  /** Over; exactly once, last. */
  void closed();
}
