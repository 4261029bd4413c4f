package io.weft.testkit;

import io.weft.channel.AccessDecision;
import io.weft.channel.AccessRules;
import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import java.util.ArrayList;
import java.util.List;

/** Default deny over a list that a test fills. */
public final class FakeAccessRules implements AccessRules {

  public final List<ExposedService> rules = new ArrayList<>();

  @Override
  public List<ExposedService> rules() {
    return List.copyOf(rules);
  }

  @Override
  public AccessDecision test(String peer, String service, ChannelKind kind) {
    boolean allowed = rules.stream().anyMatch(r -> r.name().equals(service) && r.kind() == kind && r.allows(peer));
    String rule = allowed ? "allow " + peer + " (expose " + service + ")" : "default deny";
    return new AccessDecision(peer, service, kind, allowed, rule);
  }
}
