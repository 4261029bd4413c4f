package io.weft.launcher.dev;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.launcher.Signals;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** The options of {@code weft dev}, and its turns: build, give it to the nodes, wait for the next change. */
public final class DevCommand {

  private final PrintStream out;
  private final DevBuild build;
  private final DevNodes nodes;

  private DevCommand(PrintStream out, DevBuild build, DevNodes nodes) {
    this.out = out;
    this.build = build;
    this.nodes = nodes;
  }

  /** @return the exit code; the caller must end the JVM with it */
  public static int run(Dist dist, List<String> words, PrintStream out) throws Failure {
    DevOptions options = DevOptions.parse(words);
    Path project = options.project();
    if (!Files.isRegularFile(project.resolve("pom.xml")) || !Files.isDirectory(project.resolve("src/main"))) {
      throw new Failure(Failure.PRECONDITION, project + " is not the project of a plugin: there is no pom.xml, or no src/main; "
          + "make one with weft plugin new");
    }
    DevBuild build = new DevBuild(project, System.getenv());
    AtomicBoolean ending = new AtomicBoolean();
    try (SourceWatch watch = SourceWatch.of(project); DevNodes nodes = new DevNodes(dist, project, options.nodes(), options.port())) {
      Runtime.getRuntime().addShutdownHook(new Thread(nodes::close, "weft-launcher-dev-end"));
      Signals.on(() -> {
        if (ending.compareAndSet(false, true)) {
          System.exit(0); // the hook ends the nodes
        }
      }, "INT", "TERM", "HUP");
      DevCommand dev = new DevCommand(out, build, nodes);
      dev.first(options);
      while (true) {
        dev.next(watch.await());
      }
    } catch (IOException e) {
      throw new Failure(Failure.CHECK, "cannot go on in " + project + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw new Failure(Failure.CHECK, "interrupted", e);
    }
  }

  private void first(DevOptions options) throws Failure, IOException, InterruptedException {
    out.println("building");
    DevBuild.Outcome outcome = build.run();
    Path jar = outcome.jar().orElseThrow(() -> new Failure(Failure.CHECK, "it does not build:\n" + outcome.failed()));
    out.println("starting " + (options.nodes() == 1 ? "a node" : options.nodes() + " nodes, linked,") + " in " + nodes.folder());
    nodes.start();
    nodes.give(jar);
    out.println("running with " + jar.getFileName() + "; save a file and it is built and taken; Ctrl-C ends it. In another terminal:");
    out.println("  weft plugin list --home " + nodes.home("a"));
  }

  /** A build that fails leaves the nodes as they are. */
  private void next(SourceWatch.Change change) throws InterruptedException, IOException {
    out.println("changed: " + change.file());
    DevBuild.Outcome outcome = build.run();
    if (outcome.jar().isEmpty()) {
      out.println("not built, the nodes go on with what they have:");
      out.println(outcome.failed());
      return;
    }
    try {
      nodes.give(outcome.jar().get());
    } catch (Failure e) {
      out.println("built, but not taken: " + e.getMessage());
      return;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - change.nanos());
    out.println(String.format(Locale.ROOT, "reloaded in %.1f s", took.toMillis() / 1e3));
  }
}
