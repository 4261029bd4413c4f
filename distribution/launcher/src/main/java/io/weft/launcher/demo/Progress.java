package io.weft.launcher.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What somebody sees: one line per step, and a table at the end. */
final class Progress {

  /** @param detail what was measured, or what went wrong */
  record Result(String step, boolean good, String detail, long millis) {}

  private static final int STEP_WIDTH = 46;

  private final PrintStream out;
  private final boolean colours;
  private final List<Result> results = new ArrayList<>();

  Progress(PrintStream out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  void begin(String step) {
    out.print(step + " " + ".".repeat(Math.max(3, STEP_WIDTH - step.length())) + " ");
    out.flush();
  }

  void end(Result result) {
    results.add(result);
    out.println(mark(result) + "  " + result.detail());
  }

  void note(String text) {
    out.println(text);
  }

  void summary() {
    int width = results.stream().mapToInt(result -> result.step().length()).max().orElse(0);
    out.println();
    for (Result result : results) {
      out.printf("  %s  %-" + width + "s  %6.1f s  %s%n", mark(result), result.step(), result.millis() / 1000.0, result.detail());
    }
    long failed = results.stream().filter(result -> !result.good()).count();
    out.println();
    out.println(failed == 0 ? "All " + results.size() + " steps worked." : failed + " of " + results.size() + " steps failed: "
        + String.join("; ", results.stream().filter(result -> !result.good()).map(Result::step).toList()) + ".");
  }

  /** {@code {"good", "steps": [{"step", "good", "seconds", "detail"}]}}. */
  Map<String, Object> json() {
    List<Map<String, Object>> steps = new ArrayList<>();
    for (Result result : results) {
      Map<String, Object> step = new LinkedHashMap<>();
      step.put("step", result.step());
      step.put("good", result.good());
      step.put("seconds", result.millis() / 1000.0);
      step.put("detail", result.detail());
      steps.add(step);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("good", results.stream().allMatch(Result::good));
    json.put("steps", steps);
    return json;
  }

  void invitation(Demo demo) {
    out.println();
    out.println(demo.whatStays() + " up until Ctrl-C. Try, in another terminal:");
    for (String line : demo.commandsToTry()) {
      out.println("  " + line);
    }
  }

  private String mark(Result result) {
    if (!colours) {
      return result.good() ? "ok    " : "FAILED";
    }
    return result.good() ? "\u001b[32mok\u001b[0m    " : "\u001b[1;31mFAILED\u001b[0m";
  }
}
