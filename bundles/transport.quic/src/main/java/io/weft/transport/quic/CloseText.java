package io.weft.transport.quic;

import io.weft.node.Reason;
import java.nio.charset.StandardCharsets;

/** How a reason travels in CONNECTION_CLOSE: {@code code: detail} in UTF-8, short enough for any packet. */
final class CloseText {

  private static final int LENGTH_MAX = 512;
  // TLS alerts (RFC 8446, 6) travel as transport errors from here on (RFC 9001, 4.8).
  private static final int ALERTS = 0x100;
  private static final int ALERT_EXPIRED = 45;
  private static final int ALERT_NO_CERTIFICATE = 116;
  private static final int ALERT_NO_PROTOCOL = 120;

  private CloseText() {}

  static byte[] encode(Reason reason) {
    String text = reason.toString();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    while (bytes.length > LENGTH_MAX) {
      text = text.substring(0, text.length() - Math.max(1, (bytes.length - LENGTH_MAX) / 3));
      bytes = text.getBytes(StandardCharsets.UTF_8);
    }
    return bytes;
  }

  /** The peer's reason, with whatever it wrote made harmless; {@code closed} if it is none of ours. */
  static Reason decode(byte[] bytes) {
    String text = new String(bytes, 0, Math.min(bytes.length, LENGTH_MAX), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    int colon = text.indexOf(": ");
    String code = colon < 0 ? text : text.substring(0, colon);
    try {
      return Reason.of(code, colon < 0 ? "" : text.substring(colon + 2));
    } catch (IllegalArgumentException e) {
      return Reason.of("closed", text);
    }
  }

  /** What the peer's QUIC or TLS said when it gave up. */
  static Reason ofTransport(long code) {
    long alert = code - ALERTS;
    if (alert == ALERT_NO_PROTOCOL) {
      return Reason.of("wrong_alpn", "the peer speaks no protocol of this version");
    }
    if (alert == ALERT_NO_CERTIFICATE) {
      return Reason.of("no_certificate", "the peer wants a certificate");
    }
    if (alert == ALERT_EXPIRED) {
      return Reason.of("refused", "the peer finds this node's certificate expired or not yet valid; compare the clocks");
    }
    if (alert >= 0 && alert < 256) {
      return Reason.of(
          "refused", "the peer does not accept this node's key, name or fabric; its log says which (alert " + alert + ")");
    }
    return Reason.of("refused", "the peer's transport gave up (error " + code + ")");
  }

  /** What this side's QUIC or TLS said when it gave up. */
  static Reason ofFailure(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    if (text.contains("NO_APPLICATION_PROTOCOL")) {
      return Reason.of("wrong_alpn", "the peer speaks no protocol of this version");
    }
    if (text.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")) {
      return Reason.of("no_certificate", "the peer showed none");
    }
    return Reason.of("refused", text);
  }
}
