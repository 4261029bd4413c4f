package io.weft.signaling.client;

import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.signaling.SignalNotSent;
import io.weft.support.signal.Envelope;
import io.weft.support.signal.EnvelopeJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Leaves envelopes at a broker one after the other. On the loop. */
final class PublishLane {

  private static final int WAITING_MAX = 256;
  private static final Duration ANSWER_MOST = Duration.ofSeconds(5);
  private static final Duration SLOWER = Duration.ofMillis(500);

  private static final Duration WORTH = Duration.ofSeconds(10);

  /** @param until when nobody wants it any more, on the monotonic clock */
  private record Job(Envelope envelope, CompletableFuture<?> needed, CompletableFuture<Void> left, long until) {}

  private final BrokerClient broker;
  private final HttpLane lane;
  private final ArrayDeque<Job> jobs = new ArrayDeque<>();
  private boolean busy;
  private Registration timer = () -> {};

  PublishLane(BrokerClient broker, HttpLane lane) {
    this.broker = broker;
    this.lane = lane;
  }

  CompletableFuture<Void> publish(Envelope envelope, CompletableFuture<?> needed) {
    if (jobs.size() >= WAITING_MAX) {
      return CompletableFuture.failedFuture(new SignalNotSent(Reason.of("refused", WAITING_MAX + " signals wait for " + broker.url())));
    }
    Job job = new Job(envelope, needed, new CompletableFuture<>(), broker.tools().clock().nanos() + WORTH.toNanos());
    jobs.add(job);
    next();
    return job.left();
  }

  private void next() {
    while (!busy && !jobs.isEmpty()) {
      Job job = jobs.peek();
      if (!isWorth(job)) {
        done(job, new SignalNotSent(Reason.of("cancelled", "nobody waits for it any more")));
      } else {
        send(job);
      }
    }
  }

  private void send(Job job) {
    busy = true;
    byte[] body = EnvelopeJson.write(job.envelope()).getBytes(StandardCharsets.UTF_8);
    broker.ask(lane, "POST", "/publish?to=" + job.envelope().to(), body, ANSWER_MOST).whenComplete((reply, problem) -> {
      if (reply != null && (reply.status() == 429 || reply.status() == 503) && isWorth(job)) {
        broker.tools().counters().add("publications_slowed");
        timer = broker.tools().timers().after(jittered(), broker.way().loop(), () -> {
          busy = false;
          next();
        });
        return;
      }
      busy = false;
      done(job, failure(reply, problem));
      next();
    });
  }

  private boolean isWorth(Job job) {
    return !job.needed().isCompletedExceptionally() && broker.tools().clock().nanos() - job.until() < 0;
  }

  private Duration jittered() {
    return SLOWER.plusMillis(broker.tools().random().nextInt((int) SLOWER.toMillis()));
  }

  private static @Nullable SignalNotSent failure(HttpLane.@Nullable Reply reply, @Nullable Throwable problem) {
    if (reply != null) {
      Reason refusal = BrokerClient.refusal(reply);
      return refusal == null ? null : new SignalNotSent(refusal);
    }
    return new SignalNotSent(Reason.of("unreachable", problem == null ? "" : String.valueOf(problem.getMessage())));
  }

  private void done(Job job, @Nullable SignalNotSent problem) {
    jobs.remove(job);
    if (problem == null) {
      job.left().complete(null);
    } else {
      job.left().completeExceptionally(problem);
    }
  }

  /** The connection may lead nowhere any more. */
  void renew() {
    lane.renew();
  }

  void close() {
    timer.close();
    lane.close();
    for (Job job : new ArrayDeque<>(jobs)) {
      done(job, new SignalNotSent(Reason.of("cancelled", "this node stops")));
    }
  }
}
