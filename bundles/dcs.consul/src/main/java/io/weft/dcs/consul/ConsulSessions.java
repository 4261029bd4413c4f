package io.weft.dcs.consul;

import io.weft.support.Json;
import io.weft.support.JsonReader;
import io.weft.support.dcs.RenewedSession;
import io.weft.support.dcs.RenewedSession.Renewal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Sessions of Consul, without checks: one that hung on the health of an agent would end before its holder knows. */
final class ConsulSessions implements RenewedSession.Lifeline {

  private static final byte[] NOTHING = new byte[0];

  private final ConsulApi api;
  private final Duration lockDelay;

  ConsulSessions(ConsulApi api, Duration lockDelay) {
    this.api = api;
    this.lockDelay = lockDelay;
  }

  CompletableFuture<String> create(String name, Duration ttl) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("Name", name);
    body.put("TTL", ttl.plusMillis(999).toSeconds() + "s");
    body.put("LockDelay", lockDelay.toMillis() + "ms");
    body.put("Behavior", "delete");
    body.put("NodeChecks", List.of());
    return api.put("/v1/session/create", Json.compact(body).getBytes(StandardCharsets.UTF_8)).thenApply(reply -> {
      if (reply.isOk() && JsonReader.read(reply.text()) instanceof Map<?, ?> map && map.get("ID") instanceof String id) {
        return id;
      }
      throw new CompletionException(ConsulApi.refusal(reply));
    });
  }

  @Override
  public CompletionStage<Renewal> renew(RenewedSession session) {
    return api.put("/v1/session/renew/" + session.id(), NOTHING).thenApply(reply -> {
      if (reply.isOk()) {
        return Renewal.RENEWED;
      }
      if (reply.status() == 404) {
        return Renewal.GONE;
      }
      throw new CompletionException(ConsulApi.refusal(reply));
    });
  }

  @Override
  public CompletionStage<?> end(RenewedSession session) {
    return api.put("/v1/session/destroy/" + session.id(), NOTHING);
  }
}
