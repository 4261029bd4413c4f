package io.weft.path.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.path.CandidateKind;
import io.weft.path.ice.check.Check;
import io.weft.path.ice.check.CheckEvents;
import io.weft.path.ice.check.Checker.Base;
import io.weft.path.ice.check.Checker.Plan;
import io.weft.path.ice.check.Credentials;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.testkit.Await;
import io.weft.testkit.RealTime;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What ice4j took for attempts that led nowhere is given back. */
class AgentReleaseTest {

  /** More than may be at work at once. */
  private static final int MANY = AgentChecker.AT_ONCE + 16;

  private static final class Unheard implements CheckEvents {

    @Override
    public void seen(InetSocketAddress from) {}

    @Override
    public void valid(InetSocketAddress remote) {}

    @Override
    public void selected(InetSocketAddress remote, CandidateKind local, CandidateKind kind) {}

    @Override
    public void pair(InetSocketAddress remote, String state) {}

    @Override
    public void failed(String why) {}
  }

  @Test
  void attemptsThatLeadNowhereLeaveNoThreadAndNoSocket() throws Exception {
    ExecutorService workers = Executors.newFixedThreadPool(2);
    try (RealTime time = new RealTime()) {
      AgentChecker checker = new AgentChecker(time, workers);
      play(checker);
      long sockets = sockets();
      for (int i = 0; i < 3; i++) {
        play(checker);
      }
      assertThat(sockets()).as("sockets").isLessThanOrEqualTo(sockets);
      assertThat(threads("IceConnector")).as("threads of attempts").isZero();
      // Those of the pools, which all attempts share, end by themselves when they had nothing to do for a while.
      assertThat(threads("ice4j.")).as("threads of ice4j").isLessThan(2L * AgentChecker.AT_ONCE);
      checker.close();
    } finally {
      workers.shutdownNow();
    }
  }

  private static void play(AgentChecker checker) {
    AtomicInteger sent = new AtomicInteger();
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      Check check = checker.start(plan(sent), new Unheard());
      check.remote(new RemoteAddress(CandidateKind.host, new InetSocketAddress("192.0.2.1", 7_450), 1));
      checks.add(check);
    }
    Await.until("checks", Duration.ofSeconds(60), () -> sent.get() >= AgentChecker.AT_ONCE);
    checks.forEach(Check::close);
    Await.until("all of them to end", Duration.ofSeconds(60), () -> checker.running() == 0);
  }

  private static Plan plan(AtomicInteger sent) {
    SecureRandom random = new SecureRandom();
    return new Plan("test", true, Credentials.draw(random), Credentials.draw(random),
        List.of(new Base(new InetSocketAddress("127.0.0.1", 7_450))), List.of(), (packet, to) -> {
          sent.incrementAndGet();
          packet.release();
        });
  }

  private static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith(name)).count();
  }

  private static long sockets() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(Files::isSymbolicLink).map(AgentReleaseTest::target).filter(to -> to.startsWith("socket:")).count();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (java.io.IOException gone) {
      return "";
    }
  }
}
