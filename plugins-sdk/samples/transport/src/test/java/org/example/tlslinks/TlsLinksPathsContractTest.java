package org.example.tlslinks;

import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeIo;
import io.weft.testkit.ManualTime;
import io.weft.testkit.PathSourceContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** What every path source keeps to. */
class TlsLinksPathsContractTest extends PathSourceContract {

  private final FakeIo io = new FakeIo(1);
  private final ManualTime time = new ManualTime();
  private final FakeIdentity identity = new FakeIdentity("test", "a");
  private final TlsLinks transport = new TlsLinks(new NodeTable(Map.of()), "test", identity, io, time, time);

  @Override
  protected PathSource source() {
    return transport;
  }

  @Override
  protected PathRequest reachable() {
    Candidate candidate = new Candidate("tcp", CandidateKind.host, "192.0.2.7", 7460, Candidate.DEFAULT_PRIORITY);
    return new PathRequest(new FakeIdentity("test", "b").self(), List.of(candidate), 1, true);
  }

  @AfterEach
  void stop() {
    transport.close();
    io.close();
  }
}
