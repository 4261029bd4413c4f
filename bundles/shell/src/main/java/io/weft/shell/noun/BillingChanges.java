package io.weft.shell.noun;

import io.weft.billing.Billing;
import io.weft.billing.ChargePreview;
import io.weft.billing.Hour;
import io.weft.billing.NewAccount;
import io.weft.billing.Reading;
import io.weft.coordination.Jobs;
import io.weft.node.CommandFailure;
import io.weft.node.Node;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Values;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code billing:*} that moves something; each a dry run unless told otherwise. */
public final class BillingChanges {

  private static final String JOB = "hourly-deduction";
  private static final int LINES_MAX = 10_000_000;

  private BillingChanges() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, BillingChanges::charge, Spec.of("billing", "charge", "Say what charging an hour would do")
            .describe("With --yes the job that charges is asked to run now, besides its schedule. It charges all hours that are owed",
                "and no others, however often it is asked.")
            .option("--hour", "HOUR", "Such as 2026-01-31T09, in UTC; the last one that is over by default.", Values.NONE)
            .flag("--dry-run", "Only say it; this is what happens without --yes too.")
            .dryRunUnlessYes()
            .example("weft billing charge --dry-run", "what will it cost whom?")),
        new Command(services, BillingChanges::adjust, Spec.of("billing", "adjust", "Move money by hand, with a reference")
            .describe("Entries are never changed: this adds one. The same reference a second time does nothing.")
            .argument("ACCOUNT", BillingCommands.ACCOUNT, Values.NONE)
            .argument("AMOUNT", "what the balance changes by, such as 2.50; a credit", Values.NONE)
            .option("--reference", "TEXT", "Why; 1 to 200 characters, and nothing personal, since it is kept.", Values.NONE)
            .flag("--debit", "Take it rather than give it.")
            .dryRunUnlessYes()
            .example("weft billing adjust 17 2.50 --reference ticket-4711 --yes", "goodwill")),
        new Command(services, BillingChanges::link, Spec.of("billing", "attach", "Let a wallet or other identity stand for an account")
            .argument("ACCOUNT", BillingCommands.ACCOUNT, Values.NONE)
            .argument("IDENTITY", "such as the address of a wallet; only its hash is kept", Values.NONE)
            .dryRunUnlessYes()
            .example("weft billing attach 17 0x52908400098527886E0F7030069857D2E4169EE7 --yes", "deposits of it are credited")),
        new Command(services, BillingChanges::bring, Spec.of("billing", "import", "Open accounts and note what they store, from a file")
            .describe("One account per line: IDENTITY,BYTES. Those that are there stay; the bytes are a new reading of the meter",
                "'storage'. Only hashes of the identities are kept.")
            .argument("FILE", "absolute path of a CSV file on the machine of the node", Values.FILES)
            .option("--since", "HOUR", "First hour to charge to new accounts, such as 2026-01-31T09; by default the current one. Hours "
                + "whose charging has begun are out of reach.", Values.NONE)
            .option("--credit", "AMOUNT", "Credit limit of new accounts, 0 by default.", Values.NONE)
            .dryRunUnlessYes()
            .example("weft billing import /srv/accounts.csv --yes", "begin with what is there")));
  }

  /** {@code {"hour", "plan", "charged", "free", "skipped", "done", "total", "largest": [...], "asked", "dry_run"}}. */
  private static void charge(Invocation in) throws InterruptedException {
    if (in.yes() && in.flag("--dry-run")) {
      throw in.usage("takes --yes or --dry-run, not both");
    }
    Hour hour = hour(in, "--hour").orElseGet(() -> Hour.of(in.services().now()).plus(-1));
    ChargePreview preview = BillingCommands.ask(() -> BillingCommands.billing(in).preview(hour));
    if (in.yes()) {
      Answers.await(in.services().need(Jobs.class).run(JOB));
    }
    if (in.json()) {
      json(in, preview);
      return;
    }
    in.out().line(hour, " by plan '", preview.plan(), "': ", Cell.bold(BillingCommands.money(preview.total())), " from ", preview.charged(),
        " accounts; ", preview.free(), " pay nothing, ", preview.skipped(), " are suspended, ", preview.done(), " were charged already");
    Table table = new Table().right("ACCOUNT").right("AMOUNT").right("BALANCE AFTER");
    preview.largest().forEach(l -> table.row(l.account(), BillingCommands.money(l.amount()), BillingCommands.money(l.balanceAfter())));
    if (!table.isEmpty()) {
      in.out().section("largest", table, "");
    }
    in.out().line(in.yes() ? Cell.good("the job " + JOB + " was asked to run; see 'job history " + JOB + "'")
        : Cell.dim("nothing was done; add --yes to charge what is owed"));
  }

  private static void json(Invocation in, ChargePreview preview) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("hour", preview.hour());
    map.put("plan", preview.plan());
    map.put("charged", preview.charged());
    map.put("free", preview.free());
    map.put("skipped", preview.skipped());
    map.put("done", preview.done());
    map.put("total", BillingCommands.money(preview.total()));
    map.put("largest", preview.largest().stream().map(l -> {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("account", l.account());
      line.put("amount", BillingCommands.money(l.amount()));
      line.put("balance_after", BillingCommands.money(l.balanceAfter()));
      return line;
    }).toList());
    map.put("asked", in.yes());
    map.put("dry_run", !in.yes());
    in.printJson(map);
  }

  /** {@code {"account", "amount", "reference", "made", "dry_run"}}. */
  private static void adjust(Invocation in) {
    long account = BillingCommands.account(in).ref().number();
    BigDecimal given = amount(in, in.argument(1));
    BigDecimal amount = in.flag("--debit") ? given.negate() : given;
    String reference = in.option("--reference").orElseThrow(() -> in.usage("needs --reference, which says why for ever"));
    boolean made = in.yes() && BillingCommands.ask(() -> adjust(in, account, amount, reference));
    String text = BillingCommands.money(amount);
    if (in.json()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("account", account);
      map.put("amount", text);
      map.put("reference", reference);
      map.put("made", made);
      map.put("dry_run", !in.yes());
      in.printJson(map);
    } else if (!in.yes()) {
      would(in, "change the balance of account " + account + " by " + text);
    } else {
      in.out().line(made ? "account " + account + " changed by " + text : "nothing was done: this reference was used before");
    }
  }

  private static boolean adjust(Invocation in, long account, BigDecimal amount, String reference) {
    try {
      return BillingCommands.billing(in).adjust(account, amount, reference, actor(in));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw in.usage("cannot do that: " + e.getMessage());
    }
  }

  /** {@code {"account", "linked", "dry_run"}}. */
  private static void link(Invocation in) {
    long account = BillingCommands.account(in).ref().number();
    boolean linked = in.yes() && BillingCommands.ask(() -> BillingCommands.billing(in).link(account, in.argument(1), actor(in)));
    if (in.yes() && !linked) {
      throw new CommandFailure(CommandFailure.CHECK, "another account has this identity");
    }
    if (in.json()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("account", account);
      map.put("linked", linked);
      map.put("dry_run", !in.yes());
      in.printJson(map);
    } else if (in.yes()) {
      in.out().line("linked to account ", account);
    } else {
      would(in, "link it to account " + account);
    }
  }

  /** {@code {"lines", "opened", "dry_run"}}. */
  private static void bring(Invocation in) {
    Hour from = Hour.of(in.services().now());
    Hour since = hour(in, "--since").orElse(from);
    boolean given = in.option("--since").isPresent();
    BigDecimal credit = in.option("--credit").map(c -> amount(in, c)).orElse(BigDecimal.ZERO);
    Path file = Path.of(in.argument(0));
    if (!file.isAbsolute()) {
      throw in.usage("needs an absolute path: the file is read by the node");
    }
    long[] sums = new long[2];
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      List<String[]> batch = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        sums[0]++;
        batch.add(fields(line, sums[0]));
        if (batch.size() == Billing.BATCH_MAX) {
          bring(in, batch, given ? Optional.of(since) : Optional.empty(), since, credit, sums);
          batch.clear();
        }
      }
      bring(in, batch, given ? Optional.of(since) : Optional.empty(), since, credit, sums);
    } catch (CharacterCodingException e) {
      throw new CommandFailure(CommandFailure.PRECONDITION, "line " + (sums[0] + 1) + " or one after it is not UTF-8");
    } catch (IOException e) {
      throw new CommandFailure(CommandFailure.PRECONDITION, "the file cannot be read: " + e.getClass().getSimpleName());
    }
    if (in.json()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("lines", sums[0]);
      map.put("opened", sums[1]);
      map.put("dry_run", !in.yes());
      in.printJson(map);
    } else if (in.yes()) {
      in.out().line(sums[1], " accounts opened, ", sums[0], " readings noted");
    } else {
      would(in, "open up to " + sums[0] + " accounts");
    }
  }

  private static void bring(
      Invocation in, List<String[]> batch, Optional<Hour> since, Hour hour, BigDecimal credit, long[] sums) {
    if (in.yes() && !batch.isEmpty()) {
      List<NewAccount> accounts = batch.stream().map(f -> new NewAccount(f[0], since, credit)).toList();
      List<Reading> readings = batch.stream().map(f -> new Reading(f[0], "storage", hour, new BigDecimal(f[1]))).toList();
      sums[1] += BillingCommands.ask(() -> BillingCommands.billing(in).open(accounts, readings, actor(in)));
    }
  }

  private static String[] fields(String line, long number) {
    int comma = line.lastIndexOf(',');
    String bytes = line.substring(comma + 1).strip();
    if (comma < 1 || comma > 512 || line.substring(0, comma).isBlank() || !bytes.matches("[0-9]{1,18}") || number > LINES_MAX) {
      throw new CommandFailure(CommandFailure.PRECONDITION, "line " + number + ": expected IDENTITY,BYTES");
    }
    return new String[] {line.substring(0, comma), bytes};
  }

  private static void would(Invocation in, String what) {
    in.out().line("would ", what);
    in.out().line(Cell.dim("nothing was done; add --yes to do it"));
  }

  private static BigDecimal amount(Invocation in, String text) {
    if (!text.matches("[0-9]{1,20}(\\.[0-9]{1,18})?")) {
      throw in.usage("needs an amount such as 2.50");
    }
    return new BigDecimal(text);
  }

  private static Optional<Hour> hour(Invocation in, String option) {
    try {
      return in.option(option).map(Hour::parse);
    } catch (IllegalArgumentException e) {
      throw in.usage("needs an hour such as 2026-01-31T09 after " + option);
    }
  }

  private static String actor(Invocation in) {
    return "operator@" + in.services().find(Node.class).map(Node::name).orElse("node");
  }
}
