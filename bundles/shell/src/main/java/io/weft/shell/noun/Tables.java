package io.weft.shell.noun;

import io.weft.channel.ChannelInfo;
import io.weft.channel.ForwardInfo;
import io.weft.channel.ServiceInfo;
import io.weft.link.LinkInfo;
import io.weft.node.HealthResult;
import io.weft.node.Listener;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import java.time.Instant;
import java.util.List;

/** Things of the API as rows, the same wherever they are shown. */
final class Tables {

  private Tables() {}

  /** @param digest the one of this node, to show which peers have another configuration */
  static Table links(List<LinkInfo> links, String digest, Instant now) {
    Table table = new Table().left("PEER").left("STATE").left("FOR").left("PATH").right("RTT").right("CHANNELS").right("SENT")
        .right("RECEIVED").left("REASON");
    for (LinkInfo link : links) {
      String path = link.path() == null ? "-" : link.path().type().name();
      table.row(Cell.bold(link.peer()), Views.state(link.state()), Text.since(link.since(), now), path,
          Text.millis(link.rttMillis()), link.channels(), Text.bytes(link.bytesSent()), Text.bytes(link.bytesReceived()),
          reason(link, digest));
    }
    return table;
  }

  private static Cell reason(LinkInfo link, String digest) {
    if (!link.sharedDigest().isEmpty() && !digest.isEmpty() && !link.sharedDigest().equals(digest)) {
      return Cell.warn("its configuration differs (" + link.sharedDigest() + ")");
    }
    return Cell.dim(link.reason() == null ? "" : link.reason().toString());
  }

  static Table services(List<ServiceInfo> services) {
    Table table = new Table().left("SERVICE").left("KIND").left("HERE").left("PEERS");
    for (ServiceInfo s : services) {
      String here = s.target() != null ? s.target() : s.exposed() ? "yes" : "-";
      table.row(Cell.bold(s.name()), Views.kind(s.kind()), here, s.peers().isEmpty() ? "-" : String.join(", ", s.peers()));
    }
    return table;
  }

  static Table channels(List<ChannelInfo> channels, Instant now) {
    Table table = new Table().right("ID").left("PEER").left("SERVICE").left("KIND").left("OPENED BY").right("SENT")
        .right("RECEIVED").right("WAITING").right("WINDOW").left("FOR").left("ORIGIN");
    for (ChannelInfo c : channels) {
      table.row(c.id(), Cell.bold(c.peer()), c.service(), Views.kind(c.kind()), c.opened() ? "this node" : "peer",
          Text.bytes(c.bytesSent()), Text.bytes(c.bytesReceived()), Text.bytes(c.waiting()), Text.bytes(c.sendWindow()),
          Text.since(c.since(), now), c.origin());
    }
    return table;
  }

  static Table forwards(List<ForwardInfo> forwards) {
    Table table = new Table().left("SERVICE").left("AT").left("KIND").left("ADDRESS").left("LISTENS ON").right("ACTIVE")
        .right("TOTAL").left("FROM");
    for (ForwardInfo f : forwards) {
      Cell bound = f.problem().isEmpty() ? Cell.of(f.bound()) : Cell.bad(f.problem());
      table.row(Cell.bold(f.service()), f.at(), Views.kind(f.kind()), f.address(), bound, f.active(), f.total(),
          f.configured() ? "weft.yaml" : "shell");
    }
    return table;
  }

  static Table listeners(List<Listener> listeners) {
    Table table = new Table().left("ADDRESS").left("PROTOCOL").left("ROLE").left("REACHED FROM");
    for (Listener l : listeners) {
      table.row(Cell.bold(l.address()), l.protocol(), l.role(), reach(l));
    }
    return table;
  }

  private static Cell reach(Listener listener) {
    if (listener.protocol().equals("unix")) {
      return Cell.dim("this user");
    }
    String address = listener.address();
    boolean loopback = address.startsWith("127.") || address.startsWith("[::1]") || address.startsWith("localhost:");
    return loopback ? Cell.dim("this machine") : Cell.warn("the network");
  }

  static Table health(List<HealthResult> results) {
    Table table = new Table().left("CHECK").left("KIND").left("STATUS").left("MESSAGE");
    for (HealthResult r : results) {
      table.row(Cell.bold(r.name()), r.kind().name(), Views.status(r.status()), r.message());
    }
    return table;
  }
}
