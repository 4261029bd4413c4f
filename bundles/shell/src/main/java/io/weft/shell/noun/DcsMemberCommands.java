package io.weft.shell.noun;

import io.weft.dcs.DcsMembers;
import io.weft.node.CommandFailure;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** {@code dcs:add}, {@code remove}, {@code transfer}: who keeps a store whose members are nodes of the fabric. */
public final class DcsMemberCommands {

  private DcsMemberCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, in -> change(in, "add", "added", DcsMembers::add),
            Spec.of("dcs", "add", "Make a node a member of the store")
                .describe("Returns when it has caught up and counts.")
                .argument("NODE", "name of the node", Values.PEERS)
                .dryRunUnlessYes()
                .example("weft dcs add d --yes", "a fourth member")),
        new Command(services, in -> change(in, "remove", "removed", DcsMembers::remove),
            Spec.of("dcs", "remove", "Remove a member of the store")
                .describe("It may be gone for good. Refused if what is left could not decide anything.")
                .argument("NODE", "name of the node", Values.PEERS)
                .dryRunUnlessYes()
                .example("weft dcs remove c --yes", "c will not come back")),
        new Command(services, in -> change(in, "transfer the lead to", "now leads", DcsMembers::transfer),
            Spec.of("dcs", "transfer", "Let another member lead")
                .argument("NODE", "name of the member", Values.PEERS)
                .dryRunUnlessYes()
                .example("weft dcs transfer b --yes", "before a goes down for maintenance")),
        new Command(services, DcsMemberCommands::recover,
            Spec.of("dcs", "recover", "Make a store of what this member has, after a majority was lost for good")
                .describe("Only with the node stopped, and only for dcs.raft: the launcher does it, on the home of the node.",
                    "The node becomes the only member; the others, and what only they had confirmed, are lost.")
                .dryRunUnlessYes()
                .example("weft dcs recover --home /srv/weft", "what would come of it")));
  }

  /** Here it can only be refused: whoever answers runs. */
  private static void recover(Invocation in) {
    throw new CommandFailure(CommandFailure.PRECONDITION,
        "this node runs, and only a stopped one is recovered; stop it, then: weft dcs recover --home DIR");
  }

  private interface Change {
    CompletionStage<Void> of(DcsMembers members, String node);
  }

  private static DcsMembers members(Invocation in) {
    return in.services().find(DcsMembers.class).orElseThrow(() -> new CommandFailure(CommandFailure.PRECONDITION,
        Stores.chosen(in).backend() + " is not kept by nodes of the fabric; change its members with its own tools"));
  }

  /** {@code {"node", "done", "dry_run"}}. */
  private static void change(Invocation in, String would, String did, Change change) throws InterruptedException {
    DcsMembers members = members(in);
    String node = in.argument(0);
    if (in.yes()) {
      Answers.await(change.of(members, node));
    }
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("node", node);
      json.put("done", in.yes());
      json.put("dry_run", !in.yes());
      in.printJson(json);
    } else if (in.yes()) {
      in.out().line(Cell.bold(node), " ", did);
    } else {
      in.out().line("would ", would, " ", Cell.bold(node));
      in.out().line(Cell.dim("nothing was done; add --yes to do it"));
    }
  }
}
