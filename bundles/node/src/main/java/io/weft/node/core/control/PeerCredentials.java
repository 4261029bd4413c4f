package io.weft.node.core.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;

/** Lets in the user that runs the node, and root. The kernel says who is at the other end. */
final class PeerCredentials {

  private final UserPrincipal owner;

  /** @param owner the user that runs this process */
  PeerCredentials(UserPrincipal owner) {
    this.owner = owner;
  }

  /** The name of whoever is at the other end if they may not come in, or empty if they may. */
  Optional<String> refuse(SocketChannel client) throws IOException {
    UserPrincipal peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    return allows(peer) ? Optional.empty() : Optional.of(peer.getName());
  }

  boolean allows(UserPrincipal peer) throws IOException {
    // Looked up by number, as root may have another name.
    return peer.equals(owner) || peer.equals(FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("0"));
  }
}
