package io.weft.testkit;

import io.weft.channel.ByteStream;
import io.weft.channel.ChannelFailed;
import io.weft.channel.ChannelInfo;
import io.weft.channel.ChannelOutcome;
import io.weft.channel.ExposedService;
import io.weft.channel.Fabric;
import io.weft.channel.ServiceInfo;
import io.weft.node.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Services and channels as a test says they are. Nothing can be opened through it. */
public final class FakeFabric implements Fabric {

  public final List<ServiceInfo> services = new ArrayList<>();
  public final List<ChannelInfo> channels = new ArrayList<>();

  @Override
  public CompletableFuture<ByteStream> open(String peer, String service, Duration deadline) {
    return CompletableFuture.failedFuture(new ChannelFailed(ChannelOutcome.link_down, peer));
  }

  @Override
  public Registration expose(ExposedService service, Consumer<ByteStream> handler) {
    ServiceInfo info = new ServiceInfo(service.name(), service.kind(), true, service.target(), List.of());
    services.add(info);
    return () -> services.remove(info);
  }

  @Override
  public List<ServiceInfo> services() {
    return List.copyOf(services);
  }

  @Override
  public List<ChannelInfo> channels() {
    return List.copyOf(channels);
  }
}
