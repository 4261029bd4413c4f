package org.example.steps;

import io.weft.coordination.Job;
import io.weft.support.fence.FencedEndpoint;
import io.weft.testkit.job.JobContract;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every job keeps to. */
class StepsContractTest extends JobContract {

  private final AtomicInteger waiting = new AtomicInteger();
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean hangs;
  private FencedEndpoint endpoint;
  private Steps job;

  @BeforeEach
  void open() throws Exception {
    endpoint = new FencedEndpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), attempt -> {
      if (hangs) {
        waiting.incrementAndGet();
        awaitOver();
        throw new IllegalStateException("no answer"); // the connection ends without one
      }
      done.add(attempt.period().toString());
    });
    job = StepsTest.steps(endpoint.port(), 1);
  }

  private void awaitOver() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void close() {
    over.countDown();
    endpoint.close();
  }

  @Override
  protected Job job() {
    return job;
  }

  @Override
  protected List<String> effects() {
    return done;
  }

  @Override
  protected void hang() {
    hangs = true;
  }

  @Override
  protected void goOn() {
    hangs = false;
    over.countDown();
  }

  @Override
  protected boolean waits() {
    return waiting.get() > 0;
  }
}
