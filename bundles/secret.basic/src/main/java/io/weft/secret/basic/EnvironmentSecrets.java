package io.weft.secret.basic;

import io.weft.secret.Secret;
import io.weft.secret.SecretSource;
import io.weft.secret.SecretUnavailable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** {@code secret:env/NAME} is the value of the environment variable NAME. */
@Component(name = "weft.secret.basic.env")
public final class EnvironmentSecrets implements SecretSource {

  private static final String SCHEME = "env";
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final int SECRET_MAX = 64 * 1024;

  private final UnaryOperator<String> environment;

  @Activate
  public EnvironmentSecrets() {
    this(System::getenv);
  }

  EnvironmentSecrets(UnaryOperator<String> environment) {
    this.environment = environment;
  }

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public Secret read(String name) throws SecretUnavailable {
    SecretNames.check(SCHEME, name);
    if (!NAME.matcher(name).matches()) {
      throw SecretNames.unavailable(SCHEME, name, "is not a name of an environment variable; use letters, digits and '_'");
    }
    String value = environment.apply(name);
    if (value == null || value.isEmpty()) {
      throw SecretNames.unavailable(
          SCHEME, name, "the environment variable is " + (value == null ? "not set" : "empty")
              + "; set it where the node is started, and restart");
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > SECRET_MAX) {
      throw SecretNames.unavailable(SCHEME, name, "has more than " + SECRET_MAX + " bytes, which is too long for a secret");
    }
    return Secret.copyOf(bytes);
  }

  /** Which variables hold secrets cannot be told. */
  @Override
  public List<String> names() {
    return List.of();
  }
}
