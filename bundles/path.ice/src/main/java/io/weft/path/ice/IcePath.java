package io.weft.path.ice;

import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.Conduit;
import io.weft.path.Path;
import io.weft.path.PathInfo;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A path through a conduit, whose address never changes. */
final class IcePath implements Path {

  private final Conduit conduit;
  private final Consumer<IcePath> closing;
  private final CompletableFuture<Reason> ended = new CompletableFuture<>();
  private final List<Consumer<Path>> listeners = new CopyOnWriteArrayList<>();

  /** @param closing hears once that it is not used any more */
  IcePath(Conduit conduit, Consumer<IcePath> closing) {
    this.conduit = conduit;
    this.closing = closing;
  }

  @Override
  public PathInfo info() {
    return conduit.info();
  }

  @Override
  public SocketAddress remote() {
    return conduit.address();
  }

  @Override
  public Registration onChange(Consumer<Path> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void changed() {
    listeners.forEach(listener -> listener.accept(this));
  }

  @Override
  public CompletionStage<Reason> ended() {
    return ended.copy();
  }

  void end(Reason why) {
    ended.complete(why);
    listeners.clear();
  }

  @Override
  public void close() {
    if (ended.complete(Reason.of("closed"))) {
      listeners.clear();
      closing.accept(this);
    }
  }
}
