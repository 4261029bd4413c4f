package org.example.webhook;

import io.weft.coordination.Job;
import io.weft.testkit.job.JobContract;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every job keeps to. */
class WebHookContractTest extends JobContract {

  private Receiver receiver;
  private WebHook job;

  @BeforeEach
  void open() throws Exception {
    receiver = new Receiver();
    job = WebHookTest.webhook(receiver.url(), "");
  }

  @AfterEach
  void close() {
    job.close();
    receiver.close();
  }

  @Override
  protected Job job() {
    return job;
  }

  @Override
  protected List<String> effects() {
    return receiver.calls();
  }

  @Override
  protected void hang() {
    receiver.hang = true;
  }

  @Override
  protected void goOn() {
    receiver.hang = false;
  }

  @Override
  protected boolean waits() {
    return receiver.hanging() > 0;
  }
}
