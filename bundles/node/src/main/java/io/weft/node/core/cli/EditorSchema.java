package io.weft.node.core.cli;

import io.weft.node.core.config.ConfigSchema;
import io.weft.node.core.config.KeySchema;
import io.weft.node.core.config.SectionSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON Schema (draft 7, which editors know best) of {@code weft.yaml}. It helps while writing; {@code validate} is stricter.
 */
final class EditorSchema {

  private static final List<String> TO_COME = List.of("signaling", "relays", "plugins");
  private static final String PLACEHOLDER = "\\$\\{";

  private EditorSchema() {}

  static Map<String, Object> of(ConfigSchema schema) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (SectionSchema section : schema.sections()) {
      if (section.pid().equals(ConfigSchema.NODE_PID)) {
        section.keys().values().forEach(key -> put(properties, required, key.id(), key));
      } else {
        Map<String, Object> map = object(section);
        properties.put(ConfigSchema.key(section.pid()), section.factory() ? list(section, map) : orList(section, map));
      }
    }
    for (String key : TO_COME) {
      properties.putIfAbsent(key, Map.of("description", "Not used by any bundle yet."));
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("$schema", "http://json-schema.org/draft-07/schema#");
    root.put("title", "weft.yaml");
    root.put("type", "object");
    root.put("additionalProperties", false);
    root.put("required", required);
    root.put("properties", properties);
    return root;
  }

  private static Map<String, Object> list(SectionSchema section, Map<String, Object> items) {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("type", List.of("array", "null"));
    list.put("description", section.description());
    list.put("items", items);
    return list;
  }

  /** A section in whose place the list of one of its keys may stand. */
  private static Map<String, Object> orList(SectionSchema section, Map<String, Object> map) {
    KeySchema key = ConfigSchema.listKey(section.pid()).map(section.keys()::get).orElse(null);
    return key == null ? map : ordered("description", section.description(), "anyOf", List.of(map, value(key)));
  }

  /** A section; keys with dots may be written in one piece or as maps in each other. */
  private static Map<String, Object> object(SectionSchema section) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (KeySchema key : section.keys().values()) {
      if (key.id().indexOf('.') >= 0) {
        properties.put(key.id(), value(key));
      }
      put(properties, new ArrayList<>(), key.id(), key);
      if (key.required()) {
        required.add(key.id());
      }
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", List.of("object", "null"));
    object.put("description", section.description());
    object.put("additionalProperties", false);
    if (section.factory()) {
      object.put("required", required);
    }
    object.put("properties", properties);
    return object;
  }

  /** Puts the key where its dots lead. */
  @SuppressWarnings("unchecked") // every map below is made here
  private static void put(Map<String, Object> properties, List<String> required, String id, KeySchema key) {
    int dot = id.indexOf('.');
    String name = dot < 0 ? id : id.substring(0, dot);
    if (key.required() && !required.contains(name)) {
      required.add(name);
    }
    if (dot < 0) {
      properties.put(id, value(key));
      return;
    }
    Map<String, Object> below =
        (Map<String, Object>)
            properties.computeIfAbsent(
                name,
                n -> {
                  Map<String, Object> object = new LinkedHashMap<>();
                  object.put("type", "object");
                  object.put("additionalProperties", false);
                  object.put("required", new ArrayList<String>());
                  object.put("properties", new LinkedHashMap<String, Object>());
                  return object;
                });
    put((Map<String, Object>) below.get("properties"), (List<String>) below.get("required"), id.substring(dot + 1), key);
  }

  private static Map<String, Object> value(KeySchema key) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("description", ConfigReference.description(key));
    if (key.many()) {
      List<Object> forms = new ArrayList<>();
      forms.add(ordered("type", "array", "items", single(key)));
      if (key.type() == KeySchema.Type.TEXT) {
        forms.add(ordered("type", "object", "additionalProperties", Map.of("type", "string")));
      }
      value.put("anyOf", forms);
      value.put("default", key.defaults());
    } else {
      value.putAll(single(key));
      if (!key.defaults().isEmpty()) {
        value.put("default", typed(key, key.defaults().get(0)));
      }
    }
    return value;
  }

  private static Map<String, Object> single(KeySchema key) {
    Map<String, Object> value = new LinkedHashMap<>();
    switch (key.type()) {
      case TEXT -> {
        value.put("type", "string");
        if (!key.options().isEmpty()) {
          value.put("enum", key.options());
        }
      }
      case SECRET -> {
        value.put("type", "string");
        value.put("pattern", "^secret:[a-z][a-z0-9-]*/.+|" + PLACEHOLDER);
      }
      case BOOLEAN -> value.put("anyOf", List.of(Map.of("type", "boolean"), placeholder()));
      case INTEGER, LONG -> value.put("anyOf", List.of(number(key, "integer"), placeholder()));
      case DOUBLE -> value.put("anyOf", List.of(number(key, "number"), placeholder()));
    }
    return value;
  }

  private static Map<String, Object> number(KeySchema key, String type) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("type", type);
    if (key.min() != null) {
      value.put("minimum", new BigDecimal(key.min()));
    }
    if (key.max() != null) {
      value.put("maximum", new BigDecimal(key.max()));
    }
    return value;
  }

  private static Map<String, Object> placeholder() {
    return ordered("type", "string", "pattern", PLACEHOLDER);
  }

  /** Unlike {@code Map.of}, the same on every run. */
  private static Map<String, Object> ordered(String key, Object value, String otherKey, Object otherValue) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(key, value);
    map.put(otherKey, otherValue);
    return map;
  }

  private static Object typed(KeySchema key, String text) {
    return switch (key.type()) {
      case BOOLEAN -> Boolean.valueOf(text);
      case INTEGER, LONG -> Long.valueOf(text);
      case DOUBLE -> Double.valueOf(text);
      case TEXT, SECRET -> text;
    };
  }
}
