package io.weft.shell;

import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.signaling.Broker;
import io.weft.signaling.BrokerStatus;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalBroker;
import io.weft.signaling.Signaling;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Two brokers of which one is down, and what the sample node keeps for others itself. */
final class SampleBrokers implements Signaling, SignalBroker {

  @Override
  public List<Broker> brokers() {
    return List.of(new Broker("http://203.0.113.7:7000", true, null, Duration.ofSeconds(-3)),
        new Broker("http://198.51.100.9:7000", false, Reason.of("unreachable", "Connection refused"), null));
  }

  @Override
  public Map<String, Long> counters() {
    return Map.of("signals_sent_broker", 12L, "signals_dropped_repeated", 3L);
  }

  @Override
  public BrokerStatus status() {
    return new BrokerStatus("0.0.0.0:7000", false, 6, 2, 1_234, 11, Map.of("messages_kept", 40L, "polls_waited", 90L), "");
  }

  @Override
  public void renew() {}

  @Override
  public boolean reaches(PeerIdentity to) {
    return true;
  }

  @Override
  public CompletableFuture<String> send(PeerIdentity to, Signal signal) {
    return CompletableFuture.completedFuture("link");
  }
}
