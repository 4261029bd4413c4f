package io.weft.node.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills <code>${env:NAME}</code> in, and keeps <code>${secret:scheme/name}</code> as the reference that it is. */
final class Placeholders {

  private static final int RESULT_MAX = 64 * 1024;
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$?\\$\\{([^{}]*)}?");
  private static final Pattern ENVIRONMENT = Pattern.compile("env:([A-Za-z_][A-Za-z0-9_]*)");
  private static final Pattern SECRET = Pattern.compile("secret:[a-z][a-z0-9-]{0,31}/[\\x21-\\x7e&&[^{}]]{1,256}");

  private final UnaryOperator<String> environment;

  /**
   * @param text with everything filled in
   * @param variables environment variables that were used
   * @param secret whether a secret placeholder was in it
   * @param problems what could not be filled in, as in {@link Problem#text}
   */
  record Filled(String text, List<String> variables, boolean secret, List<String> problems) {}

  /** @param environment gives the value of a variable, or null */
  Placeholders(UnaryOperator<String> environment) {
    this.environment = environment;
  }

  Filled fill(String text) {
    if (!text.contains("${")) {
      return new Filled(text, List.of(), false, List.of());
    }
    StringBuilder out = new StringBuilder();
    List<String> variables = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    boolean secret = false;
    int at = 0;
    for (Matcher matcher = PLACEHOLDER.matcher(text); matcher.find(); at = matcher.end()) {
      out.append(text, at, matcher.start());
      String whole = matcher.group();
      if (whole.startsWith("$$")) {
        out.append(whole, 1, whole.length());
        continue;
      }
      String name = matcher.group(1);
      Matcher variable = ENVIRONMENT.matcher(name);
      if (whole.endsWith("}") && variable.matches()) {
        append(out, variable.group(1), variables, problems);
      } else if (whole.endsWith("}") && SECRET.matcher(name).matches()) {
        secret = true;
        out.append(name);
      } else {
        problems.add(
            "has the placeholder '" + Text.shown(whole)
                + "', which is neither ${env:NAME} nor ${secret:scheme/name}; correct it, or write $${ for a plain ${");
      }
    }
    out.append(text, at, text.length());
    if (out.length() > RESULT_MAX) {
      problems.add("has more than " + RESULT_MAX + " characters once its placeholders are filled in");
    }
    return new Filled(out.toString(), variables, secret, problems);
  }

  private void append(StringBuilder out, String variable, List<String> variables, List<String> problems) {
    String value = environment.apply(variable);
    if (value == null) {
      problems.add("needs the environment variable " + variable + ", which is not set; set it, or write the value here");
      return;
    }
    variables.add(variable);
    if (out.length() < RESULT_MAX) {
      out.append(value);
    }
  }
}
