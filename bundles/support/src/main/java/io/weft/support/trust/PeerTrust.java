package io.weft.support.trust;

import io.weft.node.Clock;
import io.weft.node.Names;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides in one handshake whether the peer is who it has to be: one certificate, self-signed with Ed25519 by its own key, valid
 * now, for the right name and fabric, and with the one key that is expected of that very peer. There is no other way in. One object
 * per handshake, on one thread.
 */
public final class PeerTrust {

  private static final Logger log = LoggerFactory.getLogger(PeerTrust.class);
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final int CERTIFICATE_MAX = 4_096;
  // An order of the two parts is all that writers of certificates are free to choose.
  private static final Pattern SUBJECT =
      Pattern.compile("CN=([a-z0-9-]{1,63}),O=([a-z0-9-]{1,63})|O=([a-z0-9-]{1,63}),CN=([a-z0-9-]{1,63})");

  private final String fabric;
  private final Clock clock;
  private final @Nullable String name;
  private final Function<String, Optional<PeerIdentity>> expected;
  private @Nullable PeerIdentity peer;
  private @Nullable Reason refusal;

  private PeerTrust(String fabric, Clock clock, @Nullable String name, Function<String, Optional<PeerIdentity>> expected) {
    this.fabric = fabric;
    this.clock = clock;
    this.name = name;
    this.expected = expected;
  }

  /** For a link to one peer. */
  public static PeerTrust in(PeerIdentity peer, String fabric, Clock clock) {
    return new PeerTrust(fabric, clock, peer.name(), named -> Optional.of(peer));
  }

  /** For a link from whoever proves to be somebody that {@code expected} knows. */
  public static PeerTrust inAny(Function<String, Optional<PeerIdentity>> expected, String fabric, Clock clock) {
    return new PeerTrust(fabric, clock, null, expected);
  }

  /** Whose certificate it was; null until one was found good. TLS proves afterwards that the peer has the key. */
  public @Nullable PeerIdentity peer() {
    return peer;
  }

  /** Why it was refused, or null. */
  public @Nullable Reason refusal() {
    return refusal;
  }

  /** @throws CertificateException with what the peer may know; {@link #refusal} says more */
  public void check(X509Certificate[] chain) throws CertificateException {
    try {
      peer = checked(chain);
    } catch (Refused e) {
      refusal = e.reason;
      throw e.alert();
    } catch (RuntimeException e) {
      // Some codecs parse certificates late and say so with whatever their parser throws.
      refusal = Reason.of("certificate_invalid", "it cannot be read");
      throw new CertificateException("certificate_invalid", e);
    }
  }

  private PeerIdentity checked(X509Certificate[] chain) throws Refused {
    if (chain == null || chain.length == 0) {
      throw new Refused("no_certificate", "the peer showed none");
    }
    if (chain.length != 1) {
      throw new Refused("certificate_invalid", "one certificate is wanted, not " + chain.length);
    }
    X509Certificate certificate = chain[0];
    byte[] key = selfSignedKey(certificate);
    Matcher subject = SUBJECT.matcher(certificate.getSubjectX500Principal().getName(X500Principal.RFC2253));
    if (!subject.matches()) {
      throw new Refused("certificate_invalid", "its subject is not of the form CN=name,O=fabric");
    }
    String shown = subject.group(1) != null ? subject.group(1) : subject.group(4);
    String shownFabric = subject.group(1) != null ? subject.group(2) : subject.group(3);
    if (!shownFabric.equals(fabric)) {
      throw new Refused("wrong_fabric", "the peer is of fabric " + shownFabric + ", this node of " + fabric);
    }
    if (!Names.isValid(shown) || name != null && !shown.equals(name)) {
      throw new Refused("wrong_name", "the peer says it is " + shown + (name == null ? "" : ", not " + name));
    }
    PeerIdentity wanted = wanted(shown).orElseThrow(() -> new Refused("unknown_peer", "no peer " + shown + " is expected here"));
    if (!MessageDigest.isEqual(key, wanted.publicKey())) {
      throw new Refused("wrong_key", "the key of " + shown + " is not the one that is expected of it");
    }
    inTime(certificate, shown);
    return wanted;
  }

  private Optional<PeerIdentity> wanted(String shown) throws Refused {
    try {
      return expected.apply(shown);
    } catch (RuntimeException e) {
      log.error("cannot tell whether a peer is expected name={}", shown, e);
      throw new Refused("internal", "this node cannot tell whether " + shown + " is expected");
    }
  }

  private static byte[] selfSignedKey(X509Certificate certificate) throws Refused {
    try {
      if (certificate.getEncoded().length > CERTIFICATE_MAX) {
        throw new Refused("certificate_invalid", "it is longer than " + CERTIFICATE_MAX + " bytes");
      }
      byte[] encoded = certificate.getPublicKey().getEncoded();
      if (encoded == null || encoded.length != ED25519_PREFIX.length + 32
          || !Arrays.equals(encoded, 0, ED25519_PREFIX.length, ED25519_PREFIX, 0, ED25519_PREFIX.length)) {
        throw new Refused("certificate_invalid", "its key is not an Ed25519 key");
      }
      if (!certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())) {
        throw new Refused("certificate_invalid", "it is not self-issued");
      }
      certificate.verify(certificate.getPublicKey());
      return Arrays.copyOfRange(encoded, ED25519_PREFIX.length, encoded.length);
    } catch (GeneralSecurityException e) {
      throw new Refused("certificate_invalid", "it is not signed by its own key");
    }
  }

  private void inTime(X509Certificate certificate, String shown) throws Refused {
    try {
      certificate.checkValidity(Date.from(clock.now()));
    } catch (CertificateExpiredException e) {
      throw new Refused("certificate_expired", "that of " + shown + " was valid until " + certificate.getNotAfter().toInstant());
    } catch (CertificateNotYetValidException e) {
      throw new Refused(
          "certificate_expired",
          "that of " + shown + " is valid only from " + certificate.getNotBefore().toInstant() + "; compare the clocks");
    }
  }

  private static final class Refused extends Exception {

    private static final long serialVersionUID = 1L;
    private final transient Reason reason;

    Refused(String code, String detail) {
      super(code, null, false, false);
      reason = Reason.of(code, detail);
    }

    /** The peer learns only what it needs to mend its own side. */
    CertificateException alert() {
      boolean expired = reason.code().equals("certificate_expired");
      return expired ? new CertificateExpiredException() : new CertificateException(reason.code());
    }
  }
}
