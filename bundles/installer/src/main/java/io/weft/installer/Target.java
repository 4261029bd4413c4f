package io.weft.installer;

import io.weft.plugin.PluginPlan.Kind;
import io.weft.plugin.PluginPlan.Move;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;

/**
 * One bundle that a change moves, with all that is known of both ends of the way.
 *
 * @param bundle as it is in the framework, unless it comes
 * @param facts of its content after the change, unless it goes
 * @param entry in the record after the change, unless it goes; its {@code jar} is empty if the content is not in the record's folder yet
 */
record Target(Kind kind, Optional<Bundle> bundle, Optional<JarFacts> facts, Optional<RecordedBundle> entry, String location) {

  static List<Bundle> outgoing(List<Target> targets) {
    return targets.stream().flatMap(target -> target.bundle().stream()).toList();
  }

  static List<JarFacts> incoming(List<Target> targets) {
    return targets.stream().flatMap(target -> target.facts().stream()).toList();
  }

  String name() {
    return facts.map(JarFacts::name).or(() -> bundle.map(Bundle::getSymbolicName)).orElse(location);
  }

  Move move() {
    return new Move(kind, name(), bundle.map(b -> b.getVersion().toString()).orElse(""), facts.map(JarFacts::version).orElse(""),
        location, facts.map(JarFacts::jar), facts.map(JarFacts::sha256).orElse(""), facts.map(JarFacts::trust).orElse(""),
        facts.map(f -> f.from().words()).orElse(""));
  }

  String words() {
    return switch (kind) {
      case add -> name() + " " + facts.map(JarFacts::version).orElse("");
      case replace -> name() + " " + bundle.map(b -> b.getVersion().toString()).orElse("") + " to "
          + facts.map(JarFacts::version).orElse("");
      case remove -> name() + " " + bundle.map(b -> b.getVersion().toString()).orElse("");
    };
  }
}
