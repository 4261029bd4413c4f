package io.weft.testkit;

import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.Candidate;
import io.weft.path.NoPath;
import io.weft.path.Path;
import io.weft.path.PathInfo;
import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import io.weft.path.PathType;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Finds the way straight to the first candidate of network {@code udp}, at once; a test moves and ends what it found. Any thread. */
public final class FakePathSource implements PathSource {

  private final String name;
  private final List<Found> found = new CopyOnWriteArrayList<>();

  public FakePathSource(String name) {
    this.name = name;
  }

  /** All that it found, in order, also those that ended. */
  public List<Found> found() {
    return List.copyOf(found);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean understands(Candidate candidate) {
    return candidate.network().equals(Candidate.UDP);
  }

  @Override
  public CompletableFuture<Path> find(PathRequest request) {
    for (Candidate candidate : request.candidates()) {
      if (understands(candidate)) {
        Found path = new Found(candidate);
        found.add(path);
        return CompletableFuture.completedFuture(path);
      }
    }
    return CompletableFuture.failedFuture(new NoPath(Reason.of("no_candidate", "no address of network udp is known")));
  }

  /** A path that goes where the test says. */
  public static final class Found implements Path {

    private final Candidate candidate;
    private final List<Consumer<Path>> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Reason> ended = new CompletableFuture<>();
    private volatile InetSocketAddress remote;

    private Found(Candidate candidate) {
      this.candidate = candidate;
      this.remote = InetSocketAddress.createUnresolved(candidate.host(), candidate.port());
    }

    /** Leads there from now on. */
    public void moveTo(InetSocketAddress there) {
      remote = there;
      listeners.forEach(listener -> listener.accept(this));
    }

    /** Is dead from now on. */
    public void end(Reason reason) {
      ended.complete(reason);
    }

    @Override
    public PathInfo info() {
      InetSocketAddress now = remote;
      return new PathInfo(candidate.network(), PathType.direct, candidate.kind(), candidate.kind(), now.getHostString() + ":" + now.getPort());
    }

    @Override
    public SocketAddress remote() {
      return remote;
    }

    @Override
    public Registration onChange(Consumer<Path> listener) {
      Consumer<Path> own = listener::accept;
      listeners.add(own);
      return () -> listeners.remove(own);
    }

    @Override
    public CompletionStage<Reason> ended() {
      return ended.minimalCompletionStage();
    }

    @Override
    public void close() {
      ended.complete(Reason.of("closed"));
    }
  }
}
