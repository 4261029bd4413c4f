package io.weft.shell.noun;

import io.weft.secret.Secrets;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code secret:*}: secrets by name. No command reads a secret. */
public final class SecretCommands {

  private SecretCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, SecretCommands::list, Spec.of("secret", "list", "List the secrets that can be referred to")
            .describe("Names only: no command prints a secret.",
                "A source that cannot tell its names (such as a derivation) shows none.")
            .example("weft secret list", "what can stand after 'secret:' in weft.yaml?")));
  }

  /** {@code {"schemes": [...], "secrets": [{"scheme", "name", "reference"}]}}. */
  private static void list(Invocation in) {
    TreeMap<String, List<String>> names = new TreeMap<>(in.services().need(Secrets.class).names());
    if (in.json()) {
      List<Map<String, String>> secrets = new ArrayList<>();
      names.forEach((scheme, list) -> list.forEach(n -> secrets.add(secret(scheme, n))));
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("schemes", List.copyOf(names.keySet()));
      json.put("secrets", secrets);
      in.printJson(json);
      return;
    }
    Table table = new Table().left("SCHEME").left("REFERENCE");
    names.forEach((scheme, list) -> {
      list.forEach(n -> table.row(scheme, Cell.bold(reference(scheme, n))));
      if (list.isEmpty()) {
        table.row(scheme, Cell.dim("no names known"));
      }
    });
    in.out().table(table, "no secret source is running");
  }

  private static Map<String, String> secret(String scheme, String name) {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("scheme", scheme);
    map.put("name", name);
    map.put("reference", reference(scheme, name));
    return map;
  }

  private static String reference(String scheme, String name) {
    return "secret:" + scheme + "/" + name;
  }
}
