package io.weft.node;

import java.util.Arrays;

/**
 * The one key that a peer of this name must prove.
 *
 * @param publicKey the raw 32-byte Ed25519 public key; copied in and out
 */
public record PeerIdentity(String name, NodeId id, byte[] publicKey) {

  public PeerIdentity {
    Names.check("peer name", name);
    publicKey = publicKey.clone();
    if (!NodeId.of(publicKey).equals(id)) {
      throw new IllegalArgumentException("the id of " + name + " is not that of its key");
    }
  }

  public static PeerIdentity of(String name, byte[] publicKey) {
    return new PeerIdentity(name, NodeId.of(publicKey), publicKey);
  }

  @Override
  public byte[] publicKey() {
    return publicKey.clone();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof PeerIdentity p && p.name.equals(name) && Arrays.equals(p.publicKey, publicKey);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return name + "/" + id;
  }
}
