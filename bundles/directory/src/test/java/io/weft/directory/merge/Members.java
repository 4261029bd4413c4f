package io.weft.directory.merge;

import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.X509ExtendedKeyManager;

/** Everyone is a member, with a key made of the name, but for those that are not. */
final class Members implements NodeIdentity {

  private final PeerIdentity self;
  private final Set<String> strangers;

  Members(String self, String... strangers) {
    this.self = key(self);
    this.strangers = Set.of(strangers);
  }

  static PeerIdentity key(String name) {
    byte[] key = new byte[32];
    for (int i = 0; i < name.length(); i++) {
      key[i % 32] ^= (byte) (name.charAt(i) + i);
    }
    return PeerIdentity.of(name, key);
  }

  @Override
  public PeerIdentity self() {
    return self;
  }

  @Override
  public Optional<PeerIdentity> expected(String name) {
    return strangers.contains(name) ? Optional.empty() : Optional.of(key(name));
  }

  @Override
  public X509Certificate certificate() {
    throw new UnsupportedOperationException();
  }

  @Override
  public X509ExtendedKeyManager keyManager() {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] sign(String domain, byte[] message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean verify(PeerIdentity signer, String domain, byte[] message, byte[] signature) {
    throw new UnsupportedOperationException();
  }
}
