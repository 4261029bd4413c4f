package io.weft.forward;

import io.netty.channel.socket.ServerSocketChannel;
import io.weft.node.Registration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the last version left of one forward or exposed service. Each thing in it is live until it is taken.
 *
 * @param things {@code connections}, a consumer of the heir of connections, always; {@code server} and {@code release}, a listening socket
 *     and what lets go of it, of TCP forwards; {@code close}, which closes the socket, of UDP forwards; {@code registration} of services
 */
record Left(Map<String, Object> things) {

  static final Left NOTHING = new Left(Map.of());

  static Left ofTcp(ServerSocketChannel server, BooleanSupplier release, Traffic traffic) {
    return new Left(Map.of("server", server, "release", release, "connections", heirs(traffic)));
  }

  static Left ofUdp(Supplier<CompletionStage<Void>> close, Traffic traffic) {
    return new Left(Map.of("close", close, "connections", heirs(traffic)));
  }

  static Left ofService(Registration registration, Traffic traffic) {
    Map<String, Object> things = new HashMap<>();
    things.put("registration", registration);
    things.put("connections", heirs(traffic));
    return new Left(things);
  }

  private static Consumer<Consumer<Map<String, Object>>> heirs(Traffic traffic) {
    return traffic::bequeath;
  }

  /** A socket that listens, if there is one. */
  @Nullable ServerSocketChannel server() {
    return things.get("server") instanceof ServerSocketChannel server && server.isActive() ? server : null;
  }

  /** On the server's loop: from here on the socket is ours. Returns false if it was closed meanwhile. */
  boolean release() {
    return things.get("release") instanceof BooleanSupplier release && release.getAsBoolean();
  }

  /** Completes when the last version has closed its socket, if it has one that cannot move. */
  CompletionStage<?> closed() {
    return things.get("close") instanceof Supplier<?> close && close.get() instanceof CompletionStage<?> closed ? closed
        : CompletableFuture.completedFuture(null);
  }

  @Nullable Registration registration() {
    return things.get("registration") instanceof Registration registration ? registration : null;
  }

  /** From here on the heir gets connections, each on its loop, those included that are still being opened. */
  @SuppressWarnings("unchecked") // the same type in every version, by the number of the format
  void connections(Consumer<Moving> heir) {
    if (things.get("connections") instanceof Consumer<?> heirs) {
      Consumer<Map<String, Object>> taking = moving -> heir.accept(Moving.of(moving));
      ((Consumer<Consumer<Map<String, Object>>>) heirs).accept(taking);
    }
  }
}
