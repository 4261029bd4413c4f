package org.example.lowbalance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.AccountRef;
import io.weft.billing.AccountState;
import io.weft.billing.BalanceChange;
import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeSecrets;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When somebody is told, and what. */
class LowBalanceTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  private Receiver receiver;
  private LowBalance listener;

  @BeforeEach
  void open() throws IOException {
    receiver = new Receiver();
    listener = listener(receiver.url(), "secret:file/hook");
  }

  @AfterEach
  void close() {
    listener.close();
    receiver.close();
  }

  static LowBalance listener(String url, String authorization) {
    FakeSecrets secrets = new FakeSecrets();
    secrets.put("secret:file/hook", "Bearer correct-horse\n");
    return new LowBalance(FakeConfig.of(LowBalanceConfig.class, Map.of("url", url, "authorization", authorization)), secrets);
  }

  private static BalanceChange change(long account, String balance) {
    return new BalanceChange(new AccountRef(account, "ab".repeat(32)), BalanceChange.Cause.CHARGE, new BigDecimal(balance), AccountState.ACTIVE);
  }

  private void awaitNotices(int count) {
    Await.until(count + " notices", SOON, () -> receiver.notices().size() == count);
  }

  @Test
  void saysNumberAndExactAmountsAndNotWhoItIs() {
    listener.changed(List.of(change(17, "4.999999999999999999")));
    awaitNotices(1);
    assertThat(receiver.notices().get(0)).startsWith("Bearer correct-horse {")
        .contains("\"account\":17", "\"balance\":\"4.999999999999999999\"", "\"below\":\"5.00\"", "\"state\":\"ACTIVE\"").doesNotContain("abab");
  }

  @Test
  void tellsOnceUntilTheBalanceWasAboveAgain() {
    listener.changed(List.of(change(17, "5.00"), change(18, "6")));
    listener.changed(List.of(change(17, "4"), change(17, "3")));
    awaitNotices(1);
    listener.changed(List.of(change(17, "2")));
    listener.changed(List.of(change(17, "10")));
    listener.changed(List.of(change(17, "1")));
    awaitNotices(2);
    assertThat(receiver.notices().get(1)).contains("\"balance\":\"1\"");
  }

  @Test
  void whatFailedIsSaidAndTriedAgainWithTheNextChange() {
    receiver.status = 503;
    listener.changed(List.of(change(17, "4")));
    Await.until("the failure to be said", SOON, () -> !listener.check().isEmpty());
    assertThat(listener.check().get(0).message()).isEqualTo("127.0.0.1 answered 503 instead of 2xx");
    receiver.status = 200;
    listener.changed(List.of(change(17, "3")));
    Await.until("all to be well", SOON, () -> listener.check().isEmpty());
    assertThat(receiver.notices()).hasSize(2);
  }

  @Test
  void withoutItsSecretItDoesNotCall() {
    LowBalance without = listener(receiver.url(), "secret:file/none");
    without.changed(List.of(change(17, "4")));
    Await.until("the failure to be said", SOON, () -> !without.check().isEmpty());
    without.close();
    assertThat(receiver.notices()).isEmpty();
  }

  @Test
  void whatCannotBeUsedIsSaidAtTheStart() {
    for (String url : new String[] {"ftp://host/", "host/path", "http:///path", "http://a b/"}) {
      assertThatThrownBy(() -> listener(url, "")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("low-balance.url");
    }
    Map<String, Object> limit = Map.of("url", receiver.url(), "below", "1e3");
    assertThatThrownBy(() -> new LowBalance(FakeConfig.of(LowBalanceConfig.class, limit), new FakeSecrets()))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("low-balance.below");
  }
}
