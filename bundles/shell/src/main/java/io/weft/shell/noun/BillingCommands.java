package io.weft.shell.noun;

import io.weft.billing.Account;
import io.weft.billing.AccountState;
import io.weft.billing.Billing;
import io.weft.billing.BillingStatus;
import io.weft.billing.BillingUnavailable;
import io.weft.billing.Finding;
import io.weft.billing.LedgerEntry;
import io.weft.billing.Statement;
import io.weft.billing.Verification;
import io.weft.node.CommandFailure;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code billing:*} that only looks: who has how much, and why. */
public final class BillingCommands {

  static final String ACCOUNT = "number of the account, or an identity or wallet of it";
  private static final int SHOWN = 50;

  private BillingCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, BillingCommands::status, Spec.of("billing", "status", "Say how billing is doing")
            .example("weft billing status", "is an hour owed?")),
        new Command(services, BillingCommands::accounts, Spec.of("billing", "accounts", "List accounts by number")
            .option("--state", "STATE", "Only those that are active or suspended.", Values.of("active", "suspended"))
            .option("--after", "NUMBER", "Go on after this account.", Values.NONE)
            .option("--max", "N", "How many, 50 by default, 10000 at most.", Values.NONE)
            .example("weft billing accounts --state suspended", "who is not served any more?")),
        new Command(services, BillingCommands::balance, Spec.of("billing", "balance", "Show what an account has")
            .argument("ACCOUNT", ACCOUNT, Values.NONE)
            .example("weft billing balance 17", "by number")
            .example("weft billing balance jane@example.org", "by who it is; only a hash is looked up")),
        new Command(services, BillingCommands::ledger, Spec.of("billing", "ledger", "List the entries of an account, newest first")
            .argument("ACCOUNT", ACCOUNT, Values.NONE)
            .option("--before", "ID", "Go on before this entry.", Values.NONE)
            .option("--max", "N", "How many, 50 by default, 10000 at most.", Values.NONE)
            .flag("--csv", "Print comma-separated values.")
            .example("weft billing ledger 17", "why is it what it is?")),
        new Command(services, BillingCommands::statement, Spec.of("billing", "statement", "Show one month of an account")
            .argument("ACCOUNT", ACCOUNT, Values.NONE)
            .option("--month", "MONTH", "Such as 2026-01, in UTC; this month by default.", Values.NONE)
            .example("weft billing statement 17 --month 2026-01", "what did January cost?")),
        new Command(services, BillingCommands::verify, Spec.of("billing", "verify", "Check the books as a whole")
            .describe("One consistent view of the database, checked from the entries alone: balances are sums, nobody was charged",
                "twice, no deposit was lost or counted twice, no hour is left out, and the database still refuses what must not be.")
            .example("weft billing verify", "exit code 1 if anything is wrong")));
  }

  /** {@code {"billing": {...}}}, see {@link BillingStatus}. */
  private static void status(Invocation in) {
    BillingStatus status = ask(() -> billing(in).status());
    if (in.json()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("accounts", status.accounts());
      map.put("suspended", status.suspended());
      map.put("plan", status.plan());
      map.put("meters", status.meters());
      map.put("deposit_sources", status.depositSources());
      map.put("last_charged", status.lastCharged().map(Object::toString).orElse(null));
      map.put("hours_owed", status.hoursOwed());
      map.put("deposits", status.deposits());
      map.put("unmatched", status.unmatched());
      map.put("singleton", status.singleton());
      map.put("holder", status.holder());
      map.put("switches", new TreeMap<>(status.switches()));
      in.printJson(Map.of("billing", map));
      return;
    }
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("accounts", status.accounts() + ", " + status.suspended() + " suspended");
    rows.put("plan", status.plan().isEmpty() ? Cell.bad("none: nothing is charged") : status.plan());
    rows.put("meters", status.meters().isEmpty() ? "none" : String.join(", ", status.meters()));
    rows.put("charged up to", status.lastCharged().map(Object::toString).orElse("nothing so far"));
    rows.put("hours owed", status.hoursOwed() > 1 ? Cell.warn(Long.toString(status.hoursOwed())) : status.hoursOwed());
    rows.put("deposits", status.deposits() + " credited, " + status.unmatched() + " wait for an account");
    rows.put("deposit sources", status.depositSources().isEmpty() ? "none" : String.join(", ", status.depositSources()));
    rows.put("one node acts by", switch (status.singleton()) {
      case "dcs" -> "a lease of the DCS";
      case "database" -> "the lock of the database, " + (status.holder() ? "held here" : "not held here");
      default -> Cell.warn("nothing: every node acts");
    });
    List<String> off = status.switches().entrySet().stream().filter(e -> !e.getValue()).map(Map.Entry::getKey).sorted().toList();
    rows.put("safety", off.isEmpty() ? Cell.good("on") : Cell.warn("off: " + String.join(", ", off)));
    in.out().pairs(rows);
  }

  /** {@code {"accounts": [{"account", "identity", "state", "balance", "credit_limit", "since"}]}}. */
  private static void accounts(Invocation in) {
    Optional<AccountState> state = in.option("--state").map(s -> state(in, s));
    long after = number(in, "--after", 0);
    int max = max(in);
    List<Account> accounts = ask(() -> billing(in).accounts(after, max, state));
    if (in.json()) {
      in.printJson(Map.of("accounts", accounts.stream().map(BillingCommands::json).toList()));
      return;
    }
    Table table = new Table().right("ACCOUNT").left("STATE").right("BALANCE").right("CREDIT LIMIT").left("SINCE");
    for (Account account : accounts) {
      table.row(account.ref().number(), state(account.state()), money(account.balance()), money(account.creditLimit()), account.since());
    }
    in.out().table(table, "no accounts");
    if (accounts.size() == max) {
      in.out().line(Cell.dim("go on with --after " + accounts.get(max - 1).ref().number()));
    }
  }

  /** {@code {"account": {...}}}, as in the list. */
  private static void balance(Invocation in) {
    Account account = account(in);
    if (in.json()) {
      in.printJson(Map.of("account", json(account)));
      return;
    }
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("account", account.ref().number());
    rows.put("balance", Cell.bold(money(account.balance())));
    rows.put("credit limit", money(account.creditLimit()));
    rows.put("state", state(account.state()));
    rows.put("charged since", account.since());
    in.out().pairs(rows);
  }

  /** {@code {"entries": [{"id", "account", "type", "amount", "reference", "token", "period", "actor", "at"}]}}. */
  private static void ledger(Invocation in) {
    long account = account(in).ref().number();
    long before = number(in, "--before", Long.MAX_VALUE);
    int max = max(in);
    List<LedgerEntry> entries = ask(() -> billing(in).ledger(account, before, max));
    if (in.json()) {
      in.printJson(Map.of("entries", entries.stream().map(BillingCommands::json).toList()));
      return;
    }
    if (in.flag("--csv")) {
      in.out().line("id,account,type,amount,reference,actor,at");
      entries.forEach(e -> in.out().line(e.id(), ",", e.account(), ",", word(e.type()), ",", money(e.amount()), ",", quoted(e.reference()),
          ",", quoted(e.actor()), ",", e.at()));
      return;
    }
    Table table = new Table().right("ID").left("AT").left("TYPE").right("AMOUNT").left("REFERENCE").left("BY");
    entries.forEach(e -> table.row(e.id(), Text.time(e.at()), word(e.type()), money(e.amount()), e.reference(), e.actor()));
    in.out().table(table, "no entries");
  }

  /** {@code {"statement": {"account", "month", "opening", "closing", "lines": [{"type", "count", "amount"}]}}}. */
  private static void statement(Invocation in) {
    YearMonth month = in.option("--month").map(m -> month(in, m)).orElseGet(() ->
        YearMonth.from(in.services().now().atOffset(ZoneOffset.UTC)));
    long account = account(in).ref().number();
    Statement statement = ask(() -> billing(in).statement(account, month)).orElseThrow(() -> none(in.argument(0)));
    if (in.json()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("account", account);
      map.put("month", month);
      map.put("opening", money(statement.opening()));
      map.put("closing", money(statement.closing()));
      map.put("lines", statement.lines().stream().map(l -> {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("type", word(l.type()));
        line.put("count", l.count());
        line.put("amount", money(l.amount()));
        return line;
      }).toList());
      in.printJson(Map.of("statement", map));
      return;
    }
    Table table = new Table().left("").right("ENTRIES").right("AMOUNT");
    table.row("balance before", "", money(statement.opening()));
    statement.lines().forEach(l -> table.row(word(l.type()) + "s", l.count(), money(l.amount())));
    table.row(Cell.bold("balance after"), "", Cell.bold(money(statement.closing())));
    in.out().line("account ", account, ", ", month, " (UTC)");
    in.out().table(table, "");
  }

  /** {@code {"good", "accounts", "entries", "balance", "checks": [{"check", "wrong", "detail"}]}}. */
  private static void verify(Invocation in) {
    Verification found = ask(() -> billing(in).verify());
    if (in.json()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("good", found.good());
      map.put("accounts", found.accounts());
      map.put("entries", found.entries());
      map.put("balance", money(found.balance()));
      map.put("checks", found.findings().stream().map(f -> {
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("check", f.check());
        check.put("wrong", f.wrong());
        check.put("detail", f.detail());
        return check;
      }).toList());
      in.printJson(map);
    } else {
      found.findings().stream().filter(f -> !f.good()).forEach(f -> in.out().line(Cell.bad("wrong"), "  ", f.check(), ": ", f.wrong(),
          " cases, ", f.detail()));
      in.out().line(found.good() ? Cell.good("verified") : Cell.bad("WRONG"), ": ", found.accounts(), " accounts, ", found.entries(),
          " entries, balances ", money(found.balance()), " in all; ", found.findings().stream().filter(Finding::good).count(), " of ",
          found.findings().size(), " checks good");
    }
    if (!found.good()) {
      throw new CommandFailure(CommandFailure.CHECK, "the books are wrong");
    }
  }

  static Billing billing(Invocation in) {
    return in.services().need(Billing.class);
  }

  interface Asked<T> {
    T ask();
  }

  /** A database that does not answer is something to be put right first, not a mistake of the command. */
  static <T> T ask(Asked<T> asked) {
    try {
      return asked.ask();
    } catch (BillingUnavailable e) {
      throw new CommandFailure(CommandFailure.PRECONDITION, "billing: " + Text.clean(String.valueOf(e.getMessage())));
    }
  }

  static Account account(Invocation in) {
    String word = in.argument(0);
    return ask(() -> word.matches("[0-9]{1,18}") ? billing(in).account(Long.parseLong(word)) : billing(in).find(word))
        .orElseThrow(() -> none(word));
  }

  /** Does not repeat who was asked for: failures are logged. */
  private static CommandFailure none(String word) {
    return new CommandFailure(CommandFailure.PRECONDITION,
        word.matches("[0-9]{1,18}") ? "there is no account " + word : "no account has this identity");
  }

  static String money(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static AccountState state(Invocation in, String word) {
    try {
      return AccountState.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw in.usage("takes --state active or --state suspended");
    }
  }

  private static Cell state(AccountState state) {
    return state == AccountState.ACTIVE ? Cell.good("active") : Cell.warn("suspended");
  }

  private static long number(Invocation in, String option, long otherwise) {
    return in.option(option).map(text -> {
      if (!text.matches("[0-9]{1,18}")) {
        throw in.usage("needs a number after " + option);
      }
      return Long.parseLong(text);
    }).orElse(otherwise);
  }

  private static int max(Invocation in) {
    long max = number(in, "--max", SHOWN);
    if (max < 1 || max > Billing.BATCH_MAX) {
      throw in.usage("takes --max from 1 to " + Billing.BATCH_MAX);
    }
    return (int) max;
  }

  private static YearMonth month(Invocation in, String text) {
    try {
      return YearMonth.parse(text);
    } catch (DateTimeException e) {
      throw in.usage("needs a month such as 2026-01 after --month");
    }
  }

  private static String quoted(String value) {
    return value.chars().anyMatch(c -> c == ',' || c == '"') ? '"' + value.replace("\"", "\"\"") + '"' : value;
  }

  private static Map<String, Object> json(Account account) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("account", account.ref().number());
    map.put("identity", account.ref().identity());
    map.put("state", word(account.state()));
    map.put("balance", money(account.balance()));
    map.put("credit_limit", money(account.creditLimit()));
    map.put("since", account.since());
    return map;
  }

  private static Map<String, @Nullable Object> json(LedgerEntry entry) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("id", entry.id());
    map.put("account", entry.account());
    map.put("type", word(entry.type()));
    map.put("amount", money(entry.amount()));
    map.put("reference", entry.reference());
    map.put("token", entry.token());
    map.put("period", entry.period());
    map.put("actor", entry.actor());
    map.put("at", entry.at());
    return map;
  }
}
