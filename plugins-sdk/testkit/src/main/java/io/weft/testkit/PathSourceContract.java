package io.weft.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.Reason;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.NoPath;
import io.weft.path.Path;
import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@link PathSource} and its paths promise. */
public abstract class PathSourceContract {

  /** The source under test; the same for one test. */
  protected abstract PathSource source();

  /** A request that finds a path. */
  protected abstract PathRequest reachable();

  @Test
  void findsAPath() throws Exception {
    PathRequest request = reachable();
    assertThat(request.candidates()).isNotEmpty().allMatch(source()::understands);
    Path path = find(request);
    assertThat(path.remote()).isNotNull();
    assertThat(path.info().network()).isEqualTo(request.candidates().get(0).network());
    assertThat(path.info().remoteAddress()).isNotEmpty();
    assertThat(path.ended().toCompletableFuture()).isNotDone();
    path.close();
  }

  @Test
  void saysThatAPathWasClosed() throws Exception {
    Path path = find(reachable());
    path.onChange(changed -> {}).close();
    path.close();
    path.close();
    Reason reason = path.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(reason.code()).isEqualTo("closed");
  }

  @Test
  void nobodyElseCanEndAPath() throws Exception {
    Path path = find(reachable());
    path.ended().toCompletableFuture().complete(Reason.of("forged"));
    assertThat(path.ended().toCompletableFuture()).isNotDone();
    path.close();
  }

  @Test
  void findsAnotherPathForAnotherAttempt() throws Exception {
    PathRequest request = reachable();
    Path first = find(request);
    first.close();
    Path second = find(new PathRequest(request.peer(), request.candidates(), request.attempt() + 1, request.controlling()));
    assertThat(second).isNotSameAs(first);
    assertThat(second.ended().toCompletableFuture()).isNotDone();
    second.close();
  }

  @Test
  void saysThatThereIsNoPath() {
    PathRequest none = new PathRequest(reachable().peer(), List.of(), 1, true);
    assertThatThrownBy(() -> find(none)).cause()
        .isInstanceOfSatisfying(NoPath.class, e -> assertThat(e.reason().code()).isNotEmpty());
  }

  @Test
  void leavesForeignCandidatesAlone() {
    assertThat(source().understands(new Candidate("pigeon", CandidateKind.host, "loft", 1, 1))).isFalse();
    assertThat(source().name()).isNotEmpty().isEqualTo(source().name());
  }

  @Test
  void canBeCancelledAtAnyTime() throws Exception {
    CompletableFuture<Path> search = source().find(reachable());
    if (!search.cancel(false)) {
      search.get(30, TimeUnit.SECONDS).close();
    }
    find(reachable()).close();
  }

  private Path find(PathRequest request) throws Exception {
    return source().find(request).get(30, TimeUnit.SECONDS);
  }
}
