package io.weft.support.signal;

import io.weft.node.Names;
import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import java.util.Base64;

/**
 * Who makes a request to a broker: the value of the header {@code Authorization}, {@code Weft1 NAME TIME NONCE SIGNATURE}. The
 * signature covers the host that the client asked for, so that one broker cannot use the proof at another.
 *
 * @param time of the client's clock, in milliseconds since 1970
 */
public record RequestProof(String name, long time, byte[] nonce, byte[] signature) {

  public static final int LENGTH_MAX = 256;

  private static final String DOMAIN = "weft/signal-request/1";
  private static final String SCHEME = "Weft1";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  /**
   * What is asked for.
   *
   * @param host as in the header {@code Host}
   * @param target path and query
   */
  public record Request(String method, String host, String target, byte[] body) {}

  /** @param nonce {@value Envelope#NONCE} random bytes */
  public static RequestProof sign(NodeIdentity identity, Request request, long time, byte[] nonce) {
    String name = identity.self().name();
    return new RequestProof(name, time, nonce, identity.sign(DOMAIN, signed(name, request, time, nonce)));
  }

  public boolean isBy(PeerIdentity sender, NodeIdentity verifier, Request request) {
    return sender.name().equals(name) && verifier.verify(sender, DOMAIN, signed(name, request, time, nonce), signature);
  }

  private static byte[] signed(String name, Request request, long time, byte[] nonce) {
    return new Fields().text(request.method()).text(request.host()).text(request.target()).text(name).number(time).bytes(nonce)
        .bytes(Sealer.sha256(request.body())).done();
  }

  public String header() {
    return SCHEME + " " + name + " " + time + " " + ENCODER.encodeToString(nonce) + " " + ENCODER.encodeToString(signature);
  }

  /** @throws IllegalArgumentException if it is none */
  public static RequestProof parse(String header) {
    String[] words = header.length() > LENGTH_MAX ? new String[0] : header.split(" ", -1);
    if (words.length != 5 || !words[0].equals(SCHEME)) {
      throw new IllegalArgumentException("the header Authorization is not 'Weft1 NAME TIME NONCE SIGNATURE'");
    }
    Names.check("the sender", words[1]);
    byte[] nonce = Base64.getUrlDecoder().decode(words[3]);
    byte[] signature = Base64.getUrlDecoder().decode(words[4]);
    long time = time(words[2]);
    if (nonce.length != Envelope.NONCE || signature.length != Envelope.SIGNATURE) {
      throw new IllegalArgumentException("nonce or signature of the header Authorization has a wrong length");
    }
    return new RequestProof(words[1], time, nonce, signature);
  }

  private static long time(String digits) {
    if (digits.isEmpty() || digits.length() > 15 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("the time of the header Authorization is not in milliseconds");
    }
    return Long.parseLong(digits);
  }
}
