package io.weft.node.core.config;

/**
 * Something in the file that is not right.
 *
 * @param line from 1; 0 for the file as a whole
 * @param key dotted, as in {@code peers[1].name}; empty if it is not about one
 * @param text what is wrong; what to do
 */
public record Problem(int line, String key, String text) implements Comparable<Problem> {

  /** One line for people: {@code file:line: key: what; what to do}. */
  public String at(String file) {
    return file + (line > 0 ? ":" + line : "") + ": " + (key.isEmpty() ? "" : key + ": ") + text;
  }

  @Override
  public int compareTo(Problem other) {
    return Integer.compare(line, other.line);
  }
}
