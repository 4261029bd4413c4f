package io.weft.path.ice.agent;

import io.netty.buffer.ByteBuf;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.path.CandidateKind;
import io.weft.path.ice.check.Check;
import io.weft.path.ice.check.CheckEvents;
import io.weft.path.ice.check.Checker;
import io.weft.path.ice.check.Checker.Base;
import io.weft.path.ice.check.Checker.Plan;
import io.weft.path.ice.check.Credentials;
import io.weft.path.ice.check.RemoteAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Two sides in this process that check each other, without a packet that leaves it: loads and links the hundreds of classes that the first
 * real attempt would wait for. Any thread.
 */
final class Rehearsal {

  private static final Duration MOST = Duration.ofSeconds(10);
  private static final long PRIORITY = 1;

  private final Part one = new Part(1);
  private final Part two = new Part(2);
  private Registration limit = () -> {};

  private Rehearsal() {}

  static void play(Checker checker, Timers timers, Executor executor) {
    Rehearsal rehearsal = new Rehearsal();
    rehearsal.limit = timers.after(MOST, executor, rehearsal::close);
    rehearsal.one.start(checker, rehearsal.two, true, rehearsal);
    rehearsal.two.start(checker, rehearsal.one, false, rehearsal);
    rehearsal.one.meet(rehearsal.two);
    rehearsal.two.meet(rehearsal.one);
  }

  private void selected() {
    if (one.selected && two.selected) {
      close();
    }
  }

  private void close() {
    limit.close();
    one.close();
    two.close();
  }

  /** One side. */
  private static final class Part {

    private final Credentials credentials = Credentials.draw(new SecureRandom());
    private final InetSocketAddress address;
    private volatile @Nullable Check check;
    private volatile boolean selected;

    Part(int port) {
      address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    void start(Checker checker, Part other, boolean controlling, Rehearsal all) {
      Plan plan = new Plan("rehearsal", controlling, credentials, other.credentials, List.of(new Base(address)), List.of(),
          (packet, to) -> other.receive(packet, address));
      check = checker.start(plan, new CheckEvents() {

        @Override
        public void seen(InetSocketAddress from) {}

        @Override
        public void valid(InetSocketAddress remote) {}

        @Override
        public void selected(InetSocketAddress remote, CandidateKind local, CandidateKind kind) {
          selected = true;
          all.selected();
        }

        @Override
        public void pair(InetSocketAddress remote, String state) {}

        @Override
        public void failed(String why) {
          all.close();
        }
      });
    }

    void meet(Part other) {
      Check mine = check;
      if (mine != null) {
        mine.remote(new RemoteAddress(CandidateKind.host, other.address, PRIORITY));
      }
    }

    private void receive(ByteBuf packet, InetSocketAddress from) {
      try {
        Check mine = check;
        if (mine != null) {
          mine.packet(packet, from);
        }
      } finally {
        packet.release();
      }
    }

    void close() {
      Check mine = check;
      if (mine != null) {
        mine.close();
      }
    }
  }
}
