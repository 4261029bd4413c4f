package io.weft.path.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class PairTest {

  private static final InetSocketAddress REMOTE = new InetSocketAddress("198.51.100.10", 50_000);

  /** A way out through which nothing goes. */
  private static final Wire WIRE = new Wire() {

    @Override
    public CandidateKind kind() {
      return CandidateKind.host;
    }

    @Override
    public String name() {
      return "port";
    }

    @Override
    public boolean reaches(InetSocketAddress to) {
      return true;
    }

    @Override
    public void send(ByteBuf packet, InetSocketAddress to) {
      packet.release();
    }

    @Override
    public void lead(Conduit conduit, InetSocketAddress to, PathInfo info) {}

    @Override
    public void admit(Conduit conduit, InetSocketAddress from) {}

    @Override
    public void forget(Conduit conduit) {}
  };

  private static Pair pair(CandidateKind kind) {
    return new Pair(WIRE, REMOTE, CandidateKind.host, kind);
  }

  @Test
  void whatWasSeenBeforeItWasToldMayBeARelay() {
    Pair pair = pair(CandidateKind.prflx);
    assertThat(pair.info().type()).isEqualTo(PathType.direct);
    pair.told(CandidateKind.relay);
    assertThat(pair.isRelayed()).isTrue();
    assertThat(pair.info().type()).isEqualTo(PathType.relayed);
    assertThat(pair.info().remote()).isEqualTo(CandidateKind.relay);
  }

  @Test
  void whatWasToldStays() {
    Pair pair = pair(CandidateKind.relay);
    pair.told(CandidateKind.prflx);
    pair.told(CandidateKind.srflx);
    assertThat(pair.kind()).isEqualTo(CandidateKind.relay);
  }

  @Test
  void lossMakesSilenceTakeLonger() {
    Pair sure = pair(CandidateKind.host);
    Pair lossy = pair(CandidateKind.host);
    for (int i = 0; i < 30; i++) {
      sure.checked(i);
      sure.answered(i, 1);
      lossy.checked(i);
      lossy.checked(i);
      lossy.answered(i, 1);
    }
    assertThat(lossy.silentAfter()).isGreaterThan(sure.silentAfter());
    assertThat(sure.silentAfter()).isEqualTo(Pair.SILENT_MIN);
  }
}
