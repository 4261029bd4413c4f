package io.weft.store.postgres.failover;

import io.weft.node.Clock;
import io.weft.node.Node;
import io.weft.secret.Secrets;
import io.weft.store.Failover;
import io.weft.store.FailoverReport;
import io.weft.store.postgres.Endpoint;
import io.weft.store.postgres.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Failover by the book, one at a time. */
@Component(name = "weft.store.postgres.failover", configurationPid = "weft.store.postgres", service = Failover.class)
public final class FencedFailover implements Failover {

  private static final Duration REPLAY_MAX = Duration.ofSeconds(60);

  private final Endpoint endpoint;
  private final Clock clock;
  private final Path directory;
  private final Duration replayMax;
  // Held while one runs: a second one would find the fence of the first.
  private final ReentrantLock one = new ReentrantLock();

  @Activate
  public FencedFailover(StoreConfig config, @Reference Node node, @Reference Secrets secrets, @Reference Clock clock) {
    this(config, node, secrets, clock, REPLAY_MAX);
  }

  FencedFailover(StoreConfig config, Node node, Secrets secrets, Clock clock, Duration replayMax) {
    this.replayMax = replayMax;
    this.endpoint = Endpoint.of(config, secrets);
    this.clock = clock;
    this.directory = node.home().resolve("data/failover");
  }

  @Override
  public FailoverReport plan(String replica) {
    Transcript transcript = Transcript.ofPlan(clock);
    return isOwn(transcript) ? transcript.report(false) : new Runbook(endpoint, replica, transcript, replayMax).plan();
  }

  @Override
  public FailoverReport run(String replica) {
    Transcript memory = Transcript.ofPlan(clock);
    if (isOwn(memory)) {
      return memory.report(false);
    }
    if (!one.tryLock()) {
      memory.end("look", "another failover is on");
      return memory.report(false);
    }
    try {
      return new Runbook(endpoint, replica, Transcript.in(directory, clock), replayMax).run();
    } catch (NotProved e) {
      memory.end("look", String.valueOf(e.getMessage()));
      return memory.report(false);
    } finally {
      one.unlock();
    }
  }

  private boolean isOwn(Transcript transcript) {
    boolean own = endpoint.url().isEmpty();
    if (own) {
      transcript.end("look",
          "this node runs its own PostgreSQL, which has no replica; set store.postgres.url to servers of yours");
    }
    return own;
  }
}
