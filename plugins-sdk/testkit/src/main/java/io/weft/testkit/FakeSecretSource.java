package io.weft.testkit;

import io.weft.secret.Secret;
import io.weft.secret.SecretSource;
import io.weft.secret.SecretUnavailable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Secrets in a map. Thread-safe. */
public final class FakeSecretSource implements SecretSource {

  private final String scheme;
  private final Map<String, byte[]> values = new ConcurrentHashMap<>();

  public FakeSecretSource(String scheme) {
    this.scheme = scheme;
  }

  public FakeSecretSource with(String name, String value) {
    return with(name, value.getBytes(StandardCharsets.UTF_8));
  }

  public FakeSecretSource with(String name, byte[] value) {
    values.put(name, value.clone());
    return this;
  }

  public void remove(String name) {
    values.remove(name);
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public Secret read(String name) throws SecretUnavailable {
    byte[] value = values.get(name);
    if (value == null) {
      throw new SecretUnavailable("secret:" + scheme + "/" + name + ": there is no such secret");
    }
    return Secret.copyOf(value);
  }

  @Override
  public List<String> names() {
    return values.keySet().stream().sorted().limit(1000).toList();
  }
}
