package io.weft.node.core.config;

import io.weft.node.core.config.YamlNode.Entry;
import io.weft.node.core.config.YamlNode.Mapping;
import io.weft.node.core.config.YamlNode.Scalar;
import io.weft.node.core.config.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Holds a file against the schema and the rules, and finds everything that is wrong with it rather than the first thing. */
public final class ConfigEvaluator {

  /** Sections that belong to the shape of the file and that bundles to come will use. */
  private static final Set<String> RESERVED = Set.of("signaling", "relays", "plugins");

  /** Which feature brings a section that is not always there. */
  private static final Map<String, String> FEATURES = Map.ofEntries(
      Map.entry("relay", "hub"), Map.entry("signaling.server", "hub"), Map.entry("dcs.etcd", "dcs-etcd"),
      Map.entry("dcs.postgres", "dcs-postgres"), Map.entry("dcs.nats", "dcs-nats"), Map.entry("dcs.consul", "dcs-consul"),
      Map.entry("store.postgres", "billing"), Map.entry("billing", "billing"), Map.entry("billing.storage", "billing"),
      Map.entry("billing.deposits.folder", "billing"), Map.entry("billing.deposits.evm", "billing"));

  private static final int PROBLEMS_MAX = 100;

  private final ConfigSchema schema;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final ValueConverter converter;
  private final Map<String, Map<String, ConfigValue>> singles = new HashMap<>();
  private final Map<String, Integer> lines = new HashMap<>();
  private final List<Instance> entries = new ArrayList<>();

  private ConfigEvaluator(String file, ConfigSchema schema, UnaryOperator<String> environment) {
    this.schema = schema;
    this.converter = new ValueConverter(file, new Placeholders(environment), problems);
  }

  /**
   * @param file as it is to be called in messages and origins
   * @param environment gives the value of a variable, or null
   */
  public static ConfigModel evaluate(String file, byte[] bytes, ConfigSchema schema, UnaryOperator<String> environment) {
    ConfigEvaluator evaluator = new ConfigEvaluator(file, schema, environment);
    Optional<Mapping> document = YamlReader.read(bytes, evaluator.problems);
    return document.isEmpty()
        ? new ConfigModel(List.of(), evaluator.problems, List.of(), "")
        : evaluator.evaluate(document.get());
  }

  private ConfigModel evaluate(Mapping document) {
    document.entries().forEach(this::top);
    List<Instance> instances = new ArrayList<>();
    for (SectionSchema section : schema.sections()) {
      if (!section.factory()) {
        String path = ConfigSchema.key(section.pid());
        Map<String, ConfigValue> values = complete(section, path, singles.getOrDefault(section.pid(), Map.of()));
        boolean needed = section.pid().equals(ConfigSchema.NODE_PID) || lines.containsKey(section.pid());
        if (needed) {
          refuseMissing(section, values, path, lines.getOrDefault(section.pid(), 0));
        }
        instances.add(new Instance(section.pid(), null, path, lines.getOrDefault(section.pid(), 0), values));
      }
    }
    instances.addAll(entries);
    ConfigRules.check(instances, problems, warnings);
    List<Instance> whole = FormationReference.spread(instances);
    String digest = problems.isEmpty() ? SharedPart.digest(whole) : "";
    return new ConfigModel(whole, bounded(problems), warnings, digest);
  }

  private static List<Problem> bounded(List<Problem> problems) {
    List<Problem> sorted = problems.stream().sorted().toList();
    if (sorted.size() <= PROBLEMS_MAX) {
      return sorted;
    }
    List<Problem> cut = new ArrayList<>(sorted.subList(0, PROBLEMS_MAX));
    cut.add(new Problem(sorted.get(PROBLEMS_MAX).line(), "", "and " + (sorted.size() - PROBLEMS_MAX)
        + " more problems from here on; solve these first"));
    return cut;
  }

  private void top(Entry entry) {
    String key = entry.key();
    SectionSchema node = schema.byPid(ConfigSchema.NODE_PID).orElse(null);
    if (node != null && (node.keys().containsKey(key) || node.hasKeysBelow(key))) {
      one(node, key, key, entry, singles.computeIfAbsent(node.pid(), pid -> new LinkedHashMap<>()));
      return;
    }
    Optional<SectionSchema> section = schema.byKey(key);
    if (section.isPresent()) {
      section(section.get(), entry);
    } else if (RESERVED.contains(key)) {
      warnings.add(new Problem(entry.line(), key, "is not used by any installed bundle yet"));
    } else {
      unknownSection(entry);
    }
  }

  private void unknownSection(Entry entry) {
    Set<String> known = new TreeSet<>(RESERVED);
    schema.sections().forEach(s -> known.add(ConfigSchema.key(s.pid())));
    schema.byPid(ConfigSchema.NODE_PID).ifPresent(s -> s.keys().keySet().forEach(id -> known.add(id.replaceFirst("\\..*", ""))));
    known.remove("");
    String key = Text.shown(entry.key());
    String feature = FEATURES.get(entry.key());
    String advice = feature != null
        ? "it comes with feature " + feature + ": add " + feature + " to weft run --features"
        : Text.similar(entry.key(), known)
            .map(meant -> "did you mean '" + meant + "'?")
            .orElse("remove it, or install the bundle that uses it; known are " + String.join(", ", known));
    problems.add(new Problem(entry.line(), key, "is a section that no installed bundle knows; " + advice));
  }

  private void section(SectionSchema section, Entry entry) {
    String key = entry.key();
    boolean empty = entry.value() instanceof Scalar scalar && scalar.isNull();
    if (lines.putIfAbsent(section.pid(), entry.line()) != null) {
      problems.add(new Problem(entry.line(), Text.shown(key), "is written twice, once with its short name; keep one"));
      return;
    }
    if (section.factory()) {
      if (entry.value() instanceof Sequence sequence) {
        list(section, key, sequence);
      } else if (!empty) {
        problems.add(new Problem(entry.line(), key, "must be a list of entries, but is " + entry.value().what()
            + "; start each with '- '"));
      }
      return;
    }
    Optional<String> listKey = ConfigSchema.listKey(section.pid());
    if (entry.value() instanceof Mapping mapping) {
      fill(section, "", key, mapping, singles.computeIfAbsent(section.pid(), pid -> new LinkedHashMap<>()));
    } else if (entry.value() instanceof Sequence && listKey.isPresent()) {
      one(section, listKey.get(), key, entry, singles.computeIfAbsent(section.pid(), pid -> new LinkedHashMap<>()));
    } else if (!empty) {
      problems.add(new Problem(entry.line(), key, "must be a map, but is " + entry.value().what() + "; write '" + key
          + ": {key: value}'"));
    }
  }

  private void list(SectionSchema section, String key, Sequence sequence) {
    EntryNames names = new EntryNames();
    for (int i = 0; i < sequence.items().size(); i++) {
      YamlNode item = sequence.items().get(i);
      String path = key + "[" + i + "]";
      if (!(item instanceof Mapping mapping)) {
        problems.add(new Problem(item.line(), path, "must be a map, but is " + item.what() + "; write {key: value}"));
        continue;
      }
      Map<String, ConfigValue> values = new LinkedHashMap<>();
      fill(section, "", path, mapping, values);
      Map<String, ConfigValue> whole = complete(section, path, values);
      refuseMissing(section, whole, path, item.line());
      Instance unnamed = new Instance(section.pid(), "", path, item.line(), whole);
      entries.add(new Instance(section.pid(), names.name(unnamed, i), path, item.line(), whole));
    }
  }

  private void fill(SectionSchema section, String prefix, String path, Mapping mapping, Map<String, ConfigValue> values) {
    for (Entry entry : mapping.entries()) {
      one(section, prefix + entry.key(), path + "." + Text.shown(entry.key()), entry, values);
    }
  }

  private void one(SectionSchema section, String id, String path, Entry entry, Map<String, ConfigValue> values) {
    KeySchema key = section.keys().get(id);
    if (key != null) {
      Optional<ConfigValue> value = converter.convert(key, path, entry.line(), entry.value());
      ConfigValue before = value.map(v -> values.put(id, v)).orElse(null);
      if (before != null) {
        problems.add(new Problem(entry.line(), path, "is written twice, first in line " + before.line() + "; keep one"));
      }
    } else if (!section.hasKeysBelow(id)) {
      unknownKey(section, id, path, entry);
    } else if (entry.value() instanceof Mapping mapping) {
      fill(section, id + ".", path, mapping, values);
    } else if (!(entry.value() instanceof Scalar scalar && scalar.isNull())) {
      problems.add(new Problem(entry.line(), path, "must be a map, but is " + entry.value().what() + "; write {key: value}"));
    }
  }

  private void unknownKey(SectionSchema section, String id, String path, Entry entry) {
    String prefix = id.substring(0, id.length() - entry.key().length());
    Set<String> known = new TreeSet<>();
    for (String candidate : section.keys().keySet()) {
      if (candidate.startsWith(prefix)) {
        known.add(candidate.substring(prefix.length()));
      }
    }
    String advice =
        Text.similar(entry.key(), known)
            .map(meant -> "did you mean '" + meant + "'?")
            .orElse(known.isEmpty() ? "there are no keys here" : "the keys here are " + String.join(", ", known));
    problems.add(new Problem(entry.line(), path, "is an unknown key; " + advice));
  }

  private static Map<String, ConfigValue> complete(SectionSchema section, String path, Map<String, ConfigValue> written) {
    Map<String, ConfigValue> values = new LinkedHashMap<>();
    String prefix = path.isEmpty() ? "" : path + ".";
    for (KeySchema key : section.keys().values()) {
      ConfigValue value = written.get(key.id());
      if (value != null) {
        values.put(key.id(), value);
      } else {
        ValueConverter.byDefault(key, prefix + key.id()).ifPresent(v -> values.put(key.id(), v));
      }
    }
    return values;
  }

  private void refuseMissing(SectionSchema section, Map<String, ConfigValue> values, String path, int line) {
    Set<String> complained = new HashSet<>();
    problems.forEach(p -> complained.add(p.key()));
    for (KeySchema key : section.keys().values()) {
      String full = (path.isEmpty() ? "" : path + ".") + key.id();
      if (key.required() && !values.containsKey(key.id()) && !complained.contains(full)) {
        problems.add(new Problem(line, full, "is missing; add it"));
      }
    }
  }
}
