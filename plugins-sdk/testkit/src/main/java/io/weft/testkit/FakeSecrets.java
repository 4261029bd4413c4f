package io.weft.testkit;

import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretUnavailable;
import io.weft.secret.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Secrets that a test puts in. */
public final class FakeSecrets implements Secrets {

  private final Map<SecretReference, byte[]> values = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));

  public void put(String reference, String value) {
    values.put(SecretReference.parse(reference), value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Secret resolve(SecretReference reference) throws SecretUnavailable {
    byte[] value = values.get(reference);
    if (value == null) {
      throw new SecretUnavailable("no secret " + reference);
    }
    return Secret.copyOf(value);
  }

  @Override
  public String masked(String text) {
    String masked = text;
    for (byte[] value : values.values()) {
      masked = masked.replace(new String(value, StandardCharsets.UTF_8), "***");
    }
    return masked;
  }

  @Override
  public Map<String, List<String>> names() {
    Map<String, List<String>> names = new TreeMap<>();
    values.keySet().forEach(r -> names.computeIfAbsent(r.scheme(), s -> new ArrayList<>()).add(r.name()));
    return names;
  }
}
