package io.weft.shell.noun;

import io.weft.channel.ChannelInfo;
import io.weft.channel.Fabric;
import io.weft.link.LinkInfo;
import io.weft.link.LinkState;
import io.weft.link.Links;
import io.weft.node.CommandFailure;
import io.weft.node.Node;
import io.weft.node.Reason;
import io.weft.path.PathInfo;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code link:*}: the links of this node. */
public final class LinkCommands {

  private LinkCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, LinkCommands::list, Spec.of("link", "list", "List the links of this node")
            .describe("One line per known peer: what state the link is in, for how long, and why it came to be in it.")
            .option("--state", "STATE", "Only links in this state.", Values.of(LinkState.values()))
            .example("weft link list", "all links")
            .example("weft link list --state up --json", "the links that are up, for a script")),
        new Command(services, LinkCommands::show, Spec.of("link", "show", "Show one link in full")
            .argument("PEER", "name of the peer", Values.PEERS)
            .example("weft link show b", "path, figures and channels of the link to b")),
        new Command(services, LinkCommands::close, Spec.of("link", "close", "Close the link to a peer")
            .describe("Cuts every channel on the link, at both ends.",
                "The link is dialled again after a backoff, unless --stay is given.")
            .argument("PEER", "name of the peer", Values.PEERS)
            .option("--reason", "TEXT", "What the peer is told.", Values.NONE)
            .flag("--stay", "Keep it closed until the peer dials or 'link open' is called.")
            .dryRunUnlessYes()
            .example("weft link close b", "say what would be cut")
            .example("weft link close b --stay --yes", "close it and keep it closed")),
        new Command(services, LinkCommands::open, Spec.of("link", "open", "Dial a peer now")
            .describe("Does not wait for the backoff to end. Nothing happens if the link is up.")
            .argument("PEER", "name of the peer", Values.PEERS)
            .example("weft link open b", "try now")));
  }

  /** {@code {"links": [{"peer", "peer_id", "state", "path", ...}]}}, links as in {@code weft status}. */
  private static void list(Invocation in) {
    String state = in.option("--state").orElse("");
    if (!state.isEmpty() && Arrays.stream(LinkState.values()).noneMatch(s -> s.toString().equals(state))) {
      throw in.usage("knows no state '" + Text.clean(state) + "'");
    }
    List<LinkInfo> links = in.services().need(Links.class).links().stream()
        .filter(l -> state.isEmpty() || l.state().toString().equals(state)).toList();
    if (in.json()) {
      in.printJson(Map.of("links", links.stream().map(Views::link).toList()));
    } else {
      in.out().table(Tables.links(links, digest(in.services()), in.services().now()),
          state.isEmpty() ? "no links: no peer is known, see 'weft peer list'" : "no link is " + state);
    }
  }

  private static String digest(Services services) {
    return services.find(Node.class).map(Node::sharedDigest).orElse("");
  }

  /** {@code {"link": {...}, "channels": [...], "counters": {...}}}; the counters are those of all links. */
  private static void show(Invocation in) {
    Links links = in.services().need(Links.class);
    LinkInfo link = link(in, links);
    List<ChannelInfo> channels = channels(in.services(), link.peer());
    if (in.json()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("link", Views.link(link));
      json.put("channels", channels.stream().map(Views::channel).toList());
      json.put("counters", new TreeMap<>(links.counters()));
      in.printJson(json);
      return;
    }
    Instant now = in.services().now();
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("peer", Cell.bold(link.peer()));
    rows.put("peer id", link.peerId());
    rows.put("state", Views.state(link.state()));
    rows.put("since", Text.time(link.since()) + " (" + Text.since(link.since(), now) + ")");
    rows.put("reason", link.reason() == null ? "-" : link.reason());
    PathInfo path = link.path();
    rows.put("path", path == null ? "-"
        : path.type() + ", " + path.local() + " to " + path.remote() + ", " + path.network() + " " + path.remoteAddress());
    String dialed = link.dialed() ? ", dialled here" : ", dialled by the peer";
    rows.put("transport", link.transport() == null ? "-" : link.transport() + dialed);
    rows.put("round trip", Text.millis(link.rttMillis()));
    rows.put("sent", Text.bytes(link.bytesSent()));
    rows.put("received", Text.bytes(link.bytesReceived()));
    rows.put("attempts", link.attempts() + " since it was last up");
    rows.put("configuration", configuration(link, digest(in.services())));
    in.out().pairs(rows);
    in.out().section("CHANNELS", Tables.channels(channels, now), "none");
  }

  private static Cell configuration(LinkInfo link, String digest) {
    if (link.sharedDigest().isEmpty() || digest.isEmpty()) {
      return Cell.dim("not known");
    }
    return link.sharedDigest().equals(digest) ? Cell.of("same as here (" + digest + ")")
        : Cell.warn("differs: " + link.sharedDigest() + " there, " + digest + " here");
  }

  /** {@code {"peer", "closed", "dry_run", "stay", "channels"}}. */
  private static void close(Invocation in) {
    Links links = in.services().need(Links.class);
    LinkInfo link = link(in, links);
    boolean stay = in.flag("--stay");
    Reason reason = Reason.of("operator", in.option("--reason").orElse("closed by an operator"));
    boolean closed = in.yes() && links.close(link.peer(), reason, stay);
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("peer", link.peer());
      json.put("closed", closed);
      json.put("dry_run", !in.yes());
      json.put("stay", stay);
      json.put("channels", link.channels());
      in.printJson(json);
      return;
    }
    if (in.yes()) {
      in.out().line("link to ", Cell.bold(link.peer()), " closed; it ", after(stay, link.peer()));
    } else {
      in.out().line("would close the link to ", Cell.bold(link.peer()), " (", Views.state(link.state()), "): ",
          Text.count(link.channels(), "channel"), " cut at both ends; it ", after(stay, link.peer()));
      in.out().line(Cell.dim("nothing was done; add --yes to do it"));
    }
  }

  private static String after(boolean stay, String peer) {
    return stay ? "stays closed until the peer dials or 'weft link open " + peer + "'" : "is dialled again after a backoff";
  }

  /** {@code {"peer", "state"}}, the state before. */
  private static void open(Invocation in) {
    Links links = in.services().need(Links.class);
    LinkInfo link = link(in, links);
    links.open(link.peer());
    if (in.json()) {
      in.printJson(Views.pair("peer", link.peer(), "state", link.state().toString()));
    } else if (link.state() == LinkState.up) {
      in.out().line("link to ", Cell.bold(link.peer()), " is up already");
    } else {
      in.out().line("dialling ", Cell.bold(link.peer()), "; see 'weft link show ", link.peer(), "'");
    }
  }

  private static LinkInfo link(Invocation in, Links links) {
    String peer = in.argument(0);
    return links.link(peer).orElseThrow(() -> {
      List<String> known = links.links().stream().map(LinkInfo::peer).toList();
      return new CommandFailure(CommandFailure.PRECONDITION, "no peer '" + Text.clean(peer) + "'; "
          + (known.isEmpty() ? "none is known" : "known are " + String.join(", ", known)));
    });
  }

  private static List<ChannelInfo> channels(Services services, String peer) {
    return services.find(Fabric.class).map(f -> f.channels().stream().filter(c -> c.peer().equals(peer)).toList())
        .orElse(List.of());
  }
}
