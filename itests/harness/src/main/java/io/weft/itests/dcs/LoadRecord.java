package io.weft.itests.dcs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/** What the plugin {@code load} of several nodes wrote and read, and whether that can have been. Not thread-safe. */
public final class LoadRecord {

  /**
   * One answer. Times are of {@link System#nanoTime}, which all processes of a machine share.
   *
   * @param write an acknowledged write; otherwise a read
   * @param number what was written, or seen; each key counts up from 1, and 0 is seen where nothing is
   */
  public record Line(boolean write, String key, long number, long asked, long answered) {

    static Line parse(String text) {
      String[] words = text.split(" ");
      return new Line(words[0].equals("w"), words[1], Long.parseLong(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]));
    }

    /** The smallest number that was known to be there when this was asked must not be larger than what came. */
    private boolean fits(long known) {
      return write ? number > known : number >= known;
    }
  }

  private static final int LATEST = 20_000;

  private final Map<Path, Long> files = new HashMap<>();
  private final List<Line> lines = new ArrayList<>();

  /** @param files one per node; they need not be there yet */
  public LoadRecord(List<Path> files) {
    files.forEach(file -> this.files.put(file, 0L));
  }

  /** Reads what was added since. */
  public LoadRecord update() {
    files.replaceAll((file, from) -> from + (Files.exists(file) ? read(file, from) : 0));
    return this;
  }

  private long read(Path path, long from) {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      byte[] more = new byte[Math.toIntExact(file.length() - from)];
      file.seek(from);
      file.readFully(more);
      String text = new String(more, StandardCharsets.UTF_8);
      int end = text.lastIndexOf('\n') + 1; // the rest is being written
      text.substring(0, end).lines().map(Line::parse).forEach(lines::add);
      return end;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** The last minute or so of all this: enough for who asks all the time. */
  private Stream<Line> latest() {
    return lines.subList(Math.max(0, lines.size() - LATEST), lines.size()).stream();
  }

  /** When the first of those writes was acknowledged that were asked for after {@code time}, which is not long ago. */
  public OptionalLong firstWriteAfter(long time) {
    return latest().filter(line -> line.write && line.asked - time >= 0).mapToLong(Line::answered).min();
  }

  /** Writes that were acknowledged in that time, which is not long ago. */
  public long writesBetween(long from, long to) {
    return latest().filter(line -> line.write && line.answered - from >= 0 && line.answered - to < 0).count();
  }

  /**
   * Answers that cannot be: of a read that saw less than was acknowledged or seen before it was asked for, and of a write of a number that
   * was there already. An acknowledged write that is lost shows as one of them, since every key is read and written again and again.
   */
  public List<String> violations() {
    Map<String, List<Line>> byKey = new HashMap<>();
    lines.forEach(line -> byKey.computeIfAbsent(line.key, key -> new ArrayList<>()).add(line));
    List<String> found = new ArrayList<>();
    byKey.values().forEach(all -> check(all, found));
    return found;
  }

  private static void check(List<Line> all, List<String> found) {
    all.sort(Comparator.comparingLong(Line::asked));
    PriorityQueue<Line> open = new PriorityQueue<>(Comparator.comparingLong(Line::answered));
    Line known = null;
    for (Line line : all) {
      while (!open.isEmpty() && open.peek().answered - line.asked < 0) {
        Line over = open.poll();
        known = known == null || over.number > known.number ? over : known;
      }
      if (known != null && !line.fits(known.number)) {
        found.add(line + " after " + known);
      }
      open.add(line);
    }
  }
}
