package io.weft.secret.basic;

import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretSource;
import io.weft.secret.SecretUnavailable;
import io.weft.secret.Secrets;
import io.weft.support.Hkdf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Secrets that every member of the fabric can compute and nobody has to hand out: HKDF of the formation secret with the name. */
@Component(name = "weft.secret.basic.formation")
@Designate(ocd = FormationSecretsConfig.class)
public final class FormationSecrets implements SecretSource {

  private static final String SCHEME = "formation";
  private static final String INFO = "weft/secret/v1/";
  private static final int FORMATION_MIN = 16;
  private static final int KEY = 32;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");

  /** Resolves the reference to the formation secret. */
  @FunctionalInterface
  interface Resolver {
    Secret resolve(SecretReference reference) throws SecretUnavailable;
  }

  private final String formation;
  private final Resolver secrets;

  /** Asks for {@link Secrets} only when it is needed: that service binds this one, and neither could start if both insisted. */
  @Activate
  public FormationSecrets(FormationSecretsConfig config, @Reference ComponentServiceObjects<Secrets> secrets) {
    this(config.formation(), reference -> resolve(secrets, reference));
  }

  FormationSecrets(String formation, Resolver secrets) {
    this.formation = formation;
    this.secrets = secrets;
  }

  private static Secret resolve(ComponentServiceObjects<Secrets> objects, SecretReference reference) throws SecretUnavailable {
    Secrets service = objects.getService();
    if (service == null) {
      throw new SecretUnavailable(reference + ": nobody resolves secrets at the moment; try again");
    }
    try {
      return service.resolve(reference);
    } finally {
      objects.ungetService(service);
    }
  }

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public Secret read(String name) throws SecretUnavailable {
    SecretNames.check(SCHEME, name);
    if (!NAME.matcher(name).matches()) {
      throw SecretNames.unavailable(SCHEME, name, "is not a name: use letters, digits, '.', '_', '-', in parts separated by '/'");
    }
    byte[] secret = formation(name);
    byte[] extracted = Hkdf.extract(secret);
    byte[] key = Hkdf.expand(extracted, (INFO + name).getBytes(StandardCharsets.US_ASCII), KEY);
    byte[] hex = HexFormat.of().formatHex(key).getBytes(StandardCharsets.US_ASCII);
    try {
      return Secret.copyOf(hex);
    } finally {
      for (byte[] wiped : List.of(secret, extracted, key, hex)) {
        Arrays.fill(wiped, (byte) 0);
      }
    }
  }

  private byte[] formation(String name) throws SecretUnavailable {
    SecretReference reference;
    try {
      reference = SecretReference.parse(formation);
    } catch (IllegalArgumentException e) {
      throw SecretNames.unavailable(SCHEME, name,
          "the formation secret is not given as a reference such as secret:file/formation");
    }
    if (reference.scheme().equals(SCHEME)) {
      throw SecretNames.unavailable(SCHEME, name, "the formation secret cannot follow from itself; refer to a file");
    }
    try (Secret secret = secrets.resolve(reference)) {
      byte[] bytes = secret.copy();
      if (bytes.length < FORMATION_MIN) {
        throw SecretNames.unavailable(
            SCHEME, name, "the formation secret has " + bytes.length + " bytes; write one of at least " + FORMATION_MIN
                + ", the same on all nodes");
      }
      return bytes;
    } catch (SecretUnavailable e) {
      if (e.getMessage().startsWith("secret:" + SCHEME + "/")) {
        throw e;
      }
      throw new SecretUnavailable("secret:" + SCHEME + "/" + name + ": " + e.getMessage(), e);
    }
  }

  /** Every name has a secret, so there is nothing to list. */
  @Override
  public List<String> names() {
    return List.of();
  }
}
