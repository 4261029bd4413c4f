package io.weft.dcs.raft.member;

import io.weft.dcs.raft.state.Damaged;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all of the log before it is used. Ratis forgives a segment that ends early and refuses an end that was being written when
 * the power went; here it is the other way round. What was never finished was never promised to anybody, so it is cut off. What
 * was finished and does not fit its checksum is damage.
 */
final class LogCheck {

  private static final Logger log = LoggerFactory.getLogger(LogCheck.class);
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern CLOSED = Pattern.compile("log_(\\d{1,18})-(\\d{1,18})");
  private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d{1,18})");
  private static final long SEGMENT_MAX = 256L << 20;

  private record Segment(Path file, long first, long last) {
    boolean isOpen() {
      return last < 0;
    }
  }

  /** Is shown each entry, in order. */
  interface Reader {
    void entry(long index, byte[] bytes, int at, int length) throws IOException;
  }

  private final boolean repair;
  private final Reader reader;

  private LogCheck(boolean repair, Reader reader) {
    this.repair = repair;
    this.reader = reader;
  }

  /** @throws Damaged with one clear line */
  static void verify(Path directory) throws IOException {
    new LogCheck(true, (index, bytes, at, length) -> { }).all(directory);
  }

  /**
   * Changes nothing: an entry that was never finished is passed over.
   *
   * @throws Damaged with one clear line
   */
  static void read(Path directory, Reader reader) throws IOException {
    new LogCheck(false, reader).all(directory);
  }

  private void all(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    long next = -1;
    for (Segment segment : segments(directory)) {
      if (next >= 0 && segment.first != next) {
        throw new Damaged("entries " + next + " to " + (segment.first - 1) + " of the log are missing");
      }
      next = segment.first + verify(segment);
    }
  }

  private static List<Segment> segments(Path directory) throws IOException {
    List<Segment> segments = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Matcher closed = CLOSED.matcher(file.getFileName().toString());
        Matcher open = OPEN.matcher(file.getFileName().toString());
        if (closed.matches()) {
          segments.add(new Segment(file, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2))));
        } else if (open.matches()) {
          segments.add(new Segment(file, Long.parseLong(open.group(1)), -1));
        }
      }
    }
    segments.sort(Comparator.comparingLong(Segment::first));
    return segments;
  }

  /** Returns how many entries there are. */
  private long verify(Segment segment) throws IOException {
    if (Files.size(segment.file) > SEGMENT_MAX) {
      throw new Damaged(name(segment) + " is longer than any segment is");
    }
    byte[] bytes = Files.readAllBytes(segment.file);
    if (!segment.isOpen() && !LogEntries.startsWith(bytes, HEADER)) {
      throw new Damaged(name(segment) + " does not begin as a segment of the log does");
    }
    if (segment.isOpen() && !LogEntries.startsWith(bytes, HEADER)) {
      if (LogEntries.endOfContent(bytes) > HEADER.length) {
        throw new Damaged(name(segment) + " does not begin as a segment of the log does");
      }
      return 0; // its head was being written
    }
    int at = HEADER.length;
    long count = 0;
    while (LogEntries.hasEntry(bytes, at)) {
      int length = LogEntries.lengthOf(bytes, at);
      if (length < 0) {
        unfinished(segment, bytes, at, segment.first + count);
        return count;
      }
      reader.entry(segment.first + count, bytes, at, length);
      at += length;
      count++;
    }
    if (!segment.isOpen() && count != segment.last - segment.first + 1) {
      throw new Damaged(name(segment) + " ends after entry " + (segment.first + count - 1));
    }
    if (LogEntries.endOfContent(bytes) > at) {
      throw new Damaged(name(segment) + " goes on after its end at byte " + at);
    }
    return count;
  }

  private void unfinished(Segment segment, byte[] bytes, int at, long index) throws IOException {
    if (!segment.isOpen() || !LogEntries.isTorn(bytes, at)) {
      throw new Damaged("entry " + index + " in " + name(segment) + " at byte " + at + " does not fit its checksum");
    }
    if (!repair) {
      return;
    }
    log.info("raft log ends in an unfinished entry, which is cut off file={} byte={}", name(segment), at);
    try (FileChannel file = FileChannel.open(segment.file, StandardOpenOption.WRITE)) {
      file.truncate(at);
      file.force(true);
    }
  }

  private static String name(Segment segment) {
    return segment.file.getFileName().toString();
  }
}
