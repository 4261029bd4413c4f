package io.weft.support.identity;

import io.weft.node.Names;
import io.weft.node.PeerIdentity;
import io.weft.support.Hkdf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A formation secret, and the keys of all nodes that follow from it. Whoever holds the secret can be every node: convenience with
 * a stated limit. Thread-safe.
 */
public final class Formation {

  /** Fewer bytes could be guessed. */
  public static final int SECRET_MIN = 16;

  private static final int SEED = 32;
  private static final int CACHE_MAX = 1024;

  private final byte[] extracted;
  // Guards itself. Least recently asked first.
  private final Map<String, PeerIdentity> cache = new LinkedHashMap<>(64, 0.75f, true);

  /**
   * @param secret not kept; the caller wipes it
   * @throws IllegalArgumentException if it has fewer than {@value #SECRET_MIN} bytes
   */
  public Formation(byte[] secret) {
    if (secret.length < SECRET_MIN) {
      throw new IllegalArgumentException(
          "a formation secret has at least " + SECRET_MIN + " bytes, this one has " + secret.length);
    }
    this.extracted = Hkdf.extract(secret);
  }

  /** The key pair of the node with that name. */
  public Ed25519Key key(String node) {
    byte[] seed = Hkdf.expand(extracted, node.getBytes(StandardCharsets.US_ASCII), SEED);
    try {
      return new Ed25519Key(seed);
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  /** What a node of that name must prove; empty if no node can have it. The last {@value #CACHE_MAX} are remembered. */
  public Optional<PeerIdentity> identity(String node) {
    if (!Names.isValid(node)) {
      return Optional.empty();
    }
    synchronized (cache) {
      PeerIdentity known = cache.get(node);
      if (known != null) {
        return Optional.of(known);
      }
    }
    PeerIdentity derived = PeerIdentity.of(node, key(node).publicKey());
    synchronized (cache) {
      cache.put(node, derived);
      if (cache.size() > CACHE_MAX) {
        cache.remove(cache.keySet().iterator().next());
      }
    }
    return Optional.of(derived);
  }

  @Override
  public String toString() {
    return "Formation"; // never the secret
  }
}
