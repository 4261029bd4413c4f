package io.weft.support;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes values that must not be shown out of texts, without keeping the values: it remembers a keyed hash of the first characters of each,
 * which a text is searched for in one pass, and a digest of the whole to be sure. Knows a value as text, in hexadecimal and in base64. Any
 * thread.
 */
public final class Redactor {

  /** What stands in the place of a value. */
  public static final String MASK = "***";

  /** Characters; what is shorter could be any word. */
  public static final int LENGTH_MIN = 8;

  /** Values that are remembered, each in up to four forms; the one that was given first is forgotten first. */
  public static final int VALUES_MAX = 256;

  private record Form(long head, int length, ByteBuffer digest) {}

  private final byte[] salt = new byte[16];
  private final long factor;
  private final long factorOut;
  // Guards values, of which forms is made.
  private final Object lock = new Object();
  private final LinkedHashSet<List<Form>> values = new LinkedHashSet<>();
  private volatile Map<Long, List<Form>> forms = Map.of();

  public Redactor() {
    SecureRandom random = new SecureRandom();
    random.nextBytes(salt);
    factor = random.nextLong() | 1;
    long power = 1;
    for (int i = 1; i < LENGTH_MIN; i++) {
      power *= factor;
    }
    factorOut = power;
  }

  /** From now on {@code value} is masked, if it has at least {@link #LENGTH_MIN} characters. The caller wipes its bytes. */
  public void hide(byte[] value) {
    List<Form> found = new ArrayList<>();
    for (String text : texts(value)) {
      if (text.length() >= LENGTH_MIN) {
        found.add(new Form(head(text), text.length(), digest(text)));
      }
    }
    synchronized (lock) {
      if (found.isEmpty() || !values.add(found)) {
        return;
      }
      if (values.size() > VALUES_MAX) {
        values.remove(values.iterator().next());
      }
      Map<Long, List<Form>> next = new HashMap<>();
      values.forEach(all -> all.forEach(form -> next.computeIfAbsent(form.head, h -> new ArrayList<>()).add(form)));
      next.values().forEach(same -> same.sort(Comparator.comparingInt(Form::length).reversed()));
      forms = next;
    }
  }

  /** {@code text} with {@link #MASK} for each value in it. */
  public String mask(String text) {
    Map<Long, List<Form>> known = forms;
    if (known.isEmpty() || text.length() < LENGTH_MIN) {
      return text;
    }
    StringBuilder out = null;
    int copied = 0;
    long hash = head(text);
    for (int at = 0; ; ) {
      int length = lengthOfValue(known.get(hash), text, at);
      int next = at + Math.max(1, length);
      if (length > 0) {
        out = out == null ? new StringBuilder(text.length()) : out;
        out.append(text, copied, at).append(MASK);
        copied = next;
      }
      if (next + LENGTH_MIN > text.length()) {
        return out == null ? text : out.append(text, copied, text.length()).toString();
      }
      for (; at < next; at++) {
        hash = (hash - text.charAt(at) * factorOut) * factor + text.charAt(at + LENGTH_MIN);
      }
    }
  }

  private int lengthOfValue(List<Form> candidates, String text, int at) {
    if (candidates != null) {
      for (Form form : candidates) {
        if (at + form.length <= text.length() && digest(text.substring(at, at + form.length)).equals(form.digest)) {
          return form.length;
        }
      }
    }
    return 0;
  }

  private static Set<String> texts(byte[] value) {
    Set<String> texts = new LinkedHashSet<>();
    try {
      String plain = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
      texts.add(plain.strip());
    } catch (CharacterCodingException e) {
      texts.clear(); // no text, so nobody can show it as one
    }
    texts.add(HexFormat.of().formatHex(value));
    texts.add(Base64.getEncoder().withoutPadding().encodeToString(value));
    texts.add(Base64.getUrlEncoder().withoutPadding().encodeToString(value));
    return texts;
  }

  private long head(String text) {
    long hash = 0;
    for (int i = 0; i < LENGTH_MIN; i++) {
      hash = hash * factor + text.charAt(i);
    }
    return hash;
  }

  private ByteBuffer digest(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(salt);
      return ByteBuffer.wrap(sha.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return "Redactor";
  }
}
