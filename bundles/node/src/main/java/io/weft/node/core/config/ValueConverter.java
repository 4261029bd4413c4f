package io.weft.node.core.config;

import io.weft.node.core.config.KeySchema.Type;
import io.weft.node.core.config.YamlNode.Entry;
import io.weft.node.core.config.YamlNode.Mapping;
import io.weft.node.core.config.YamlNode.Scalar;
import io.weft.node.core.config.YamlNode.Sequence;
import io.weft.secret.SecretReference;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns what is written into the type that a bundle declared, strictly. */
final class ValueConverter {

  private static final int NUMBER_MAX = 32;

  private final String file;
  private final Placeholders placeholders;
  private final List<Problem> problems;

  /** @param file as it is called in origins */
  ValueConverter(String file, Placeholders placeholders, List<Problem> problems) {
    this.file = file;
    this.placeholders = placeholders;
    this.problems = problems;
  }

  /** Empty if it is not right; why was added to the problems. */
  Optional<ConfigValue> convert(KeySchema key, String path, int line, YamlNode node) {
    Set<String> variables = new LinkedHashSet<>();
    Object value = key.many() ? list(key, path, node, variables) : single(key, path, node, variables);
    if (value == null) {
      return Optional.empty();
    }
    String origin = variables.isEmpty() ? file + ":" + node.line() : "environment " + String.join(", ", variables);
    return Optional.of(new ConfigValue(key, path, value, origin, line));
  }

  /** The default, or empty if there is none. */
  static Optional<ConfigValue> byDefault(KeySchema key, String path) {
    if (!key.many() && key.defaults().isEmpty()) {
      return Optional.empty();
    }
    Object value = key.many() ? key.defaults() : key.defaults().get(0);
    return Optional.of(new ConfigValue(key, path, value, ConfigValue.DEFAULT, 0));
  }

  private Object list(KeySchema key, String path, YamlNode node, Set<String> variables) {
    if (node instanceof Mapping mapping && key.type() == Type.TEXT) {
      return labels(key, path, mapping, variables);
    }
    if (node instanceof Scalar scalar) {
      if (scalar.isNull()) {
        return List.of();
      }
      return problem(node, path, "must be a list, but is " + scalar.what() + "; put it in brackets: [...]");
    }
    if (!(node instanceof Sequence sequence)) {
      return problem(node, path, "must be a list, but is a map; write [..., ...] or a line with '- ' for each");
    }
    List<Object> values = new ArrayList<>();
    boolean good = true;
    for (int i = 0; i < sequence.items().size(); i++) {
      Object value = single(key, path + "[" + i + "]", sequence.items().get(i), variables);
      good &= value != null;
      if (value != null) {
        values.add(value);
      }
    }
    return good ? values : null;
  }

  private Object labels(KeySchema key, String path, Mapping mapping, Set<String> variables) {
    List<Object> values = new ArrayList<>();
    boolean good = true;
    for (Entry entry : mapping.entries()) {
      Object value = single(key, path + "." + Text.shown(entry.key()), entry.value(), variables);
      good &= value != null;
      values.add(entry.key() + "=" + value);
    }
    return good ? values : null;
  }

  private Object single(KeySchema key, String path, YamlNode node, Set<String> variables) {
    if (!(node instanceof Scalar scalar)) {
      return problem(node, path, "must be " + key.type().words() + ", but is " + node.what() + "; write a single value");
    }
    if (scalar.isNull()) {
      return problem(node, path, "has no value; write one, or remove the key");
    }
    Placeholders.Filled filled = placeholders.fill(scalar.text());
    if (!filled.problems().isEmpty()) {
      filled.problems().forEach(text -> problem(node, path, text));
      return null;
    }
    if (filled.secret() && key.type() != Type.SECRET) {
      return problem(node, path,
          "cannot hold a secret, since every bundle can read it; only keys that take a secret reference can");
    }
    variables.addAll(filled.variables());
    boolean substituted = !filled.variables().isEmpty();
    String shown = substituted ? "the value of " + String.join(", ", filled.variables()) : "'" + Text.shown(filled.text()) + "'";
    Object value = typed(key, path, scalar, substituted, filled.text(), shown);
    if (value != null && !key.options().isEmpty() && !key.options().contains(value.toString())) {
      return problem(node, path, "must be one of " + String.join(", ", key.options()) + ", but is " + shown
          + "; choose one of them");
    }
    return value;
  }

  private Object typed(KeySchema key, String path, Scalar node, boolean substituted, String text, String shown) {
    return switch (key.type()) {
      case TEXT -> text(path, node, substituted, text);
      case SECRET -> reference(path, node, text);
      case BOOLEAN -> {
        if (node.isBoolean() || substituted && (text.equals("true") || text.equals("false"))) {
          yield Boolean.valueOf(text);
        }
        yield problem(node, path, "must be true or false, but is "
            + (quoted(node, substituted) ? "text; remove the quotes" : shown + "; write true or false"));
      }
      case INTEGER, LONG -> whole(key, path, node, substituted, text, shown);
      case DOUBLE -> fraction(key, path, node, substituted, text, shown);
    };
  }

  private Object text(String path, Scalar node, boolean substituted, String text) {
    if (!substituted && (node.isBoolean() || node.isNumber())) {
      return problem(node, path, "must be text, but is " + node.what() + "; put it in quotes");
    }
    if (text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      return problem(node, path, "holds line breaks or control characters; remove them");
    }
    return text;
  }

  /** What is not a reference may be a secret, so it is not repeated. */
  private Object reference(String path, Scalar node, String text) {
    try {
      return SecretReference.parse(text).toString();
    } catch (IllegalArgumentException e) {
      String name = path.substring(path.lastIndexOf('.') + 1);
      return problem(
          node,
          path,
          "must be a secret reference, never the secret itself; write the secret into conf/secrets/" + name
              + " with mode 0600, and \"secret:file/"
              + name + "\" here");
    }
  }

  private Object whole(KeySchema key, String path, Scalar node, boolean substituted, String text, String shown) {
    if (quoted(node, substituted) || text.length() > NUMBER_MAX || !text.matches("[-+]?[0-9]+")) {
      String why = quoted(node, substituted) && text.matches("[-+]?[0-9]{1,30}") ? "text; remove the quotes" : shown
          + "; write digits only";
      return problem(node, path, "must be a whole number, but is " + why);
    }
    BigInteger value = new BigInteger(text);
    boolean small = key.type() == Type.INTEGER;
    BigInteger least = key.min() != null ? new BigInteger(key.min())
        : BigInteger.valueOf(small ? Integer.MIN_VALUE : Long.MIN_VALUE);
    BigInteger most = key.max() != null ? new BigInteger(key.max())
        : BigInteger.valueOf(small ? Integer.MAX_VALUE : Long.MAX_VALUE);
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      String range = key.max() == null && value.compareTo(least) < 0 ? "at least " + least : key.min() == null ? "at most "
          + most : least + " to " + most;
      return problem(node, path, "must be " + range + ", but is " + shown + "; choose a number in that range");
    }
    return small ? (Object) value.intValue() : (Object) value.longValue();
  }

  private Object fraction(KeySchema key, String path, Scalar node, boolean substituted, String text, String shown) {
    if (quoted(node, substituted) || text.length() > NUMBER_MAX
        || !text.matches("[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,2})?")) {
      return problem(node, path, "must be a number, but is " + shown + "; write it like 0.5, without quotes");
    }
    BigDecimal value = new BigDecimal(text);
    if (key.min() != null && value.compareTo(new BigDecimal(key.min())) < 0 || key.max() != null
        && value.compareTo(new BigDecimal(key.max())) > 0) {
      String range = key.max() == null ? "at least " + key.min() : key.min() == null ? "at most " + key.max() : key.min()
          + " to " + key.max();
      return problem(node, path, "must be " + range + ", but is " + shown + "; choose a number in that range");
    }
    return value.doubleValue();
  }

  private static boolean quoted(Scalar node, boolean substituted) {
    return !node.plain() && !substituted;
  }

  private Object problem(YamlNode node, String path, String text) {
    problems.add(new Problem(node.line(), path, text));
    return null;
  }
}
