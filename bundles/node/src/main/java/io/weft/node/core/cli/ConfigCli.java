package io.weft.node.core.cli;

import io.weft.node.Setting;
import io.weft.node.core.config.ConfigFile;
import io.weft.node.core.config.ConfigModel;
import io.weft.node.core.config.ConfigSchema;
import io.weft.node.core.config.JarSchemas;
import io.weft.node.core.config.Problem;
import io.weft.support.Json;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code weft config validate|schema|reference|explain}. */
public final class ConfigCli {

  private static final int OK = 0;
  private static final int CHECK = 1;
  private static final int USAGE = 2;
  private static final int PRECONDITION = 3;

  private static final String HELP =
      """
      weft config validate [--json]       check weft.yaml; exit code 1 if something is wrong
      weft config schema                  print a JSON Schema of weft.yaml, for editors
      weft config reference               print every key, its default and what it means, as Markdown
      weft config explain [KEY] [--json]  print each value in force and where it came from

      KEY is a key such as transport.quic.listen, or the beginning of some, such as peers or transport.quic.
      Environment variables count as they are where this command runs.
      """;

  private final Path home;
  private final Path file;
  private final String label;
  private final PrintStream out;
  private final PrintStream err;
  private final ConfigSchema schema;

  private ConfigCli(Path home, Path file, Path bundles, PrintStream out, PrintStream err) {
    this.home = home;
    this.file = file;
    this.label = ConfigFile.label(home, file);
    this.out = out;
    this.err = err;
    this.schema =
        new ConfigSchema(JarSchemas.read(List.of(bundles, home.resolve("deploy")),
            problem -> err.println("weft: warning: " + problem)));
  }

  /**
   * @param args the words behind {@code weft config}
   * @param bundlesDir where the bundles are whose keys are known; those in the home's deploy folder are added
   * @return the exit code
   */
  public static int run(String[] args, Path home, Path configFile, Path bundlesDir, PrintStream out, PrintStream err) {
    List<String> words = new ArrayList<>(List.of(args));
    if (words.remove("--help") || words.remove("-h")) {
      out.print(HELP);
      return OK;
    }
    boolean json = words.remove("--json");
    String verb = words.isEmpty() ? "" : words.remove(0);
    String unexpected = words.stream().filter(word -> word.startsWith("-")).findFirst().orElse("");
    if (!unexpected.isEmpty() || words.size() > (verb.equals("explain") ? 1 : 0)) {
      return usage(err, "unexpected '" + (unexpected.isEmpty() ? words.get(words.size() - 1) : unexpected) + "'");
    }
    return switch (verb) {
      case "validate" -> new ConfigCli(home, configFile, bundlesDir, out, err).validate(json);
      case "schema" -> new ConfigCli(home, configFile, bundlesDir, out, err).printSchema();
      case "reference" -> new ConfigCli(home, configFile, bundlesDir, out, err).printReference();
      case "explain" -> new ConfigCli(home, configFile, bundlesDir, out, err).explain(words.isEmpty() ? "" : words.get(0), json);
      default -> usage(err, verb.isEmpty() ? "says nothing to do" : "does not know '" + verb + "'");
    };
  }

  private static int usage(PrintStream err, String what) {
    err.println("weft config: " + what + "; use validate, schema, reference or explain [KEY], and see weft config --help");
    return USAGE;
  }

  private ConfigModel model() {
    return ConfigFile.evaluate(label, () -> Files.readAllBytes(file), schema, System::getenv);
  }

  private int validate(boolean json) {
    ConfigModel model = model();
    List<Problem> warnings = new ArrayList<>(model.warnings());
    if (model.good()) {
      warnings.addAll(SecretHints.of(model, home));
    }
    if (json) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("file", file.toString());
      result.put("good", model.good());
      result.put("shared_digest", model.sharedDigest());
      result.put("problems", model.problems().stream().map(this::json).toList());
      result.put("warnings", warnings.stream().map(this::json).toList());
      out.println(Json.lines(result));
    } else {
      warnings.forEach(warning -> err.println("warning: " + warning.at(label)));
      model.problems().forEach(problem -> err.println(problem.at(label)));
      out.print(model.good() ? summary(model) : "");
    }
    return model.good() ? OK : Files.exists(file) ? CHECK : PRECONDITION;
  }

  private String summary(ConfigModel model) {
    Map<String, String> values = new LinkedHashMap<>();
    model.settings().forEach(setting -> values.put(setting.key(), setting.value()));
    return label + " is good: node " + values.get("node.name") + " of fabric " + values.get("fabric") + ", "
        + count(model, ConfigSchema.PEERS_PID, "peer") + ", " + count(model, ConfigSchema.EXPOSE_PID, "exposed service") + ", "
        + count(model, ConfigSchema.FORWARD_PID, "forward") + "; shared digest " + model.sharedDigest() + System.lineSeparator();
  }

  private static String count(ConfigModel model, String pid, String what) {
    int n = model.of(pid).size();
    return n + " " + what + (n == 1 ? "" : "s");
  }

  private Map<String, Object> json(Problem problem) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("line", problem.line());
    result.put("key", problem.key());
    result.put("text", problem.text());
    return result;
  }

  private int printReference() {
    out.print(ConfigReference.markdown(schema));
    return OK;
  }

  private int printSchema() {
    out.println(Json.lines(EditorSchema.of(schema)));
    return OK;
  }

  private int explain(String key, boolean json) {
    ConfigModel model = model();
    if (!model.good()) {
      model.problems().forEach(problem -> err.println(problem.at(label)));
      return Files.exists(file) ? CHECK : PRECONDITION;
    }
    List<Setting> settings = model.settings().stream().filter(setting -> isBelow(setting.key(), key)).toList();
    if (settings.isEmpty()) {
      err.println("weft config: there is no key '" + key + "' in force; weft config explain lists them all");
      return USAGE;
    }
    if (json) {
      out.println(Json.lines(Map.of("settings", settings.stream().map(ConfigCli::json).toList())));
      return OK;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("KEY", "VALUE", "FROM", "A CHANGE APPLIES"));
    settings.forEach(setting -> rows.add(List.of(setting.key(), setting.value(), setting.origin(), setting.applies())));
    out.print(Columns.align(rows));
    return OK;
  }

  private static boolean isBelow(String key, String prefix) {
    return prefix.isEmpty() || key.equals(prefix) || key.startsWith(prefix + ".") || key.startsWith(prefix + "[");
  }

  private static Map<String, Object> json(Setting setting) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("key", setting.key());
    result.put("value", setting.value());
    result.put("origin", setting.origin());
    result.put("applies", setting.applies());
    return result;
  }
}
