package io.weft.relay.server;

import io.weft.node.Clock;
import io.weft.support.stun.Credentials;
import io.weft.support.stun.Stun;
import io.weft.support.stun.StunMessage;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/** Lets requests in whose credentials follow from the secret and have not ended (RFC 8489, section 9.2). */
final class Gate {

  static final Duration SKEW = Duration.ofSeconds(60);
  static final Duration LIFETIME_MAX = Duration.ofHours(24);

  /** What came of a request. */
  sealed interface Outcome {}

  /** It may pass; answers are made with the key. */
  record Passed(String user, byte[] key) implements Outcome {}

  /**
   * It is answered with this error.
   *
   * @param challenge whether with a realm and a new nonce
   * @param clock unix seconds by our clock if it is the clocks that differ; 0 otherwise
   */
  record Refused(int code, String text, boolean challenge, long clock) implements Outcome {

    Refused(int code, String text, boolean challenge) {
      this(code, text, challenge, 0);
    }
  }

  private static final Refused NO_CREDENTIALS = new Refused(401, "Unauthenticated", true);
  private static final Refused STALE = new Refused(438, "Stale Nonce", true);
  private static final Refused INCOMPLETE = new Refused(400, "USERNAME, REALM or NONCE is missing", false);

  private final String realm;
  private final Clock clock;
  private final Nonces nonces;
  private volatile List<byte[]> secrets = List.of();

  Gate(String realm, Clock clock, SecureRandom random) {
    this.realm = realm;
    this.clock = clock;
    this.nonces = new Nonces(clock, random);
  }

  /** The newest first; none lets nobody in. */
  void secrets(List<byte[]> now) {
    secrets = List.copyOf(now);
  }

  String realm() {
    return realm;
  }

  String nonce(InetSocketAddress client) {
    return nonces.make(client);
  }

  Outcome check(StunMessage request, InetSocketAddress client) {
    if (!request.hasIntegrity()) {
      return NO_CREDENTIALS;
    }
    String user = request.text(Stun.USERNAME);
    String nonce = request.text(Stun.NONCE);
    if (user == null || nonce == null || request.text(Stun.REALM) == null) {
      return INCOMPLETE;
    }
    if (!nonces.isFresh(nonce, client)) {
      return STALE;
    }
    long expiry = Credentials.expiry(user);
    long now = clock.now().getEpochSecond();
    if (expiry < 0) {
      return NO_CREDENTIALS;
    }
    boolean timely = expiry + SKEW.toSeconds() >= now && expiry <= now + LIFETIME_MAX.plus(SKEW).toSeconds();
    for (byte[] secret : secrets) {
      byte[] key = Credentials.of(secret, user).key(realm);
      if (request.isAuthentic(key)) {
        return timely ? new Passed(Credentials.name(user), key) : new Refused(401, "Unauthenticated: of another time", true, now);
      }
    }
    return NO_CREDENTIALS;
  }
}
