package io.weft.itests.bench;

import io.weft.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Figures of one benchmark: a table for people, JSON for tools, and whether each is what it should be. */
final class Report {

  private record Row(String what, double value, String unit, @Nullable String wanted, @Nullable Boolean met, String note) {}

  private final String name;
  private final List<Row> rows = new ArrayList<>();
  private final List<Map<String, Object>> samples = new ArrayList<>();

  Report(String name) {
    this.name = name;
  }

  /** A figure that stands for itself, such as a baseline. */
  void figure(String what, double value, String unit, String note) {
    rows.add(new Row(what, value, unit, null, null, note));
  }

  void atLeast(String what, double value, double wanted, String unit) {
    rows.add(new Row(what, value, unit, "at least " + number(wanted), value >= wanted, ""));
  }

  void atMost(String what, double value, double wanted, String unit) {
    rows.add(new Row(what, value, unit, "at most " + number(wanted), value <= wanted, ""));
  }

  /** A single measurement, for the JSON only. Alternating keys and values. */
  void sample(Object... keysAndValues) {
    Map<String, Object> sample = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      sample.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    samples.add(sample);
    System.out.println("  " + Json.compact(sample));
  }

  /** Whether every figure that has a wanted value reached it. */
  boolean isMet() {
    return rows.stream().allMatch(row -> row.met == null || row.met);
  }

  void print() {
    System.out.printf("%n== %s%n", name);
    for (Row row : rows) {
      String verdict = row.met == null ? row.note : (row.met ? "ok, " : "MISSED, ") + row.wanted;
      System.out.printf(Locale.ROOT, "%-58s %12s %-8s %s%n", row.what, number(row.value), row.unit, verdict);
    }
  }

  void write(Path directory) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("benchmark", name);
    all.put("at", Instant.now().toString());
    all.put("cores", Runtime.getRuntime().availableProcessors());
    all.put("figures", rows.stream().map(Report::json).toList());
    all.put("samples", samples);
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve(name + ".json"), Json.lines(all) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> json(Row row) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("what", row.what);
    map.put("value", row.value);
    map.put("unit", row.unit);
    if (row.wanted != null) {
      map.put("wanted", row.wanted);
      map.put("met", row.met);
    }
    return map;
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "none";
    }
    if (value == Math.rint(value) || Math.abs(value) >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.3f", value);
  }
}
