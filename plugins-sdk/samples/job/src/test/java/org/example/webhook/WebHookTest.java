package org.example.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.secret.SecretUnavailable;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.ManualTime;
import io.weft.testkit.job.FakeJobRun;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls of a server of the test. */
class WebHookTest {

  private Receiver receiver;

  @BeforeEach
  void open() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  static WebHook webhook(String url, String authorization) {
    FakeSecrets secrets = new FakeSecrets();
    secrets.put("secret:file/hook", "Bearer correct-horse\n");
    return new WebHook(FakeConfig.of(WebHookConfig.class, Map.of("url", url, "authorization", authorization)),
        new FakeNode(new FakeIdentity("test", "a"), "test", 1), secrets);
  }

  private static FakeJobRun run() {
    return new FakeJobRun("web-hook", Instant.parse("2026-01-01T00:01:00Z"), 42, new ManualTime(), Duration.ofMinutes(10));
  }

  @Test
  void saysWhichPeriodAndWhoCalls() throws Exception {
    call(receiver.url(), "secret:file/hook");
    assertThat(receiver.calls()).singleElement().asString()
        .startsWith("web-hook/2026-01-01T00:01:00Z Bearer correct-horse {")
        .contains("\"period\":\"2026-01-01T00:01:00Z\"", "\"node\":\"a\"", "\"token\":42");
  }

  @Test
  void anAnswerThatIsNoSuccessIsAFailure() {
    receiver.status = 503;
    assertThatThrownBy(() -> call(receiver.url(), "")).isInstanceOf(IOException.class).hasMessage("127.0.0.1 answered 503 instead of 2xx");
  }

  @Test
  void withoutItsSecretItDoesNotCall() {
    assertThatThrownBy(() -> call(receiver.url(), "secret:file/none")).isInstanceOf(SecretUnavailable.class);
    assertThat(receiver.calls()).isEmpty();
  }

  @Test
  void aUrlThatIsNoneIsSaidAtTheStart() {
    for (String url : new String[] {"ftp://host/", "host/path", "http:///path"}) {
      assertThatThrownBy(() -> webhook(url, "")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("web-hook.url");
    }
  }

  private static void call(String url, String authorization) throws Exception {
    WebHook webhook = webhook(url, authorization);
    try {
      webhook.run(run());
    } finally {
      webhook.close();
    }
  }
}
