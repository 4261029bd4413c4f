package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Text;
import io.weft.support.wiring.Origin;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.FrameworkWiring;

/** Finding bundles, and what depends on them. */
final class Bundles {

  private Bundles() {}

  /** @throws CommandFailure if there is none, or more than one */
  static Bundle find(Invocation in, String idOrName) {
    List<Bundle> found = in.services().bundles().stream()
        .filter(b -> idOrName.equals(String.valueOf(b.getBundleId())) || idOrName.equals(b.getSymbolicName())).toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    if (found.isEmpty()) {
      String near = in.services().bundles().stream().map(BundleWords::name)
          .filter(n -> n.toLowerCase(Locale.ROOT).contains(idOrName.toLowerCase(Locale.ROOT))).limit(3)
          .collect(Collectors.joining(", "));
      throw new CommandFailure(CommandFailure.PRECONDITION,
          "no bundle '" + Text.clean(idOrName) + "'; " + (near.isEmpty() ? "'weft bundle list' lists all" : "there is " + near));
    }
    throw new CommandFailure(CommandFailure.PRECONDITION,
        "'" + Text.clean(idOrName) + "' is installed more than once; use an id: "
            + found.stream().map(b -> b.getBundleId() + " (" + b.getVersion() + ")").collect(Collectors.joining(", ")));
  }

  /** Part of the node as it was delivered, rather than added by an operator: changing it may take the node down. */
  static boolean isProtected(Bundle bundle) {
    String name = BundleWords.name(bundle);
    return Origin.of(bundle) == Origin.node || name.startsWith("io.weft.")
        || name.startsWith("org.apache.felix.");
  }

  static FrameworkWiring wiring(Invocation in) {
    return in.services().bundles().stream().filter(b -> b.getBundleId() == 0).findFirst().map(b -> b.adapt(FrameworkWiring.class))
        .orElseThrow(() -> new IllegalStateException("a framework has a bundle 0"));
  }

  /** Names of the bundles that restart if this one is wired anew, without itself. */
  static TreeSet<String> dependents(Invocation in, Bundle bundle) {
    return wiring(in).getDependencyClosure(List.of(bundle)).stream()
        .filter(b -> !b.equals(bundle) && b.getState() != Bundle.INSTALLED)
        .map(BundleWords::name).collect(Collectors.toCollection(TreeSet::new));
  }
}
