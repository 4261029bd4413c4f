package io.weft.support.plugin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of a line that says what it is, a line {@code signature KEY-ID SIGNATURE} per key, an empty line, and a text that was signed, byte for
 * byte. One file, so that no two parts of it can be of different age.
 */
final class SignedText {

  /**
   * A sort of such files.
   *
   * @param head its first line
   * @param domain of its signatures
   * @param what for people: {@code no index of a catalogue}
   */
  record Sort(String head, String domain, String what, int bytesMax) {}

  private static final int SIGNATURES_MAX = 16;
  private static final int LINE_MAX = 160;
  private static final Pattern SIGNATURE = Pattern.compile("signature ([0-9a-f]{16}) ([A-Za-z0-9_-]{86})");

  private final Sort sort;
  private final Map<String, byte[]> signatures;
  private final byte[] payload;

  private SignedText(Sort sort, Map<String, byte[]> signatures, byte[] payload) {
    this.sort = sort;
    this.signatures = signatures;
    this.payload = payload;
  }

  /** @throws IllegalArgumentException if the bytes are no such file; nothing is said of who signed it */
  static SignedText parse(Sort sort, byte[] bytes) {
    if (bytes.length > sort.bytesMax()) {
      throw new IllegalArgumentException("it has more than " + sort.bytesMax() + " bytes");
    }
    Map<String, byte[]> signatures = new LinkedHashMap<>();
    int at = 0;
    for (boolean first = true;; first = false) {
      int end = at;
      while (end < bytes.length && bytes[end] != '\n' && end - at <= LINE_MAX) {
        end++;
      }
      if (end == bytes.length || bytes[end] != '\n') {
        throw new IllegalArgumentException("it is " + sort.what());
      }
      String line = new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
      at = end + 1;
      if (first && !sort.head().equals(line)) {
        throw new IllegalArgumentException("it is " + sort.what() + ", or of a newer kind");
      }
      if (line.isEmpty()) {
        return new SignedText(sort, signatures, Arrays.copyOfRange(bytes, at, bytes.length));
      }
      if (!first) {
        add(signatures, line);
      }
    }
  }

  private static void add(Map<String, byte[]> signatures, String line) {
    Matcher signature = SIGNATURE.matcher(line);
    if (!signature.matches() || signatures.size() == SIGNATURES_MAX
        || signatures.put(signature.group(1), Base64.getUrlDecoder().decode(signature.group(2))) != null) {
      throw new IllegalArgumentException("its signatures are not as they must be");
    }
  }

  /** Of a text that nobody signed yet. */
  static SignedText of(Sort sort, String text) {
    return new SignedText(sort, Map.of(), text.getBytes(StandardCharsets.UTF_8));
  }

  /** With the signature of that key, too. */
  SignedText plus(SigningKey key) {
    Map<String, byte[]> more = new LinkedHashMap<>(signatures);
    more.put(key.publicKey().id(), key.sign(sort.domain(), payload));
    if (more.size() > SIGNATURES_MAX) {
      throw new IllegalArgumentException("it has more than " + SIGNATURES_MAX + " signatures");
    }
    return new SignedText(sort, more, payload);
  }

  String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  /** SHA-256 of what was signed. */
  String sha256() {
    return Sha256.hex(payload);
  }

  /** Those of the keys that signed it, each once. */
  List<PublicKeyId> signers(Collection<PublicKeyId> keys) {
    List<PublicKeyId> good = new ArrayList<>();
    for (PublicKeyId key : keys) {
      byte[] signature = signatures.get(key.id());
      if (signature != null && !good.contains(key) && key.verify(sort.domain(), payload, signature)) {
        good.add(key);
      }
    }
    return good;
  }

  byte[] bytes() {
    StringBuilder head = new StringBuilder(sort.head()).append('\n');
    signatures.forEach((id, signature) -> head.append("signature ").append(id).append(' ')
        .append(Base64.getUrlEncoder().withoutPadding().encodeToString(signature)).append('\n'));
    byte[] front = head.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(front, front.length + payload.length);
    System.arraycopy(payload, 0, all, front.length, payload.length);
    return all;
  }
}
