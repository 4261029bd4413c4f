package io.weft.path;

import io.weft.node.Reason;
import io.weft.node.Registration;
import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A way to one peer that is in use. Where it leads may change while it lives (rebinding, a better pair, a relay); the transport
 * above it never notices. Made by a {@link PathSource}, closed by whoever asked for it. Any thread.
 */
@ConsumerType
public interface Path {

  PathInfo info();

  /** Where packets go now. For network {@code udp} an {@link java.net.InetSocketAddress}. */
  SocketAddress remote();

  /** Calls {@code listener} after each change of {@link #remote}, on no particular thread; it must return at once. */
  Registration onChange(Consumer<Path> listener);

  /** Completes when the path is known to be dead, or was closed ({@code closed}). A plain path may never know. */
  CompletionStage<Reason> ended();

  /** Idempotent; frees what the path holds. */
  void close();
}
