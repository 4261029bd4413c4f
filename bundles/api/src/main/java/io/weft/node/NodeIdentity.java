package io.weft.node;

import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What this node proves itself with, and what it expects others to prove. Safe to use from any thread; nothing here blocks
 * after the service is registered.
 */
@ProviderType
public interface NodeIdentity {

  /** Name, id and public key of this node. */
  PeerIdentity self();

  /**
   * The Ed25519 certificate of this node: self-issued, subject {@code CN=<node name>, O=<fabric>}. Renewed before it expires,
   * so ask again for each new handshake rather than keep it.
   */
  X509Certificate certificate();

  /** Presents {@link #certificate} and its key in TLS handshakes. The private key never leaves the process. */
  X509ExtendedKeyManager keyManager();

  /**
   * The key that a member of the fabric with this name must prove, or empty if there is no such member. In formation mode
   * every well-formed name has a key (it is derived), so ask {@link io.weft.directory.PeerDirectory} whom to talk to.
   */
  Optional<PeerIdentity> expected(String name);

  /** Ed25519 signature over {@code domain || 0x00 || message}. The domain keeps one use's signature from serving another. */
  byte[] sign(String domain, byte[] message);

  /** Whether {@code signature} is {@code signer}'s over the message in that domain. Never throws for a malformed signature. */
  boolean verify(PeerIdentity signer, String domain, byte[] message, byte[] signature);
}
