package io.weft.channel;

import io.weft.node.Names;
import java.util.Set;

/**
 * A service of this node and who may open channels to it.
 *
 * @param target for people: where channels lead, such as {@code tcp 127.0.0.1:5432}
 * @param allow names of peers; {@code *} lets every member in; nobody else gets in
 */
public record ExposedService(String name, ChannelKind kind, String target, Set<String> allow) {

  public ExposedService {
    Names.check("service name", name);
    allow = Set.copyOf(allow);
    for (String peer : allow) {
      if (!peer.equals("*")) {
        Names.check("peer name in allow", peer);
      }
    }
  }

  public boolean allows(String peer) {
    return allow.contains(peer) || allow.contains("*");
  }
}
