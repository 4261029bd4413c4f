package io.weft.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The demo's applications, without a fabric between them. */
class TrafficTest {

  @Test
  void theServicesAnswer() throws Exception {
    try (DemoServices services = new DemoServices()) {
      String web = "http://127.0.0.1:" + services.web().getPort();
      assertThat(new Traffic().get(web + "/")).isEqualTo(DemoServices.GREETING);
      assertThat(Traffic.echo(services.echo(), 20, 1_000)).isEqualTo(20);
      Traffic.Transfer transfer = new Traffic().download(web + "/file");
      assertThat(transfer.bytes()).isEqualTo(DemoServices.FILE_BYTES);
      assertThat(transfer.sha256()).isEqualTo(Traffic.expectedSha256());
    }
  }

  @Test
  void noTwoBlocksOfTheFileAreTheSame() {
    byte[] first = new byte[DemoServices.BLOCK];
    byte[] second = new byte[DemoServices.BLOCK];
    DemoServices.fill(first, 0);
    DemoServices.fill(second, DemoServices.BLOCK);
    assertThat(Arrays.equals(first, second)).isFalse();
  }

  @Test
  void steadyRequestsCountWhatFails() throws Exception {
    try (DemoServices services = new DemoServices()) {
      SteadyRequests requests = new SteadyRequests(new Traffic(), "http://127.0.0.1:" + services.web().getPort() + "/");
      io.weft.testkit.Await.until("requests", java.time.Duration.ofSeconds(10), () -> requests.done() > 5);
      requests.close();
      assertThat(requests.failed()).isZero();
      services.close();
      SteadyRequests failing = new SteadyRequests(new Traffic(), "http://127.0.0.1:" + services.web().getPort() + "/");
      io.weft.testkit.Await.until("failures", java.time.Duration.ofSeconds(10), () -> failing.failed() > 2);
      failing.close();
      assertThat(failing.lastFailure()).isNotNull();
    }
  }
}
