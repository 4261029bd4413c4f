package io.weft.dcs.etcd;

import io.weft.support.dcs.RenewedSession;
import io.weft.support.dcs.RenewedSession.Renewal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Leases of etcd, whose TTL has whole seconds: rounded up, so that etcd never ends one before we do. */
final class EtcdLeases implements RenewedSession.Lifeline {

  private final EtcdApi api;

  EtcdLeases(EtcdApi api) {
    this.api = api;
  }

  CompletableFuture<String> grant(Duration ttl) {
    long seconds = ttl.plusMillis(999).toSeconds();
    return api.call("/v3/lease/grant", Map.of("TTL", Long.toString(seconds))).thenApply(answer -> {
      long id = EtcdJson.number(answer, "ID");
      if (id == 0 || EtcdJson.number(answer, "TTL") < seconds) {
        throw new IllegalArgumentException("etcd granted no lease of " + seconds + " s");
      }
      return Long.toString(id);
    });
  }

  /** A lease that is gone is answered with status 200 and no TTL. */
  @Override
  public CompletionStage<Renewal> renew(RenewedSession session) {
    return api.call("/v3/lease/keepalive", Map.of("ID", session.id()))
        .thenApply(answer -> EtcdJson.number(EtcdJson.object(answer, "result"), "TTL") > 0 ? Renewal.RENEWED : Renewal.GONE);
  }

  @Override
  public CompletionStage<?> end(RenewedSession session) {
    return api.call("/v3/lease/revoke", Map.of("ID", session.id()));
  }
}
