package org.example.usagefiles;

import io.weft.billing.AccountRef;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a file says: a line per account, {@code ACCOUNT,QUANTITY}. The account is its number, or the hash of its identity as
 * {@code weft billing} shows it; never the identity itself. Lines that begin with # and empty ones count for nothing.
 */
final class UsageTable {

  // Bounded, so that no number is larger than what fits in the books, and no line longer than it needs to be.
  private static final Pattern LINE = Pattern.compile("([0-9]{1,18}|[0-9a-f]{64}),([0-9]{1,20}(?:\\.[0-9]{1,18})?)");
  private static final int LINE_MAX = 256;
  private static final int LINES_MAX = 10_000_000;
  private static final int HASH = 64;

  private UsageTable() {}

  /** Of these accounts alone, so that memory does not depend on the size of the file. */
  static Map<Long, BigDecimal> read(BufferedReader lines, List<AccountRef> accounts) throws IOException {
    Map<String, Long> wanted = new HashMap<>();
    for (AccountRef account : accounts) {
      wanted.put(Long.toString(account.number()), account.number());
      wanted.put(account.identity(), account.number());
    }
    Map<Long, BigDecimal> used = new HashMap<>();
    int number = 0;
    for (String line = line(lines, 1); line != null; line = line(lines, number + 1)) {
      number++;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new MalformedUsage(number, "expected ACCOUNT,QUANTITY such as 17,524288000");
      }
      Long account = wanted.get(key(matcher.group(1)));
      if (account != null && used.putIfAbsent(account, new BigDecimal(matcher.group(2))) != null) {
        throw new MalformedUsage(number, "account " + account + " has a line already; add the two up");
      }
    }
    return used;
  }

  /** Numbers may have zeros in front. */
  private static String key(String account) {
    return account.length() == HASH ? account : Long.toString(Long.parseLong(account));
  }

  private static @Nullable String line(BufferedReader lines, int number) throws IOException {
    if (number > LINES_MAX) {
      throw new MalformedUsage(number, "more than " + LINES_MAX + " lines");
    }
    StringBuilder line = new StringBuilder();
    int c = lines.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = lines.read()) {
      if (line.length() == LINE_MAX) {
        throw new MalformedUsage(number, "longer than " + LINE_MAX + " characters");
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }
}
