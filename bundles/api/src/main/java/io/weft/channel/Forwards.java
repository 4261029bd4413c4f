package io.weft.channel;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** Local addresses that lead to services at peers. Any thread. */
@ProviderType
public interface Forwards {

  /** All, by service and address. */
  List<ForwardInfo> forwards();

  /**
   * Adds one until the node restarts. Completes when it listens, exceptionally with {@link IllegalStateException} and one clear line
   * if it cannot (address in use, not an address).
   */
  CompletionStage<ForwardInfo> add(String service, String at, ChannelKind kind, String address);

  /**
   * Removes one that was added by {@link #add}; connections through it are cut.
   *
   * @return whether there was one
   * @throws IllegalArgumentException if it is from the configuration file, which is where to remove it
   */
  boolean remove(String address, ChannelKind kind);

  /**
   * Counters since start of forwards and of exposed services, by stable name: {@code connections_opened},
   * {@code connections_refused_target_dead}, {@code datagrams_dropped_too_many_flows}, ...
   */
  Map<String, Long> counters();
}
