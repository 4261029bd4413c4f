package io.weft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.Reason;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.Path;
import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakePathSourceTest extends PathSourceContract {

  private final FakePathSource source = new FakePathSource("fake");

  @Override
  protected PathSource source() {
    return source;
  }

  @Override
  protected PathRequest reachable() {
    Candidate there = new Candidate(Candidate.UDP, CandidateKind.host, "192.0.2.7", 7450, Candidate.DEFAULT_PRIORITY);
    return new PathRequest(new FakeIdentity("test", "b").self(), List.of(there), 1, true);
  }

  @Test
  void goesWhereTheTestSays() {
    Path path = source.find(reachable()).join();
    List<Object> told = new ArrayList<>();
    path.onChange(changed -> told.add(changed.remote()));
    InetSocketAddress there = InetSocketAddress.createUnresolved("192.0.2.8", 1);
    source.found().get(0).moveTo(there);
    source.found().get(0).end(Reason.of("gone"));
    assertThat(told).containsExactly(there);
    assertThat(path.info().remoteAddress()).isEqualTo("192.0.2.8:1");
    assertThat(path.ended().toCompletableFuture().join().code()).isEqualTo("gone");
  }
}
