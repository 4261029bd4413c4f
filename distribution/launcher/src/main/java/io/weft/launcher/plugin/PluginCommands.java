package io.weft.launcher.plugin;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import java.io.PrintStream;
import java.util.List;

/** {@code weft plugin new|validate}, with a blank or a colon between the words. */
public final class PluginCommands {

  private PluginCommands() {}

  /** Whether it is one of those that need no node. */
  public static boolean has(String verb) {
    return List.of("new", "validate").contains(verb);
  }

  /** @return the exit code */
  public static int run(Dist dist, String verb, List<String> words, PrintStream out) throws Failure {
    return verb.equals("new") ? new NewPlugin(dist, out).run(words) : ValidatePlugin.run(dist, words, out);
  }
}
