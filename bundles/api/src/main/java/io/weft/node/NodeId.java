package io.weft.node;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The identity of a node: the first 16 bytes of SHA-256 over its raw 32-byte Ed25519 public key, as 32 lowercase hex digits.
 * Ids order as text; the smaller of two dials.
 */
public record NodeId(String value) implements Comparable<NodeId> {

  public NodeId {
    if (value.length() != 32 || !value.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
      throw new IllegalArgumentException("a node id is 32 lowercase hex digits");
    }
  }

  /** The id of the node that holds this raw 32-byte Ed25519 public key. */
  public static NodeId of(byte[] publicKey) {
    if (publicKey.length != 32) {
      throw new IllegalArgumentException("a raw Ed25519 public key has 32 bytes, not " + publicKey.length);
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(publicKey);
      return new NodeId(HexFormat.of().formatHex(Arrays.copyOf(digest, 16)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
