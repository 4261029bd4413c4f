package io.weft.path.ice;

import io.weft.secret.SecretReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One entry of {@code relays}. */
@Component(name = "weft.path.ice.server", service = ConfiguredServer.class,
    configurationPolicy = org.osgi.service.component.annotations.ConfigurationPolicy.REQUIRE)
@Designate(ocd = ServerConfig.class, factory = true)
public final class ConfiguredServer {

  private static final Logger log = LoggerFactory.getLogger(ConfiguredServer.class);

  private final String url;
  private final String area;
  private final @Nullable ServerSpec spec;
  private final @Nullable SecretReference secret;
  private final String problem;

  @Activate
  public ConfiguredServer(ServerConfig config) {
    this.url = config.url();
    this.area = config.area();
    ServerSpec parsed = null;
    SecretReference reference = null;
    String wrong = "";
    try {
      parsed = ServerSpec.parse(url);
      reference = config.secret().isEmpty() ? null : SecretReference.parse(config.secret());
    } catch (IllegalArgumentException e) {
      wrong = e.getMessage();
      log.warn("relay not used: relays.url or its secret is {}", wrong);
    }
    this.spec = parsed;
    this.secret = reference;
    this.problem = wrong;
  }

  String url() {
    return url;
  }

  String area() {
    return area;
  }

  /** Null if the entry is wrong; then {@link #problem} says how. */
  @Nullable ServerSpec spec() {
    return spec;
  }

  @Nullable SecretReference secret() {
    return secret;
  }

  String problem() {
    return problem;
  }
}
