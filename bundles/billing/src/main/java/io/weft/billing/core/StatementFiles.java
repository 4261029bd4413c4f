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
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One file per month, one line per account, by number: what it began with, what came and went, what is left. */
final class StatementFiles {

  private static final Pattern NAME = Pattern.compile("statements-([0-9]{4}-(?:0[1-9]|1[0-2]))\\.(?:csv|json)(?:\\.part)?");

  private final Books books;
  private final Path directory;
  private final StatementForm form;
  private final int months;

  /** @param months how many months stay */
  StatementFiles(Books books, Path home, StatementForm form, int months) {
    this.books = books;
    this.directory = home.resolve("data/billing/statements");
    this.form = form;
    this.months = months;
  }

  /** The month before the one that the run is for. Done again, it is the same file again. */
  void export(JobRun run) throws Exception {
    YearMonth month = YearMonth.from(run.period().atOffset(ZoneOffset.UTC)).minusMonths(1);
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    removeUpTo(month.minusMonths(months));
    Path file = directory.resolve("statements-" + month + "." + form.ending());
    Path part = directory.resolve(file.getFileName() + ".part");
    long lines = write(run, month, part);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    run.progress(lines + " statements for " + month, 1);
  }

  private long write(JobRun run, YearMonth month, Path part) throws Exception {
    long[] lines = {0};
    try (BufferedWriter out = Files.newBufferedWriter(part)) {
      out.write(form.head());
      MonthlySums sums = new MonthlySums(books, month);
      long after = 0;
      while (after >= 0) {
        run.check();
        after = sums.next(after, one -> {
          out.write(form.before(lines[0] == 0));
          out.write(form.text(one));
          lines[0]++;
        });
        run.progress(lines[0] + " statements for " + month, Double.NaN);
      }
      out.write(form.end());
    }
    return lines[0];
  }

  /** Our own files only. */
  private void removeUpTo(YearMonth last) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> old = files.filter(file -> {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() && !YearMonth.parse(name.group(1)).isAfter(last);
      }).toList();
      for (Path file : old) {
        Files.delete(file);
      }
    }
  }
}
