package io.weft.node.core.config;

import io.weft.support.HostPort;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What no type can say of brokers, those that are asked and the one that is run here. */
final class SignalingRules {

  private static final String SERVER_PID = "weft.signaling.server";
  private static final int BROKERS_MAX = 8;

  private final List<Problem> problems;

  private SignalingRules(List<Problem> problems) {
    this.problems = problems;
  }

  static void check(List<Instance> instances, List<Problem> problems) {
    SignalingRules rules = new SignalingRules(problems);
    instances.stream().filter(i -> i.pid().equals(ConfigSchema.SIGNALING_PID)).forEach(rules::brokers);
    instances.stream().filter(i -> i.pid().equals(SERVER_PID) && i.written()).forEach(rules::server);
  }

  private void brokers(Instance signaling) {
    signaling.value("brokers").filter(ConfigValue::written).ifPresent(value -> {
      Set<String> once = new HashSet<>();
      for (String url : signaling.list("brokers")) {
        Optional<String> wrong = wrongUrl(url);
        if (wrong.isPresent()) {
          problem(value, "'" + Text.shown(url) + "' is not a broker: " + wrong.get());
        } else if (!once.add(url.toLowerCase(Locale.ROOT))) {
          problem(value, "'" + Text.shown(url) + "' is listed twice; keep one");
        }
      }
      if (once.size() > BROKERS_MAX) {
        problem(value, "has " + once.size() + " brokers; there are at most " + BROKERS_MAX);
      }
    });
  }

  private static Optional<String> wrongUrl(String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    int scheme = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : 0;
    if (scheme == 0) {
      return Optional.of("write http://HOST:PORT or https://HOST:PORT");
    }
    String rest = lower.substring(scheme);
    if (rest.endsWith("/")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    boolean withPort = rest.startsWith("[") ? !rest.endsWith("]") : rest.indexOf(':') >= 0;
    try {
      HostPort.parse(withPort ? rest : rest + ":80");
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage() + "; correct it");
    }
  }

  /** Where it listens is looked at together with all other addresses of this node. */
  private void server(Instance server) {
    server.value("hosts").filter(ConfigValue::written)
        .ifPresent(hosts -> server.list("hosts").forEach(host -> parse(hosts, host)));
    boolean certificate = server.text("tls.certificate").isPresent();
    boolean key = server.text("tls.key").isPresent();
    if (certificate != key) {
      problems.add(new Problem(server.line(), server.path() + (key ? ".tls.certificate" : ".tls.key"),
          "is missing; HTTPS needs both tls.certificate and tls.key"));
    }
  }

  private void parse(ConfigValue value, String text) {
    try {
      HostPort.parse(text);
    } catch (IllegalArgumentException e) {
      problem(value, e.getMessage() + "; correct it");
    }
  }

  private void problem(ConfigValue value, String text) {
    problems.add(new Problem(value.line(), value.path(), text));
  }
}
