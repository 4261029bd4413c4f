package io.weft.node.core.secret;

import io.weft.secret.Secret;
import io.weft.secret.SecretSource;
import io.weft.secret.SecretUnavailable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Secrets in a map. */
public final class TestSource implements SecretSource {

  private final String scheme;
  private final Map<String, byte[]> values = new ConcurrentHashMap<>();

  public TestSource(String scheme) {
    this.scheme = scheme;
  }

  public void put(String name, byte[] value) {
    values.put(name, value);
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
    return List.copyOf(values.keySet());
  }
}
