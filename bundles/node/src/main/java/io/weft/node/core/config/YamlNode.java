package io.weft.node.core.config;

import java.util.List;
import java.util.regex.Pattern;

/** A value in the file, with the line on which it starts. */
public sealed interface YamlNode {

  int line();

  /** How many nodes it is made of, itself included and aliases written out. */
  int size();

  /** For messages: "a list". */
  String what();

  /** @param plain whether it was written without quotes, so that it may stand for a number, true, false or nothing */
  record Scalar(int line, String text, boolean plain) implements YamlNode {

    private static final Pattern NUMBER =
        Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?|0x[0-9a-fA-F]+|0o[0-7]+");

    @Override
    public int size() {
      return 1;
    }

    /** Whether nothing was written. */
    boolean isNull() {
      return plain && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }

    boolean isBoolean() {
      return plain && (text.equals("true") || text.equals("false"));
    }

    boolean isNumber() {
      return plain && !text.isEmpty() && text.charAt(0) <= '9' && NUMBER.matcher(text).matches();
    }

    @Override
    public String what() {
      if (isNull()) {
        return "empty";
      }
      return isBoolean() ? "true or false" : isNumber() ? "a number" : "text";
    }
  }

  record Sequence(int line, List<YamlNode> items, int size) implements YamlNode {

    @Override
    public String what() {
      return "a list";
    }
  }

  record Mapping(int line, List<Entry> entries, int size) implements YamlNode {

    @Override
    public String what() {
      return "a map";
    }
  }

  /** @param line of the key */
  record Entry(String key, int line, YamlNode value) {}
}
