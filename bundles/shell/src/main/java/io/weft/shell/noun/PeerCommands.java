package io.weft.shell.noun;

import io.weft.directory.Peer;
import io.weft.directory.PeerDirectory;
import io.weft.link.LinkInfo;
import io.weft.link.Links;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code peer:*}: who is where. */
public final class PeerCommands {

  private PeerCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, PeerCommands::list, Spec.of("peer", "list", "List known peers, their addresses and who saw them")
            .describe("A peer that no source sees any more is only remembered.")
            .example("weft peer list", "whom could this node link to?")));
  }

  /** {@code {"peers": [{"name", "id", "candidates", "labels", "sources", "link"}]}}; link is its state or null. */
  private static void list(Invocation in) {
    List<Peer> peers = in.services().need(PeerDirectory.class).peers();
    Optional<Links> links = in.services().find(Links.class);
    if (in.json()) {
      in.printJson(Map.of("peers", peers.stream().map(p -> json(p, links)).toList()));
      return;
    }
    Table table = new Table().left("PEER").left("LINK").left("CANDIDATES").left("SOURCES").left("LABELS").left("ID");
    for (Peer peer : peers) {
      table.row(Cell.bold(peer.name()), link(peer, links).map(l -> Views.state(l.state())).orElse(Cell.dim("-")),
          peer.candidates().isEmpty() ? Cell.dim("none") : Cell.of(candidates(peer)),
          peer.sources().isEmpty() ? Cell.warn("remembered") : String.join(", ", peer.sources()),
          peer.labels().isEmpty() ? "-" : labels(peer.labels()), Cell.dim(peer.identity().id().value()));
    }
    in.out().table(table, "no peer is known; name them under 'peers' in weft.yaml");
  }

  private static String candidates(Peer peer) {
    return peer.candidates().stream().map(Object::toString).collect(Collectors.joining(" "));
  }

  private static Optional<LinkInfo> link(Peer peer, Optional<Links> links) {
    return links.flatMap(l -> l.link(peer.name()));
  }

  private static Map<String, @Nullable Object> json(Peer peer, Optional<Links> links) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", peer.name());
    map.put("id", peer.identity().id().value());
    map.put("candidates", peer.candidates().stream().map(Object::toString).toList());
    map.put("labels", new TreeMap<>(peer.labels()));
    map.put("sources", peer.sources());
    map.put("link", link(peer, links).map(l -> l.state().toString()).orElse(null));
    return map;
  }

  static String labels(Map<String, String> labels) {
    return new TreeMap<>(labels).entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.joining(" "));
  }
}
