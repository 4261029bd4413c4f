package io.weft.dcs;

import io.weft.node.Registration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/** Chooses one of those who want to. Any thread; nothing blocks. */
@ConsumerType
public interface Election {

  /** A key below {@code _elections/}. */
  String name();

  /**
   * Wants to lead, until it does, the future is cancelled, or the session ends (then it fails with {@link DcsUnavailable}). A
   * store that does not answer is waited for. One campaign at a time per session; who waits tries again when the leader's key is
   * gone, after a little jitter.
   *
   * @param value what others see of the leader; at most {@link Dcs#VALUE_MAX} bytes
   */
  CompletableFuture<Leadership> campaign(Session session, byte[] value);

  /** Who leads; empty if nobody does. Fails as {@link Dcs#get} does. */
  CompletionStage<Optional<Leader>> leader(ReadMode mode);

  /**
   * Tells who leads now and whenever that changes, last state for sure, until closed. On a thread of the backend; returns at
   * once.
   */
  Registration observe(Consumer<Optional<Leader>> observer);
}
