package io.weft.testkit;

import io.weft.channel.ChannelKind;
import io.weft.channel.ForwardInfo;
import io.weft.channel.Forwards;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Forwards as a test says they are; adding and removing changes the list. */
public final class FakeForwards implements Forwards {

  public final List<ForwardInfo> forwards = new ArrayList<>();
  public final Map<String, Long> counters = new TreeMap<>();

  /** What {@link #add} fails with; null if it works. */
  public @Nullable Exception failure;

  @Override
  public List<ForwardInfo> forwards() {
    return List.copyOf(forwards);
  }

  @Override
  public CompletionStage<ForwardInfo> add(String service, String at, ChannelKind kind, String address) {
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    ForwardInfo info = new ForwardInfo(service, at, kind, address, address, "", false, 0, 0);
    forwards.add(info);
    return CompletableFuture.completedFuture(info);
  }

  @Override
  public boolean remove(String address, ChannelKind kind) {
    if (forwards.stream().anyMatch(f -> f.address().equals(address) && f.kind() == kind && f.configured())) {
      throw new IllegalArgumentException(address + " is from weft.yaml; remove it there");
    }
    return forwards.removeIf(f -> f.address().equals(address) && f.kind() == kind);
  }

  @Override
  public Map<String, Long> counters() {
    return counters;
  }
}
