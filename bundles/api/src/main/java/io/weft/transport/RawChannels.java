package io.weft.transport;

import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.node.Registration;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/** Opens and serves channels in Netty buffers. Any thread. */
@ProviderType
public interface RawChannels {

  /**
   * Opens a channel to a service at a peer and waits until somebody there took it.
   *
   * <p>Completes on the channel's loop, or exceptionally with {@link io.weft.channel.ChannelFailed}, whose outcome says whether it
   * was refused, unknown, dead, or whether there is no link. Whether a retry is safe is the application's to know: no byte of it
   * was sent. Cancelling the future, or the deadline, aborts the channel at the peer too.
   *
   * @param origin at most 64 printable ASCII characters
   */
  CompletableFuture<RawChannel> open(
      String peer, String service, ChannelKind kind, String origin, Duration deadline, RawChannelHandler handler);

  /**
   * Lets peers open channels to a service. The access rule is checked before {@code acceptor} hears of a channel. A second
   * registration of one name and kind is refused with {@link IllegalStateException}.
   */
  Registration serve(ExposedService service, Acceptor acceptor);

  /**
   * As {@link #serve(ExposedService, Acceptor)}, at once in place of an earlier registration of the same name and kind: no channel finds
   * neither, and peers hear nothing of it. Closing the earlier one afterwards does nothing. If that is no more, it is as if it was not given.
   */
  Registration serve(ExposedService service, Acceptor acceptor, Registration inPlaceOf);

  /** Gets channels that passed the access rule, on their loop; calls {@link RawChannel#accept} or {@link RawChannel#refuse} in time. */
  @FunctionalInterface
  interface Acceptor {

    /** @return the handler of the channel's events, also before it is accepted ({@link RawChannelHandler#closed}) */
    RawChannelHandler offered(RawChannel channel);
  }
}
