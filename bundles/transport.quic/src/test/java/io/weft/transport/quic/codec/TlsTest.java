package io.weft.transport.quic.codec;

import io.weft.testkit.Await;
import io.weft.testkit.FakeIdentity;
import java.lang.ref.WeakReference;
import java.time.Duration;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.Test;

class TlsTest {

  /** What holds the keys would hold the class loader of a version that is gone. */
  @Test
  void letsItsKeysGoWhenNobodyKnowsItAnyMore() {
    WeakReference<X509ExtendedKeyManager> keys = used();
    Await.until("the keys are collected", Duration.ofSeconds(60), () -> {
      System.gc();
      return keys.refersTo(null);
    });
  }

  private static WeakReference<X509ExtendedKeyManager> used() {
    X509ExtendedKeyManager keys = new FakeIdentity("test", "a").keyManager();
    new Tls(keys, "weft/1");
    return new WeakReference<>(keys);
  }
}
