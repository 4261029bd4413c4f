package io.weft.support.identity;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;

/** X.509 certificates of Ed25519 keys, subject and issuer {@code CN=<name>,O=<fabric>}. */
public final class Certificates {

  private static final AlgorithmIdentifier ED25519 = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);

  private Certificates() {}

  /** A certificate signed with the key it is for. */
  public static X509Certificate selfSigned(String name, String fabric, Ed25519Key key, Instant notBefore, Instant notAfter) {
    return signed(name, fabric, key, key, notBefore, notAfter);
  }

  /** A certificate for {@code key}, signed with {@code signer}. */
  public static X509Certificate signed(
      String name, String fabric, Ed25519Key key, Ed25519Key signer, Instant notBefore, Instant notAfter) {
    X500Name subject = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).addRDN(BCStyle.O, fabric).build();
    var builder =
        new X509v3CertificateBuilder(
            subject,
            new BigInteger(63, new SecureRandom()).add(BigInteger.ONE),
            Date.from(notBefore),
            Date.from(notAfter),
            subject,
            new SubjectPublicKeyInfo(ED25519, key.publicKey()));
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      byte[] encoded = builder.build(new Signer(signer)).getEncoded();
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    } catch (IOException | CertificateException e) {
      throw new IllegalStateException("a certificate of our own making is well-formed", e);
    }
  }

  private static final class Signer implements ContentSigner {

    private final Ed25519Key key;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream(512);

    Signer(Ed25519Key key) {
      this.key = key;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return ED25519;
    }

    @Override
    public OutputStream getOutputStream() {
      return content;
    }

    @Override
    public byte[] getSignature() {
      return key.sign(content.toByteArray());
    }
  }
}
