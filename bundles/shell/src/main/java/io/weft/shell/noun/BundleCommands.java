package io.weft.shell.noun;

import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/**
 * {@code bundle:list}, {@code bundle:show} and {@code bundle:services}: looking at bundles. Changing them is {@link
 * BundleChanges}.
 */
public final class BundleCommands {

  private BundleCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, BundleCommands::list, Spec.of("bundle", "list",
                "List bundles, their state and what keeps them from running")
            .optional("TEXT", "only bundles whose name contains this", Values.BUNDLES)
            .flag("--failed", "Only bundles that should run and do not.")
            .example("weft bundle list weft", "our own bundles")
            .example("weft bundle list --failed", "what is broken, and why")),
        new Command(services, BundleCommands::show, Spec.of("bundle", "show", "Show one bundle in full")
            .argument("BUNDLE", "id or symbolic name", Values.BUNDLES)
            .example("weft bundle show io.weft.mesh", "state, wires and services of the mesh")),
        new Command(services, BundleCommands::services, Spec.of("bundle", "services", "List OSGi services")
            .describe("Not to be confused with 'service list':",
                "these are Java objects that bundles of this node offer each other.")
            .optional("TEXT", "only services with a type or bundle whose name contains this", Values.BUNDLES)
            .example("weft bundle services DiscoverySource", "which discovery sources run?")));
  }

  /** {@code {"bundles": [{"id", "name", "version", "state", "failed", "reason", "start_level", "location"}]}}. */
  private static void list(Invocation in) {
    String text = in.optional(0).orElse("").toLowerCase(Locale.ROOT);
    List<Bundle> bundles = in.services().bundles().stream()
        .filter(b -> BundleWords.name(b).toLowerCase(Locale.ROOT).contains(text))
        .filter(b -> !in.flag("--failed") || BundleWords.isFailed(b)).toList();
    if (in.json()) {
      in.printJson(Map.of("bundles", bundles.stream().map(b -> json(b, in.services().bundles())).toList()));
      return;
    }
    Table table = new Table().right("ID").left("BUNDLE").left("VERSION").left("STATE").right("LEVEL").left("REASON");
    for (Bundle b : bundles) {
      table.row(b.getBundleId(), Cell.bold(BundleWords.name(b)), b.getVersion(), state(b), level(b),
          BundleWords.reason(b, in.services().bundles()));
    }
    in.out().table(table, in.flag("--failed") ? "no bundle has failed" : "no such bundle");
  }

  static Map<String, Object> json(Bundle b, List<Bundle> all) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", b.getBundleId());
    map.put("name", BundleWords.name(b));
    map.put("version", b.getVersion().toString());
    map.put("state", BundleWords.state(b));
    map.put("failed", BundleWords.isFailed(b));
    map.put("reason", BundleWords.reason(b, all));
    map.put("start_level", level(b));
    map.put("location", b.getLocation());
    return map;
  }

  private static int level(Bundle b) {
    return b.getState() == Bundle.UNINSTALLED ? 0 : b.adapt(BundleStartLevel.class).getStartLevel();
  }

  static Cell state(Bundle b) {
    String state = BundleWords.state(b);
    return BundleWords.isFailed(b) ? Cell.bad(state) : b.getState() == Bundle.ACTIVE ? Cell.good(state) : Cell.dim(state);
  }

  /** {@code {"bundle": {...}, "imports": [{"package", "from"}], "exports": [...], "services": [[...]]}}. */
  private static void show(Invocation in) {
    Bundle b = Bundles.find(in, in.argument(0));
    BundleWiring wiring = b.adapt(BundleWiring.class);
    Map<String, String> imports = new java.util.TreeMap<>();
    TreeSet<String> exports = new TreeSet<>();
    if (wiring != null) {
      for (BundleWire wire : wiring.getRequiredWires(PackageNamespace.PACKAGE_NAMESPACE)) {
        String name = packageName(wire.getCapability().getAttributes());
        if (!name.startsWith("java.")) { // everybody's, from the JDK
          imports.put(name, BundleWords.name(wire.getProvider().getBundle()));
        }
      }
      wiring.getCapabilities(PackageNamespace.PACKAGE_NAMESPACE).forEach(c -> exports.add(packageName(c.getAttributes())));
    }
    List<List<String>> services = b.getRegisteredServices() == null ? List.of()
        : Arrays.stream(b.getRegisteredServices()).map(BundleCommands::types).toList();
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("bundle", json(b, in.services().bundles()));
      json.put("imports", imports.entrySet().stream().map(e -> Views.pair("package", e.getKey(), "from", e.getValue())).toList());
      json.put("exports", exports);
      json.put("services", services);
      in.printJson(json);
      return;
    }
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("bundle", Cell.bold(BundleWords.name(b)));
    rows.put("id", b.getBundleId());
    rows.put("name", String.valueOf(b.getHeaders("").get(Constants.BUNDLE_NAME)));
    rows.put("version", b.getVersion());
    rows.put("state", state(b));
    String reason = BundleWords.reason(b, in.services().bundles());
    if (!reason.isEmpty()) {
      rows.put("reason", Cell.bad(reason));
    }
    rows.put("start level", level(b));
    rows.put("location", b.getLocation());
    rows.put("installed", Text.time(java.time.Instant.ofEpochMilli(b.getLastModified())));
    rows.put("exports", exports.isEmpty() ? "-" : String.join(", ", exports));
    in.out().pairs(rows);
    Table wires = new Table().left("PACKAGE").left("FROM");
    imports.forEach((p, from) -> wires.row(p, from));
    in.out().section("IMPORTS", wires, "none");
    Table offered = new Table().left("TYPES");
    services.forEach(types -> offered.row(String.join(", ", types)));
    in.out().section("SERVICES", offered, "none");
  }

  private static String packageName(Map<String, Object> attributes) {
    return String.valueOf(attributes.get(PackageNamespace.PACKAGE_NAMESPACE));
  }

  private static List<String> types(ServiceReference<?> reference) {
    return List.of((String[]) reference.getProperty(Constants.OBJECTCLASS));
  }

  /** {@code {"services": [{"id", "types", "bundle", "ranking", "used_by"}]}}. */
  private static void services(Invocation in) {
    String text = in.optional(0).orElse("").toLowerCase(Locale.ROOT);
    List<ServiceReference<?>> references = in.services().bundles().stream()
        .filter(b -> b.getRegisteredServices() != null).flatMap(b -> Arrays.stream(b.getRegisteredServices()))
        .<ServiceReference<?>>map(r -> r)
        .filter(r -> (types(r) + BundleWords.name(r.getBundle())).toLowerCase(Locale.ROOT).contains(text)).toList();
    if (in.json()) {
      in.printJson(Map.of("services", references.stream().map(BundleCommands::service).toList()));
      return;
    }
    Table table = new Table().right("ID").left("TYPES").left("BUNDLE").right("RANKING").left("USED BY");
    for (ServiceReference<?> r : references) {
      table.row(id(r), Cell.bold(String.join(", ", types(r))), BundleWords.name(r.getBundle()), ranking(r),
          String.join(", ", users(r)));
    }
    in.out().table(table, "no such service");
  }

  private static Map<String, Object> service(ServiceReference<?> r) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", id(r));
    map.put("types", types(r));
    map.put("bundle", BundleWords.name(r.getBundle()));
    map.put("ranking", ranking(r));
    map.put("used_by", users(r));
    return map;
  }

  private static Object id(ServiceReference<?> r) {
    return r.getProperty(Constants.SERVICE_ID);
  }

  private static int ranking(ServiceReference<?> r) {
    return r.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
  }

  private static List<String> users(ServiceReference<?> r) {
    return r.getUsingBundles() == null ? List.of() : Arrays.stream(r.getUsingBundles()).map(BundleWords::name).sorted().toList();
  }
}
