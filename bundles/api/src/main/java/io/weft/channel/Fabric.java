package io.weft.channel;

import io.weft.node.Registration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The fabric as a plugin sees it: services by name at peers, and channels to them. Which path the bytes take does not show here.
 * Any thread; nothing blocks.
 */
@ProviderType
public interface Fabric {

  /**
   * Opens a byte stream to a service at a peer. Completes when somebody there took it, or exceptionally with
   * {@link ChannelFailed}. Cancelling aborts it, at the peer too. The caller closes the stream.
   */
  CompletableFuture<ByteStream> open(String peer, String service, Duration deadline);

  /**
   * Offers a service of kind stream to the peers that it allows. {@code handler} gets each stream on a thread of its own where it
   * may block; it closes the stream. What it throws aborts that stream only.
   */
  Registration expose(ExposedService service, Consumer<ByteStream> handler);

  /** Services of this node and of the peers with a link, by name. */
  List<ServiceInfo> services();

  /** Open channels, by id. */
  List<ChannelInfo> channels();
}
