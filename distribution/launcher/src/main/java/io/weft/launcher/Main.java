package io.weft.launcher;

import io.weft.launcher.control.ControlCommands;
import io.weft.launcher.demo.DemoCommand;
import io.weft.launcher.dev.DevCommand;
import io.weft.launcher.framework.Archive;
import io.weft.launcher.framework.Offline;
import io.weft.launcher.framework.RunCommand;
import io.weft.launcher.plugin.PluginCommands;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.List;

/** The command {@code weft}. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    int code;
    try {
      if (CommandLine.parse(List.of(args)).command().equals("run")) {
        RunCommand.endAtOnceOnSignal();
      }
      code = run(List.of(args), System.out, System.err);
    } catch (Failure e) {
      System.err.println("weft: " + e.getMessage());
      code = e.exitCode();
    } catch (RuntimeException | Error e) {
      // A fault of ours: the trace is what a report needs. Without the exit, threads of bundles would keep a dead process alive.
      e.printStackTrace();
      code = Failure.CHECK;
    }
    System.exit(code);
  }

  static int run(List<String> args, PrintStream out, PrintStream err) throws Failure {
    CommandLine line = CommandLine.parse(args);
    Dist dist = Dist.locate();
    Home home = Home.of(line, System.getenv());
    boolean help = line.wantsHelp();
    if (line.words().isEmpty() && args.isEmpty() || line.command().startsWith("-") && help) {
      out.print(Help.of(""));
      return 0;
    }
    if (line.command().equals("help")) {
      return help(line, home, out);
    }
    if (help && Help.has(line.noun()) && !(line.noun().equals("plugin") && isNodesPlugin(pluginVerb(line)))) {
      out.print(Help.of(line.noun()));
      return 0;
    }
    return switch (line.command()) {
      case "run" -> RunCommand.run(dist, home, line.rest());
      case "init" -> BundleCli.ofNode("InitCli", dist, home, line.rest(), out, err);
      case "config" -> config(line, dist, home, out, err);
      case "plugin", "plugin:new", "plugin:validate", "plugin:reference", "plugin:compat", "plugin:key", "plugin:sign",
          "plugin:root", "plugin:pack" ->
          plugin(line, dist, home, out, err);
      case "dcs", "dcs:recover" -> dcs(line, dist, home, out, err);
      case "dev" -> DevCommand.run(dist, line.rest(), out);
      case "demo" -> DemoCommand.run(dist, line.rest(), out);
      case "archive" -> Archive.command(dist, line.rest(), out);
      case "version", "--version" -> Version.print(dist, line.rest(), out);
      case "shell" -> ControlCommands.shell(home, line.rest());
      case "" -> throw Failure.usage("no command; see weft --help");
      default -> {
        if (line.command().startsWith("-")) {
          throw Failure.usage("unknown option '" + line.command() + "'; see weft --help");
        }
        yield ControlCommands.exec(home, line.words());
      }
    };
  }

  /** What we know ourselves, then what the node says if it runs: only it knows its commands. */
  private static int help(CommandLine line, Home home, PrintStream out) throws Failure {
    String topic = line.rest().isEmpty() ? "" : line.rest().get(0);
    boolean ours = topic.isEmpty() || Help.has(topic);
    if (ours) {
      out.print(Help.of(topic));
    }
    boolean running = Files.exists(home.controlSocket());
    if (!running || ours && !topic.isEmpty()) {
      if (!ours) {
        throw new Failure(Failure.PRECONDITION, "node not running: only it knows what '" + topic + "' is; weft help alone lists the rest");
      }
      return 0;
    }
    out.println();
    out.flush();
    return ControlCommands.exec(home, line.words());
  }

  /** Those that authors of plugins use need no node; any other verb is the node's. */
  private static int plugin(CommandLine line, Dist dist, Home home, PrintStream out, PrintStream err) throws Failure {
    String verb = pluginVerb(line);
    List<String> words = line.command().equals("plugin") && !line.rest().isEmpty() ? line.rest().subList(1, line.rest().size()) : line.rest();
    if (verb.equals("reference")) {
      return BundleCli.ofNode("PluginReferenceCli", dist, home, words, out, err);
    }
    if (isNodesPlugin(verb)) {
      return ControlCommands.exec(home, line.words());
    }
    if (!PluginCommands.has(verb)) {
      throw Failure.usage("weft plugin needs one of new, validate, reference, compat, key, sign, root, pack; see weft plugin --help");
    }
    return PluginCommands.run(dist, home, verb, words, out);
  }

  /** {@code recover} needs a node that does not run; any other verb is the node's. */
  private static int dcs(CommandLine line, Dist dist, Home home, PrintStream out, PrintStream err) throws Failure {
    boolean joined = line.command().equals("dcs:recover");
    if (!joined && (line.rest().isEmpty() || !line.rest().get(0).equals("recover"))) {
      return ControlCommands.exec(home, line.words());
    }
    List<String> words = joined ? line.rest() : line.rest().subList(1, line.rest().size());
    Offline.Work recover = () -> BundleCli.run("io.weft.dcs.raft.cli.RecoverCli", dist, home, words, out, err);
    return line.wantsHelp() ? recover.run() : Offline.run(home, recover);
  }

  private static String pluginVerb(CommandLine line) {
    return line.command().startsWith("plugin:") ? line.command().substring("plugin:".length())
        : line.rest().isEmpty() ? "" : line.rest().get(0);
  }

  private static boolean isNodesPlugin(String verb) {
    return !verb.isEmpty() && !verb.startsWith("-") && !verb.equals("reference") && !PluginCommands.has(verb);
  }

  /** {@code validate}, {@code schema}, {@code reference} and {@code explain} need no node; any other verb is the node's. */
  private static int config(CommandLine line, Dist dist, Home home, PrintStream out, PrintStream err) throws Failure {
    String verb = line.rest().isEmpty() ? "" : line.rest().get(0);
    if (verb.equals("--help") || verb.equals("-h") || List.of("validate", "schema", "reference", "explain").contains(verb)) {
      return BundleCli.ofNode("ConfigCli", dist, home, line.rest(), out, err);
    }
    if (verb.isEmpty() || verb.startsWith("-")) {
      throw Failure.usage("weft config needs one of validate, schema, reference, explain, show; see weft config --help");
    }
    return ControlCommands.exec(home, line.words());
  }
}
