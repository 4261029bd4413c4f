package io.weft.launcher.plugin;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import java.io.PrintStream;
import java.util.List;

/** {@code weft plugin new|validate|compat|key|sign|root|pack}, with a blank or a colon between the words. */
public final class PluginCommands {

  private PluginCommands() {}

  /** Whether it is one of those that need no node. */
  public static boolean has(String verb) {
    return List.of("new", "validate", "compat", "key", "sign", "root", "pack").contains(verb);
  }

  /** @return the exit code */
  public static int run(Dist dist, Home home, String verb, List<String> words, PrintStream out) throws Failure {
    return switch (verb) {
      case "new" -> new NewPlugin(dist, out).run(words);
      case "validate" -> ValidatePlugin.run(dist, words, out);
      case "key" -> KeyFiles.run(words, out);
      case "sign" -> SignPlugin.run(words, out);
      case "root" -> RootFiles.run(words, out);
      case "pack" -> PackCatalog.run(words, out);
      default -> PluginCompat.run(dist, home, words, out);
    };
  }
}
