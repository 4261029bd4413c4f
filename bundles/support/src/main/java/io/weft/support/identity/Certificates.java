package io.weft.support.identity;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.BERTags;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
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
    try {
      var builder =
          new X509v3CertificateBuilder(
              subject,
              new BigInteger(63, new SecureRandom()).add(BigInteger.ONE),
              time(notBefore),
              time(notAfter),
              subject,
              new SubjectPublicKeyInfo(ED25519, key.publicKey()));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      byte[] encoded = builder.build(new Signer(signer)).getEncoded();
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    } catch (IOException | CertificateException e) {
      throw new IllegalStateException("a certificate of our own making is well-formed", e);
    }
  }

  /**
   * As RFC 5280 4.1.2.5 has it: two digits of the year until 2049. Made from its bytes, because whoever makes it from a date loads locales and
   * calendars, which is time lost at each start.
   */
  static Time time(Instant instant) throws IOException {
    OffsetDateTime at = instant.atOffset(ZoneOffset.UTC);
    boolean utc = at.getYear() >= 1950 && at.getYear() < 2050;
    StringBuilder text = new StringBuilder(utc ? pad(at.getYear() % 100, 2) : pad(at.getYear(), 4));
    for (int part : new int[] {at.getMonthValue(), at.getDayOfMonth(), at.getHour(), at.getMinute(), at.getSecond()}) {
      text.append(pad(part, 2));
    }
    byte[] digits = text.append('Z').toString().getBytes(StandardCharsets.US_ASCII);
    byte[] der = new byte[2 + digits.length];
    der[0] = (byte) (utc ? BERTags.UTC_TIME : BERTags.GENERALIZED_TIME);
    der[1] = (byte) digits.length;
    System.arraycopy(digits, 0, der, 2, digits.length);
    return Time.getInstance(ASN1Primitive.fromByteArray(der));
  }

  private static String pad(int number, int digits) {
    String text = Integer.toString(number);
    return "0".repeat(digits - text.length()) + text;
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
