package io.weft.launcher.framework;

import io.weft.launcher.Failure;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of {@code weft run}.
 *
 * @param logFormat whatever weft.yaml says
 * @param logLevel whatever weft.yaml says
 * @param exitWhenReady stop as soon as everything is up: a trial run, and what class-data archives are made with
 * @param exitOnEof stop when standard input ends, so that the node does not outlive who started it
 */
record RunOptions(
    Optional<String> logFormat, Optional<String> logLevel, List<String> features, boolean exitWhenReady, boolean exitOnEof) {

  private static final String DEFAULT_FEATURES = "core,node,hub,ops";

  static RunOptions parse(List<String> words, Map<String, String> environment) throws Failure {
    String format = environment.get("WEFT_LOG_FORMAT");
    String level = environment.get("WEFT_LOG_LEVEL");
    String features = DEFAULT_FEATURES;
    boolean exitWhenReady = false;
    boolean exitOnEof = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      if (word.equals("--exit-when-ready") || word.equals("--exit-on-eof")) {
        exitWhenReady |= word.equals("--exit-when-ready");
        exitOnEof |= word.equals("--exit-on-eof");
        continue;
      }
      if (!List.of("--log-format", "--log-level", "--features").contains(name)) {
        throw Failure.usage("weft run does not know '" + word + "'; see weft run --help");
      }
      if (equals < 0 && i + 1 == words.size()) {
        throw Failure.usage(name + " needs a value; see weft run --help");
      }
      String value = equals < 0 ? words.get(++i) : word.substring(equals + 1);
      switch (name) {
        case "--log-format" -> format = value;
        case "--log-level" -> level = value;
        default -> features = value;
      }
    }
    return new RunOptions(
        Optional.ofNullable(format), Optional.ofNullable(level), List.of(features.split(",")), exitWhenReady, exitOnEof);
  }
}
