package io.weft.path;

import java.util.List;

/**
 * What is known of the NAT in front of this node.
 *
 * @param mapped addresses of this node's port as servers saw them, {@code host:port}
 * @param servers the servers that were asked, each with what came of it, for people
 */
public record NatReport(NatKind kind, List<String> mapped, List<String> servers) {

  public NatReport {
    mapped = List.copyOf(mapped);
    servers = List.copyOf(servers);
  }
}
