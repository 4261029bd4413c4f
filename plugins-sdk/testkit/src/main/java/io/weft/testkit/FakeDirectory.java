package io.weft.testkit;

import io.weft.directory.Peer;
import io.weft.directory.PeerDirectory;
import io.weft.node.Registration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A directory that says what the test told it. */
public final class FakeDirectory implements PeerDirectory {

  private final List<Consumer<List<Peer>>> watchers = new ArrayList<>();
  private List<Peer> peers = List.of();

  /** What it says from now on. */
  public synchronized void say(Peer... now) {
    peers = List.of(now).stream().sorted(Comparator.comparing(Peer::name)).toList();
    List.copyOf(watchers).forEach(watcher -> watcher.accept(peers));
  }

  @Override
  public synchronized List<Peer> peers() {
    return peers;
  }

  @Override
  public synchronized Optional<Peer> peer(String name) {
    return peers.stream().filter(peer -> peer.name().equals(name)).findFirst();
  }

  @Override
  public synchronized Registration watch(Consumer<List<Peer>> listener) {
    watchers.add(listener);
    listener.accept(peers);
    return () -> {
      synchronized (this) {
        watchers.remove(listener);
      }
    };
  }
}
