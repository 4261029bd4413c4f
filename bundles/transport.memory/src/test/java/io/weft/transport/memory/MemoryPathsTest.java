package io.weft.transport.memory;

import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeIo;
import io.weft.testkit.ManualTime;
import io.weft.testkit.PathSourceContract;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class MemoryPathsTest extends PathSourceContract {

  private final FakeIo io = new FakeIo(1);
  private final ManualTime time = new ManualTime();
  private final FakeIdentity identity = new FakeIdentity("test", "a");
  private final MemoryTransport transport = new MemoryTransport(new MemoryNetwork(), io, identity, time, time, 1200, 65_536);

  @Override
  protected PathSource source() {
    return transport;
  }

  @Override
  protected PathRequest reachable() {
    Candidate candidate = new Candidate(Candidate.MEMORY, CandidateKind.host, "b", 0, Candidate.DEFAULT_PRIORITY);
    return new PathRequest(new FakeIdentity("test", "b").self(), List.of(candidate), 1, true);
  }

  @AfterEach
  void stop() {
    transport.close();
    io.close();
  }
}
