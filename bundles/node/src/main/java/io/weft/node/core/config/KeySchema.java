package io.weft.node.core.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key that a bundle declares.
 *
 * @param id the property, such as {@code channels.max}
 * @param many whether it holds a list
 * @param required whether it must be written, because there is no default
 * @param defaults as text; empty if there is none
 * @param min smallest value, or null
 * @param max largest value, or null
 * @param options the only values, or empty if all are good
 * @param description one or more sentences, without the one on when a change applies
 * @param applies when a change takes effect, as in "Applies at once"
 */
public record KeySchema(
    String id,
    Type type,
    boolean many,
    boolean required,
    List<String> defaults,
    @Nullable String min,
    @Nullable String max,
    List<String> options,
    String description,
    String applies) {

  /** What a value looks like. */
  public enum Type {
    /** Any text. */
    TEXT("text"),
    /** A reference to a secret, never the secret. */
    SECRET("a secret reference"),
    /** True or false. */
    BOOLEAN("true or false"),
    /** 32 bits. */
    INTEGER("a whole number"),
    /** 64 bits. */
    LONG("a whole number"),
    /** With a fraction. */
    DOUBLE("a number");

    private final String words;

    Type(String words) {
      this.words = words;
    }

    /** For messages and the reference. */
    public String words() {
      return words;
    }
  }

  /** The words that keep a new value from being used before the node starts again. */
  public static final String AFTER_RESTART = "after a restart";

  /** Where a bundle says nothing. Declarative Services hands a change over as soon as it is made. */
  public static final String UNSAID = "at once";

  public KeySchema {
    defaults = List.copyOf(defaults);
    options = List.copyOf(options);
  }

  boolean waitsForRestart() {
    return applies.equals(AFTER_RESTART);
  }

  /** The default as it would be written in the file; empty if there is none. */
  public String defaultText() {
    return many ? "[" + String.join(", ", defaults) + "]" : defaults.isEmpty() ? "" : defaults.get(0);
  }
}
