package io.weft.path.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.path.Path;
import io.weft.path.PathType;
import io.weft.testkit.Await;
import io.weft.testkit.FakeLinkHandler;
import io.weft.transport.Link;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two real nodes on one machine, whose QUIC runs over what ICE finds. */
class IceLinkTest {

  private final MemorySignals signals = new MemorySignals();
  private final Side a = new Side("a", signals);
  private final Side b = new Side("b", signals);

  @AfterEach
  void close() {
    a.close();
    b.close();
  }

  @Test
  void linksEitherWay() throws Exception {
    for (Side[] pair : new Side[][] {{a, b}, {b, a}}) {
      Path path = pair[0].path(pair[1]);
      assertThat(path.info().type()).isEqualTo(PathType.direct);
      Link link = pair[0].link(pair[1], path, new FakeLinkHandler());
      assertThat(link.path().remoteAddress()).isEqualTo(Pair.text(pair[1].transport.local().get(0)));
      Await.until("the other side", Side.SOON, () -> !pair[1].accepted.isEmpty());
      assertThat(pair[1].accepted.get(0).link().path().remoteAddress()).isEqualTo(Pair.text(pair[0].transport.local().get(0)));
      path.close();
    }
  }

  @Test
  void bothMayAskAtOnce() throws Exception {
    var one = a.ice.find(a.to(b, 1));
    var two = b.ice.find(b.to(a, 1));
    Path first = one.get(30, TimeUnit.SECONDS);
    Path second = two.get(30, TimeUnit.SECONDS);
    Link link = a.link(b, first, new FakeLinkHandler());
    Link back = b.link(a, second, new FakeLinkHandler());
    assertThat(link.isOpen()).isTrue();
    assertThat(back.isOpen()).isTrue();
  }
}
