package io.weft.forward;

import io.weft.directory.Peer;
import io.weft.directory.PeerDirectory;
import io.weft.node.PeerIdentity;
import io.weft.node.Registration;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A directory that knows one peer, and nothing new. */
record OnePeer(String name, Map<String, String> labels) implements PeerDirectory {

  @Override
  public List<Peer> peers() {
    PeerIdentity identity = PeerIdentity.of(name, Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 32));
    return List.of(new Peer(identity, List.of(), labels, List.of("test")));
  }

  @Override
  public Optional<Peer> peer(String wanted) {
    return peers().stream().filter(p -> p.name().equals(wanted)).findFirst();
  }

  @Override
  public Registration watch(Consumer<List<Peer>> listener) {
    listener.accept(peers());
    return () -> {};
  }
}
