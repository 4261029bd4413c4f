package io.weft.support.signal;

import io.weft.node.Clock;
import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import io.weft.signaling.Signal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Makes and checks envelopes. Any thread. */
public final class Sealer {

  private static final String DOMAIN = "weft/signal/1";

  private final NodeIdentity identity;
  private final String fabric;
  private final Clock clock;

  public Sealer(NodeIdentity identity, String fabric, Clock clock) {
    this.identity = identity;
    this.fabric = fabric;
    this.clock = clock;
  }

  public Envelope seal(String to, Signal signal) {
    String from = identity.self().name();
    byte[] nonce = nonce(from, to, signal);
    Envelope unsigned = new Envelope(from, to, signal, clock.now().toEpochMilli(), nonce, new byte[Envelope.SIGNATURE]);
    return new Envelope(from, to, signal, unsigned.time(), nonce, identity.sign(DOMAIN, unsigned.signed(fabric)));
  }

  /** Whether this is the sender's own word, in this fabric. */
  public boolean isGenuine(PeerIdentity sender, Envelope envelope) {
    return sender.name().equals(envelope.from())
        && MessageDigest.isEqual(envelope.nonce(), nonce(envelope.from(), envelope.to(), envelope.signal()))
        && identity.verify(sender, DOMAIN, envelope.signed(fabric), envelope.signature());
  }

  /** Follows from the content, so that a retry is recognised although its time and signature differ. */
  private byte[] nonce(String from, String to, Signal signal) {
    byte[] content = new Fields().text(DOMAIN).text(fabric).text(from).text(to).text(signal.type().name())
        .number(signal.attempt()).bytes(signal.data()).done();
    return Arrays.copyOf(sha256(content), Envelope.NONCE);
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
