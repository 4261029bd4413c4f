package io.weft.shell.noun;

import io.weft.node.CommandFailure;
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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** {@code component:*}: the parts that bundles are made of, and what they wait for. */
public final class ComponentCommands {

  private record Row(ComponentDescriptionDTO description, String state, String reason) {

    boolean waits() {
      return !reason.isEmpty();
    }
  }

  private ComponentCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, ComponentCommands::list, Spec.of("component", "list", "List components and what they wait for")
            .optional("TEXT", "only components whose name contains this", Values.COMPONENTS)
            .flag("--waiting", "Only components that wait for something or failed.")
            .example("weft component list --waiting", "why is a part not running?")),
        new Command(services, ComponentCommands::show, Spec.of("component", "show", "Show one component in full")
            .argument("COMPONENT", "name of the component", Values.COMPONENTS)
            .example("weft component show weft.mesh", "its references, and which are not satisfied")));
  }

  /** {@code {"components": [{"name", "bundle", "state", "reason"}]}}, one per configuration of a factory. */
  private static void list(Invocation in) {
    ServiceComponentRuntime runtime = in.services().need(ServiceComponentRuntime.class);
    List<Row> rows = runtime.getComponentDescriptionDTOs().stream().filter(d -> d.name.contains(in.optional(0).orElse("")))
        .sorted(Comparator.comparing(d -> d.name)).flatMap(d -> rows(runtime, d).stream())
        .filter(r -> !in.flag("--waiting") || r.waits()).toList();
    if (in.json()) {
      in.printJson(Map.of("components", rows.stream().map(ComponentCommands::json).toList()));
      return;
    }
    Table table = new Table().left("COMPONENT").left("STATE").left("REASON").left("BUNDLE");
    rows.forEach(r -> table.row(Cell.bold(r.description.name), state(r), r.reason, Cell.dim(r.description.bundle.symbolicName)));
    in.out().table(table, in.flag("--waiting") ? "no component waits" : "no such component");
  }

  private static Map<String, Object> json(Row row) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", row.description.name);
    map.put("bundle", row.description.bundle.symbolicName);
    map.put("state", row.state);
    map.put("reason", row.reason);
    return map;
  }

  private static Cell state(Row row) {
    return switch (row.state) {
      case "active" -> Cell.good(row.state);
      case "failed" -> Cell.bad(row.state);
      case "waiting" -> Cell.warn(row.state);
      default -> Cell.dim(row.state);
    };
  }

  private static List<Row> rows(ServiceComponentRuntime runtime, ComponentDescriptionDTO description) {
    if (!runtime.isComponentEnabled(description)) {
      return List.of(new Row(description, "disabled", ""));
    }
    List<Row> rows = new ArrayList<>();
    for (ComponentConfigurationDTO configuration : runtime.getComponentConfigurationDTOs(description)) {
      rows.add(row(description, configuration));
    }
    // One that needs a configuration and has none is idle, not broken: factories of "expose" and "forward" are so on most nodes.
    return rows.isEmpty() ? List.of(new Row(description, "not configured", "")) : rows;
  }

  private static Row row(ComponentDescriptionDTO description, ComponentConfigurationDTO configuration) {
    return switch (configuration.state) {
      case ComponentConfigurationDTO.ACTIVE -> new Row(description, "active", "");
      case ComponentConfigurationDTO.SATISFIED -> new Row(description, "satisfied", "");
      case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> new Row(description, "not configured", "");
      case ComponentConfigurationDTO.FAILED_ACTIVATION -> new Row(description, "failed", firstLine(configuration.failure));
      default -> new Row(description, "waiting", waits(description, configuration));
    };
  }

  private static String firstLine(String failure) {
    return failure == null ? "its activation failed; the log has the reason" : failure.lines().findFirst().orElse("").strip();
  }

  private static String waits(ComponentDescriptionDTO description, ComponentConfigurationDTO configuration) {
    if (configuration.unsatisfiedReferences == null || configuration.unsatisfiedReferences.length == 0) {
      return "waits for its references";
    }
    return Arrays.stream(configuration.unsatisfiedReferences).map(r -> "waits for " + type(description, r))
        .collect(Collectors.joining("; "));
  }

  private static String type(ComponentDescriptionDTO description, UnsatisfiedReferenceDTO unsatisfied) {
    String type = Arrays.stream(description.references).filter(r -> r.name.equals(unsatisfied.name)).map(r -> r.interfaceName)
        .findFirst()
        .orElse(unsatisfied.name);
    return type + (unsatisfied.target == null ? "" : " with " + unsatisfied.target);
  }

  /** {@code {"component": {"name", "bundle", "class", "pids", "configurations": [...], "references": [...]}}}. */
  private static void show(Invocation in) {
    ServiceComponentRuntime runtime = in.services().need(ServiceComponentRuntime.class);
    String name = in.argument(0);
    ComponentDescriptionDTO description = runtime.getComponentDescriptionDTOs().stream().filter(d -> d.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new CommandFailure(CommandFailure.PRECONDITION,
            "no component '" + Text.clean(name) + "'; 'weft component list' lists all"));
    List<Row> rows = rows(runtime, description);
    if (in.json()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("name", description.name);
      map.put("bundle", description.bundle.symbolicName);
      map.put("class", description.implementationClass);
      map.put("pids", List.of(description.configurationPid));
      map.put("configurations", rows.stream().map(r -> Views.pair("state", r.state, "reason", r.reason)).toList());
      map.put("references", Arrays.stream(description.references).map(ComponentCommands::reference).toList());
      in.printJson(Map.of("component", map));
      return;
    }
    Map<String, Object> pairs = new LinkedHashMap<>();
    pairs.put("component", Cell.bold(description.name));
    pairs.put("bundle", description.bundle.symbolicName);
    pairs.put("class", description.implementationClass);
    pairs.put("provides", description.serviceInterfaces.length == 0 ? "-" : String.join(", ", description.serviceInterfaces));
    pairs.put("configuration", String.join(", ", description.configurationPid) + " (" + description.configurationPolicy + ")");
    in.out().pairs(pairs);
    Table states = new Table().left("STATE").left("REASON");
    rows.forEach(r -> states.row(state(r), r.reason));
    in.out().section("CONFIGURATIONS", states, "none");
    Table references = new Table().left("REFERENCE").left("TYPE").left("CARDINALITY").left("POLICY");
    Arrays.stream(description.references).forEach(r -> references.row(r.name, r.interfaceName, r.cardinality, r.policy));
    in.out().section("REFERENCES", references, "none");
  }

  private static Map<String, Object> reference(ReferenceDTO reference) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", reference.name);
    map.put("type", reference.interfaceName);
    map.put("cardinality", reference.cardinality);
    map.put("policy", reference.policy);
    return map;
  }
}
