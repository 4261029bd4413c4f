package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.weft.node.Registration;
import io.weft.node.Succession;
import io.weft.node.Succession.Estate;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The version before this one, whose links go on until they are empty. Format 1 of its estate: {@code listen} and {@code local}, where it is
 * bound; {@code share}, a function of what takes packets that it does not know and of what to run when it has ended, to the stage of what
 * takes packets that we do not know (null if it shares nothing and has closed); {@code bound}, to run when this one is bound; {@code end}.
 */
record Predecessor(Map<String, Object> things) {

  static final int FORMAT = 1;

  /** For a transport that is no part of a bundle. */
  static final Succession NEVER = new Succession() {
    @Override
    public Optional<Registration> leave(Estate estate) {
      return Optional.empty();
    }

    @Override
    public Optional<Estate> claim() {
      return Optional.empty();
    }
  };

  static @Nullable Predecessor of(Estate estate) {
    Map<String, Object> things = estate.things();
    if (Integer.valueOf(FORMAT).equals(things.get("format"))) {
      return new Predecessor(things);
    }
    estate.expired(); // it frees the address
    return null;
  }

  /** Where to bind: where it is bound, if the same was asked of it. */
  String address(String listen) {
    return listen.equals(things.get("listen")) && things.get("local") instanceof InetSocketAddress local ? UdpPath.text(local) : listen;
  }

  @SuppressWarnings("unchecked") // the same type in every version, by the number of the format
  CompletionStage<@Nullable BiConsumer<ByteBuf, InetSocketAddress>> share(BiConsumer<ByteBuf, InetSocketAddress> up, Runnable ended) {
    if (things.get("share") instanceof BiFunction<?, ?, ?> share) {
      return ((BiFunction<BiConsumer<ByteBuf, InetSocketAddress>, Runnable, CompletionStage<BiConsumer<ByteBuf, InetSocketAddress>>>) share)
          .apply(up, ended);
    }
    return CompletableFuture.completedFuture(null);
  }

  /** Whether another socket may be bound to its address, and to those of the versions before it; completes when that is so. */
  CompletionStage<?> reuse(boolean may) {
    return things.get("reuse") instanceof Function<?, ?> reuse && reuseOf(reuse).apply(may) instanceof CompletionStage<?> done ? done
        : CompletableFuture.completedFuture(null);
  }

  @SuppressWarnings("unchecked") // the same type in every version, by the number of the format
  private static Function<Boolean, Object> reuseOf(Function<?, ?> function) {
    return (Function<Boolean, Object>) function;
  }

  void bound() {
    run("bound");
  }

  void end() {
    run("end");
  }

  private void run(String what) {
    if (things.get(what) instanceof Runnable task) {
      task.run();
    }
  }
}
