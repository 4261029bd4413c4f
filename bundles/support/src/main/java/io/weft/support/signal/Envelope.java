package io.weft.support.signal;

import io.weft.node.Names;
import io.weft.signaling.Signal;
import java.util.Arrays;

/**
 * A signal on its way. Immutable; the arrays are not copied, nobody writes to them.
 *
 * @param time of the sender's clock, in milliseconds since 1970
 * @param nonce {@value #NONCE} bytes that follow from fabric, sender, recipient and signal: the same signal sent again has the same
 * @param signature of the sender over everything else and the fabric
 */
public record Envelope(String from, String to, Signal signal, long time, byte[] nonce, byte[] signature) {

  public static final int NONCE = 16;
  public static final int SIGNATURE = 64;

  public Envelope {
    Names.check("sender", from);
    Names.check("recipient", to);
    if (time < 0 || nonce.length != NONCE || signature.length != SIGNATURE) {
      throw new IllegalArgumentException("time, nonce or signature of an envelope is malformed");
    }
  }

  byte[] signed(String fabric) {
    return new Fields().text(fabric).text(from).text(to).text(signal.type().name()).number(signal.attempt()).number(time)
        .bytes(nonce).bytes(signal.data()).done();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Envelope e && e.from.equals(from) && e.to.equals(to) && e.signal.equals(signal) && e.time == time
        && Arrays.equals(e.nonce, nonce) && Arrays.equals(e.signature, signature);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(nonce);
  }

  /** Without data: it holds credentials. */
  @Override
  public String toString() {
    return from + ">" + to + " " + signal;
  }
}
