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
 * The file {@code index} of a catalogue: a line {@code weft-catalog/1}, a line {@code signature KEY-ID SIGNATURE} per key, an empty line, and
 * the JSON that was signed, byte for byte. One file, so that no two parts of it can be of different age.
 */
public final class SignedIndex {

  /** Its name in a catalogue. */
  public static final String FILE = "index";

  private static final String HEAD = "weft-catalog/1\n";
  private static final String DOMAIN = "weft/catalog/1";
  private static final int SIGNATURES_MAX = 16;
  private static final int LINE_MAX = 160;
  private static final Pattern SIGNATURE = Pattern.compile("signature ([0-9a-f]{16}) ([A-Za-z0-9_-]{86})");

  private final Map<String, byte[]> signatures;
  private final byte[] payload;

  private SignedIndex(Map<String, byte[]> signatures, byte[] payload) {
    this.signatures = signatures;
    this.payload = payload;
  }

  /** @throws IllegalArgumentException if the bytes are no index; nothing is said of who signed it */
  public static SignedIndex parse(byte[] bytes) {
    if (bytes.length > CatalogIndex.BYTES_MAX) {
      throw new IllegalArgumentException("it has more than " + CatalogIndex.BYTES_MAX + " bytes");
    }
    Map<String, byte[]> signatures = new LinkedHashMap<>();
    int at = 0;
    for (boolean first = true;; first = false) {
      int end = at;
      while (end < bytes.length && bytes[end] != '\n' && end - at <= LINE_MAX) {
        end++;
      }
      if (end == bytes.length || bytes[end] != '\n') {
        throw new IllegalArgumentException("it is no index of a catalogue");
      }
      String line = new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
      at = end + 1;
      if (first && !HEAD.equals(line + "\n")) {
        throw new IllegalArgumentException("it is no index of a catalogue, or of a newer kind");
      }
      if (line.isEmpty()) {
        return new SignedIndex(signatures, Arrays.copyOfRange(bytes, at, bytes.length));
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

  /** @throws IllegalArgumentException if what was signed is no index */
  public CatalogIndex index() {
    return CatalogIndex.parse(new String(payload, StandardCharsets.UTF_8));
  }

  /** Those of the keys that signed it, each once. */
  public List<TrustedKey> signers(Collection<TrustedKey> keys) {
    List<TrustedKey> good = new ArrayList<>();
    for (TrustedKey key : keys) {
      byte[] signature = signatures.get(key.key().id());
      boolean counted = good.stream().anyMatch(other -> other.key().equals(key.key()));
      if (signature != null && !counted && key.key().verify(DOMAIN, payload, signature)) {
        good.add(key);
      }
    }
    return good;
  }

  /** SHA-256 of what was signed. */
  public String sha256() {
    return Sha256.hex(payload);
  }

  public static byte[] sign(CatalogIndex index, List<SigningKey> keys) {
    byte[] payload = index.json().getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder(HEAD);
    for (SigningKey key : keys) {
      head.append("signature ").append(key.publicKey().id()).append(' ')
          .append(Base64.getUrlEncoder().withoutPadding().encodeToString(key.sign(DOMAIN, payload))).append('\n');
    }
    byte[] front = head.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(front, front.length + payload.length);
    System.arraycopy(payload, 0, all, front.length, payload.length);
    return all;
  }
}
