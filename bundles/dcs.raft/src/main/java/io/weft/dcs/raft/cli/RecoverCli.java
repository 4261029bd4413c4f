package io.weft.dcs.raft.cli;

import io.weft.dcs.raft.member.Recovery;
import io.weft.dcs.raft.member.Recovery.Plan;
import io.weft.support.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code weft dcs recover}: without a framework, called by the launcher, which holds the lock of the home, so that no node runs
 * there.
 */
public final class RecoverCli {

  private static final int OK = 0;
  private static final int CHECK = 1;
  private static final int USAGE = 2;
  private static final int PRECONDITION = 3;

  private static final String HELP =
      """
      weft dcs recover: after a majority of the members of dcs.raft was lost for good, make a store of what this one has.

      Usage: weft dcs recover [--home DIR] [--yes] [--json]

      The node must be stopped. It becomes the only member of a new store with all the keys that are on its disk; the others,
      and what only they had confirmed, are lost. Without --yes it only says what it would do. Ask so on every member that is
      left, and recover on the one with the largest term, and of those the largest entry. Fencing tokens go on growing.

        --yes                do it
        --json               as JSON

      Examples:
        weft dcs recover --home /srv/weft
        weft dcs recover --home /srv/weft --yes
      """;

  private RecoverCli() {}

  /**
   * @param args the words behind {@code weft dcs recover}
   * @return the exit code
   */
  public static int run(String[] args, Path home, Path configFile, Path bundlesDir, PrintStream out, PrintStream err) {
    List<String> words = new ArrayList<>(List.of(args));
    if (words.remove("--help") || words.remove("-h")) {
      out.print(HELP);
      return OK;
    }
    boolean json = words.remove("--json");
    boolean yes = words.remove("--yes");
    if (!words.isEmpty()) {
      err.println("weft dcs recover: unexpected '" + words.get(0) + "'; see weft dcs recover --help");
      return USAGE;
    }
    Path directory = home.resolve("data/dcs.raft");
    try {
      Recovery recovery = recovery(directory);
      if (recovery == null) {
        err.println("weft dcs recover: there is no store of dcs.raft in " + home + "; name the home of a member with --home");
        return PRECONDITION;
      }
      Plan plan = recovery.plan();
      if (yes) {
        recovery.run(System.currentTimeMillis());
      }
      out.print(json ? Json.lines(map(plan, yes)) + "\n" : text(plan, yes, home));
      return OK;
    } catch (IOException e) {
      err.println("weft dcs recover: nothing can be recovered from " + directory + ": " + e.getMessage());
      return CHECK;
    }
  }

  private static Recovery recovery(Path directory) throws IOException {
    if (!Files.exists(directory.resolve("identity.json"))) {
      return null;
    }
    String owner = Files.getOwner(directory).getName();
    if (!owner.equals(System.getProperty("user.name"))) {
      throw new IOException("it belongs to the user " + owner + ", who could not use what others make; run this as " + owner);
    }
    return Recovery.of(directory, System.currentTimeMillis());
  }

  private static Map<String, Object> map(Plan plan, boolean done) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("node", plan.node());
    map.put("lost", plan.lost());
    map.put("term", plan.term());
    map.put("entry", plan.index());
    map.put("keys", plan.keys());
    map.put("sessions", plan.sessions());
    map.put("recoveries", plan.recoveries());
    map.put("next_token", plan.nextToken());
    map.put("kept", plan.keptAs().toString());
    map.put("interrupted", plan.interrupted());
    map.put("done", done);
    map.put("dry_run", !done);
    return map;
  }

  private static String text(Plan plan, boolean done, Path home) {
    String others = plan.lost().isEmpty() ? "nobody else" : String.join(", ", plan.lost());
    List<String> lines = new ArrayList<>();
    lines.add("on this disk: term " + plan.term() + ", entry " + plan.index() + ", " + plan.keys() + " keys, " + plan.sessions()
        + " sessions; recovered " + plan.recoveries() + " times before");
    if (plan.interrupted()) {
      lines.add("an earlier recovery was interrupted; this finishes it");
    }
    if (done) {
      lines.add("DONE: " + plan.node() + " is the only member now; " + others + " and what only they had confirmed are LOST");
      lines.add("what was there is kept in " + plan.keptAs());
      lines.add("next: weft run --home " + home);
      lines.add("then: weft dcs add NODE --yes, for each node that shall be a member again");
      lines.add("what a lost member still has on its disk it puts aside when it meets this store");
    } else {
      lines.add("would make " + plan.node() + " the only member; " + others + " and what only they had confirmed would be LOST");
      lines.add("only do this if a majority never comes back: where it can, start it instead");
      lines.add("fencing tokens would go on from " + plan.nextToken());
      lines.add("what is there would be kept in " + plan.keptAs());
      lines.add("nothing was done; add --yes to do it");
    }
    return String.join("\n", lines) + "\n";
  }
}
