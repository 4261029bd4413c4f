package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.plugin.InstalledPlugin;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** {@code plugin:why} and {@code service:explain}: from what does not work to what there is to do about it. */
public final class WhyCommands {

  /** @param bundle that registered it */
  private record Provider(String bundle, Object ranking, List<String> users) {}

  /** Types that components provide or wait for, and that are registered. */
  private static final Values TYPES = services -> types(services);

  private WhyCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, WhyCommands::why, Spec.of("plugin", "why", "Say why a plugin or bundle does not work, down to the root")
            .describe("Follows what it waits for: packages of other bundles, services that a component refers to, configuration that is",
                "missing. The roots are what there is to do something about. Exit code 1 if something is wrong.")
            .argument("PLUGIN", "its name, or the name or id of any bundle", PluginViews.ALL)
            .example("weft plugin why acme.discovery", "the last lines are the roots")),
        new Command(services, WhyCommands::explain, Spec.of("service", "explain", "Say who provides a Java service, who uses it, who waits")
            .describe("For services inside of this node, which its parts and plugins offer each other. For a service of the fabric see",
                "'service resolve'. Exit code 1 if nobody provides it.")
            .argument("TYPE", "the Java type, such as DiscoverySource or io.weft.discovery.DiscoverySource", TYPES)
            .example("weft service explain DiscoverySource", "which sources are there, and who asks them?")));
  }

  /** {@code {"plugin", "why": [{"depth", "subject", "reason", "root"}]}}. */
  private static void why(Invocation in) {
    Optional<InstalledPlugin> refused = PluginViews.withoutBundle(in.services(), in.argument(0));
    if (refused.isPresent()) {
      why(in, refused.get().name(), List.of(new WhyChain.Link(0, refused.get().name(), refused.get().reason(), true)));
      return;
    }
    Bundle bundle = Bundles.find(in, in.argument(0));
    List<WhyChain.Link> links = WhyChain.of(bundle, in.services());
    if (links.isEmpty() && !in.json()) {
      in.out().line(Cell.bold(BundleWords.name(bundle)), " is ", BundleCommands.state(bundle), ", and nothing keeps a part of it waiting");
    } else {
      why(in, BundleWords.name(bundle), links);
    }
  }

  private static void why(Invocation in, String name, List<WhyChain.Link> links) {
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("plugin", name);
      json.put("why", links.stream().map(WhyCommands::json).toList());
      in.printJson(json);
    } else {
      print(in, links);
    }
    if (!links.isEmpty()) {
      throw new CommandFailure(CommandFailure.CHECK, name + " does not work as a whole; see the roots above");
    }
  }

  private static void print(Invocation in, List<WhyChain.Link> links) {
    links.forEach(l -> in.out().line("  ".repeat(l.depth()), Cell.bold(l.subject()), " ", l.root() ? Cell.bad(l.reason())
        : Cell.of(l.reason())));
  }

  private static Map<String, @Nullable Object> json(WhyChain.Link link) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("depth", link.depth());
    map.put("subject", link.subject());
    map.put("reason", link.reason());
    map.put("root", link.root());
    return map;
  }

  private static TreeSet<String> types(Services services) {
    TreeSet<String> types = new TreeSet<>();
    services.find(ServiceComponentRuntime.class).ifPresent(runtime -> runtime.getComponentDescriptionDTOs().forEach(d -> {
      types.addAll(Arrays.asList(d.serviceInterfaces));
      Arrays.stream(d.references).forEach(r -> types.add(r.interfaceName));
    }));
    services.bundles().forEach(b -> references(b).forEach(r -> types.addAll(objectClass(r))));
    return types;
  }

  private static List<ServiceReference<?>> references(Bundle bundle) {
    ServiceReference<?>[] registered = bundle.getRegisteredServices();
    return registered == null ? List.of() : List.of(registered);
  }

  private static List<String> objectClass(ServiceReference<?> reference) {
    return List.of((String[]) reference.getProperty(Constants.OBJECTCLASS));
  }

  /** {@code {"service", "providers": [{"bundle", "ranking", "used_by"}], "waiting": [...], "why": [...]}}. */
  private static void explain(Invocation in) {
    String type = type(in);
    List<Provider> providers = new ArrayList<>();
    for (Bundle bundle : in.services().bundles()) {
      for (ServiceReference<?> r : references(bundle)) {
        if (objectClass(r).contains(type)) {
          Object ranking = r.getProperty(Constants.SERVICE_RANKING);
          Bundle[] users = r.getUsingBundles();
          providers.add(new Provider(BundleWords.name(bundle), ranking instanceof Integer ? ranking : 0,
              users == null ? List.of() : Arrays.stream(users).map(BundleWords::name).sorted().toList()));
        }
      }
    }
    List<String> waiting = waiting(in.services(), type);
    List<WhyChain.Link> why = WhyChain.ofService(type, in.services());
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("service", type);
      json.put("providers", providers.stream().map(WhyCommands::json).toList());
      json.put("waiting", waiting);
      json.put("why", why.stream().map(WhyCommands::json).toList());
      in.printJson(json);
    } else {
      Table table = new Table().left("BUNDLE").right("RANKING").left("USED BY");
      providers.forEach(p -> table.row(Cell.bold(p.bundle), p.ranking, String.join(", ", p.users)));
      in.out().line(Cell.bold(type));
      in.out().section("PROVIDED BY", table, "nobody");
      Table waits = new Table().left("COMPONENT");
      waiting.forEach(waits::row);
      in.out().section("WAITING FOR IT", waits, "nobody");
      if (!why.isEmpty()) {
        in.out().line();
        in.out().line(Cell.bold("NOT PROVIDED BECAUSE"));
        print(in, why);
      }
    }
    if (providers.isEmpty()) {
      throw new CommandFailure(CommandFailure.CHECK, "nobody provides " + type + " now");
    }
  }

  private static Map<String, @Nullable Object> json(Provider provider) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("bundle", provider.bundle);
    map.put("ranking", provider.ranking);
    map.put("used_by", provider.users);
    return map;
  }

  private static List<String> waiting(Services services, String type) {
    TreeSet<String> waiting = new TreeSet<>();
    services.find(ServiceComponentRuntime.class).ifPresent(runtime -> {
      for (ComponentDescriptionDTO d : runtime.getComponentDescriptionDTOs()) {
        List<String> names = Arrays.stream(d.references).filter(r -> r.interfaceName.equals(type)).map(r -> r.name).toList();
        runtime.getComponentConfigurationDTOs(d).stream().filter(c -> c.unsatisfiedReferences != null)
            .filter(c -> Arrays.stream(c.unsatisfiedReferences).anyMatch(u -> names.contains(u.name)))
            .forEach(c -> waiting.add(d.name));
      }
    });
    return List.copyOf(waiting);
  }

  /** The one type that is meant; a simple name is enough where it is the only one. */
  private static String type(Invocation in) {
    String name = in.argument(0);
    TreeSet<String> all = types(in.services());
    List<String> found = all.contains(name) ? List.of(name) : all.stream().filter(t -> t.endsWith("." + name)).toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new CommandFailure(CommandFailure.PRECONDITION, found.isEmpty()
        ? "no part of this node provides or uses a service '" + Text.clean(name) + "'; 'weft bundle services' lists all"
        : "'" + name + "' could be " + String.join(" or ", found));
  }
}
