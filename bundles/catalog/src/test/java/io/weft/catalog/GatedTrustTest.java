package io.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.plugin.PluginKey;
import io.weft.plugin.PluginProblem;
import io.weft.plugin.PluginStanding;
import io.weft.support.plugin.SigningKey;
import io.weft.testkit.FakeConfig;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What weft.yaml says reaches the gate, and what the gate says reaches whoever asks. */
class GatedTrustTest {

  private final SigningKey key = SigningKey.generate(new SecureRandom());
  private final List<Map<String, Object>> told = new ArrayList<>();
  private final Map<String, Object> keys = new HashMap<>(Map.of("keys", List.of(Map.of("name", "acme", "id", key.publicKey().id(), "public",
      key.publicKey().text(), "plugins", List.of("com.acme."), "catalogs", List.of("acme"), "revoked", false)), "problems", List.of(),
      "usable", true, "unsigned", false));

  private Map<String, Object> gate(Map<String, Object> question) {
    told.add(question);
    return switch ((String) question.get("do")) {
      case "keys" -> keys;
      case "installed" -> Map.of();
      case "check" -> Map.of("standing", "REFUSED", "problem", "ALTERED", "signer", "", "keyId", "ab", "name", "com.acme.x", "version", "1.0.0",
          "sha256", "cd", "reason", "it was changed");
      default -> Map.of();
    };
  }

  private GatedTrust trust(Map<String, Object> config) {
    return new GatedTrust(Path.of("/home"), FakeConfig.of(PluginsConfig.class, config), new Gate(this::gate));
  }

  @Test
  void theGateIsToldWhomToTrustAtOnceAndAgainWhenThatChanges() {
    GatedTrust trust = trust(Map.of());
    trust.modified(FakeConfig.of(PluginsConfig.class, Map.of("unsigned", "allow", "trust", new String[] {"/etc/keys", "../keys"})));
    assertThat(told).containsExactly(
        Map.of("do", "policy", "trust", List.of("/home/conf/keys"), "unsigned", false),
        Map.of("do", "policy", "trust", List.of("/etc/keys", "/keys"), "unsigned", true));
  }

  @Test
  void answersAreTyped() {
    GatedTrust trust = trust(Map.of());
    assertThat(trust.check(Path.of("/x.jar"))).satisfies(verdict -> {
      assertThat(verdict.standing()).isEqualTo(PluginStanding.REFUSED);
      assertThat(verdict.problem()).isEqualTo(PluginProblem.ALTERED);
      assertThat(verdict.reason()).isEqualTo("it was changed");
    });
    assertThat(trust.installed(99).problem()).isEqualTo(PluginProblem.UNREADABLE);
    assertThat(trust.keys()).containsExactly(new PluginKey("acme", key.publicKey().id(), List.of("com.acme."), List.of("acme"), false));
    assertThat(trust.unsignedAllowed()).isFalse();
  }

  @Test
  void theSwitchForDevelopmentIsSeenInRed() {
    GatedTrust trust = trust(Map.of());
    assertThat(trust.check()).extracting(HealthResult::status).containsExactly(HealthStatus.ok);
    keys.put("unsigned", true);
    assertThat(trust.check()).extracting(HealthResult::status).containsExactly(HealthStatus.critical);
    keys.put("problems", List.of("conf/keys/a.pub: no key"));
    assertThat(trust.check()).extracting(HealthResult::status).containsExactly(HealthStatus.critical, HealthStatus.warn);
    keys.put("usable", false);
    assertThat(trust.check()).extracting(HealthResult::status).containsExactly(HealthStatus.critical, HealthStatus.critical);
  }

  @Test
  void withoutAGateNothingIsKnownToBeTrusted() {
    GatedTrust trust = new GatedTrust(Path.of("/home"), FakeConfig.of(PluginsConfig.class, Map.of()), new Gate(null));
    assertThat(trust.check(Path.of("/x.jar")).mayRun()).isFalse();
    assertThat(trust.keys()).isEmpty();
    assertThat(trust.check()).extracting(HealthResult::status).containsExactly(HealthStatus.critical);
  }
}
