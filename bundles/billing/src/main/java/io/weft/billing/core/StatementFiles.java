package io.weft.billing.core;

import io.weft.billing.ledger.Books;
import io.weft.billing.ledger.MonthlySums;
import io.weft.coordination.JobRun;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** One CSV file per month, one line per account, by number: what it began with, what came and went, what is left. */
final class StatementFiles {

  private static final String HEAD = "account,opening,charges,deposits,adjustments,closing\n";

  private final Books books;
  private final Path directory;

  StatementFiles(Books books, Path home) {
    this.books = books;
    this.directory = home.resolve("data/billing/statements");
  }

  /** The month before the one that the run is for. Done again, it is the same file again. */
  void export(JobRun run) throws Exception {
    YearMonth month = YearMonth.from(run.period().atOffset(ZoneOffset.UTC)).minusMonths(1);
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path file = directory.resolve("statements-" + month + ".csv");
    Path part = directory.resolve("statements-" + month + ".csv.part");
    long lines = write(run, month, part);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    run.progress(lines + " statements for " + month, 1);
  }

  private long write(JobRun run, YearMonth month, Path part) throws Exception {
    long[] lines = {0};
    try (BufferedWriter out = Files.newBufferedWriter(part)) {
      out.write(HEAD);
      MonthlySums sums = new MonthlySums(books, month);
      long after = 0;
      while (after >= 0) {
        run.check();
        after = sums.next(after, line -> write(out, line, lines));
        run.progress(lines[0] + " statements for " + month, Double.NaN);
      }
    }
    return lines[0];
  }

  private static void write(BufferedWriter out, String line, long[] lines) throws IOException {
    out.write(line);
    out.write('\n');
    lines[0]++;
  }
}
