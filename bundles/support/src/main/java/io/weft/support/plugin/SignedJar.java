package io.weft.support.plugin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A jar with its signature in the comment at its end, where every reader of zip files skips it. What is signed is the jar as it was before:
 * its size and the SHA-256 of all its bytes. The comment has one form and one length only, so no byte of the file can change unnoticed.
 *
 * @param keyId of the key that made it
 */
public record SignedJar(String keyId, byte[] signature) {

  private static final String DOMAIN = "weft/plugin/1";
  private static final Pattern COMMENT = Pattern.compile("weft-signature/1 ([0-9a-f]{16}) ([A-Za-z0-9_-]{86})\n");
  private static final int COMMENT_SIZE = 17 + 16 + 1 + 86 + 1;

  /** The signature of the jar, if it has one in exactly the right form. */
  public static Optional<SignedJar> of(byte[] jar) {
    int start = jar.length - COMMENT_SIZE;
    if (start < ZipEntries.END_SIZE || (jar[start - 2] & 0xff) != COMMENT_SIZE || jar[start - 1] != 0) {
      return Optional.empty();
    }
    Matcher comment = COMMENT.matcher(new String(jar, start, COMMENT_SIZE, StandardCharsets.ISO_8859_1));
    if (!comment.matches()) {
      return Optional.empty();
    }
    byte[] signature = Base64.getUrlDecoder().decode(comment.group(2));
    boolean canonical = Base64.getUrlEncoder().withoutPadding().encodeToString(signature).equals(comment.group(2));
    return canonical ? Optional.of(new SignedJar(comment.group(1), signature)) : Optional.empty();
  }

  /** How long the jar was before it was signed; its whole length if it was not. */
  static int plainLength(byte[] jar) {
    return of(jar).isEmpty() ? jar.length : jar.length - COMMENT_SIZE;
  }

  /**
   * Signs the jar anew; an earlier signature goes.
   *
   * @throws MalformedArchive if no node would take it anyway
   */
  public static byte[] sign(byte[] jar, SigningKey key) throws MalformedArchive {
    PluginArchive.read(jar);
    int length = plainLength(jar);
    String comment = "weft-signature/1 " + key.publicKey().id() + " "
        + Base64.getUrlEncoder().withoutPadding().encodeToString(key.sign(DOMAIN, statement(jar))) + "\n";
    byte[] signed = Arrays.copyOf(jar, length + COMMENT_SIZE);
    signed[length - 2] = (byte) COMMENT_SIZE;
    System.arraycopy(comment.getBytes(StandardCharsets.US_ASCII), 0, signed, length, COMMENT_SIZE);
    return signed;
  }

  /**
   * Whether this signature was made by the key.
   *
   * @param statement of the jar it was found in
   */
  public boolean isGood(byte[] statement, PublicKeyId key) {
    return key.id().equals(keyId) && key.verify(DOMAIN, statement, signature);
  }

  /** What is signed: size and SHA-256 of the jar without its comment, the length of the comment being 0. */
  public static byte[] statement(byte[] jar) {
    int length = plainLength(jar);
    MessageDigest digest = Sha256.digest();
    digest.update(jar, 0, length - 2);
    digest.update(new byte[2]);
    return ByteBuffer.allocate(8 + 32).putLong(length).put(digest.digest()).array();
  }
}
