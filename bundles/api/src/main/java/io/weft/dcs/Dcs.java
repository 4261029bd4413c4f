package io.weft.dcs;

import io.weft.node.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A small, strongly consistent store. Registered as a service by each backend, with the property {@value #BACKEND}; at most one
 * of a kind in a node. Any thread; nothing blocks. Stages complete on a thread of the backend, so what is chained to them must
 * return at once.
 *
 * <p><b>Keys</b> follow {@link DcsKeys}; <b>values</b> have at most {@link #VALUE_MAX} bytes. What breaks a rule is thrown as
 * {@link IllegalArgumentException} at once; what the world does is an outcome or, for reads, {@link DcsUnavailable} in the stage.
 *
 * <p><b>Revisions</b> are larger than 0. Every change of the store gets a larger one than each change that completed before it,
 * also across the deletion of a key and across restarts. Of two revisions of different stores nothing can be said.
 *
 * <p><b>Time.</b> Every call ends within {@link #CALL_MAX}: a read then fails, a write is {@link WriteResult.Indeterminate}. A
 * backend never tries a write a second time unless it knows that the first attempt had no effect.
 */
@ConsumerType
public interface Dcs {

  /** Service property: {@code raft}, {@code etcd}, {@code nats}, {@code postgres}, {@code consul}. */
  String BACKEND = "weft.dcs";

  /** Bytes of a value. The same everywhere, so that what one backend holds fits into the next. */
  int VALUE_MAX = 256 * 1024;

  /** The longest that a call takes, whatever the store does. */
  Duration CALL_MAX = Duration.ofSeconds(10);

  /** The value of {@link #BACKEND}. */
  String backend();

  /** What this backend can do, and its bounds. Constant while the store is the same; callers degrade openly. */
  Capabilities capabilities();

  /**
   * Reads one key; empty if there is none. Where {@link Capabilities#linearizableReads} is false, {@link ReadMode#LINEARIZABLE}
   * fails with {@link UnsupportedOperationException} in the stage rather than reading something older.
   */
  CompletionStage<Optional<Entry>> get(String key, ReadMode mode);

  /**
   * Reads all keys below a prefix as of one revision, in the order of {@link DcsKeys#ORDER}.
   *
   * @param prefix empty for everything, or ends with a slash
   */
  CompletionStage<Snapshot> list(String prefix, ReadMode mode);

  /**
   * Writes one key.
   *
   * @param session the key is deleted when this session ends, whichever way it ends; null: the key stays. Replacing a key also
   *     replaces its session, or takes it away.
   */
  CompletionStage<WriteResult> put(String key, byte[] value, Expect expect, @Nullable Session session);

  /**
   * Deletes one key. Deleting what is not there is {@link WriteResult.Done} if nothing particular was expected, and a conflict if
   * a revision was. {@link Expect#absent} makes no sense here.
   */
  CompletionStage<WriteResult> delete(String key, Expect expect);

  /**
   * Writes all of this or nothing. Each key at most once; at most {@link Capabilities#transactionMax} writes. On a conflict the
   * entry in the result is one of those that were in the way.
   *
   * @throws UnsupportedOperationException if {@link Capabilities#transactionMax} is 0
   */
  CompletionStage<WriteResult> transact(List<Write> writes);

  /**
   * Tells what changes below a prefix until the registration is closed; see {@link Watcher}. Survives lost connections and
   * restarts of the store by itself.
   *
   * @param prefix empty for everything, or ends with a slash
   * @param after 0 to begin with the whole state; otherwise a revision of this store, from which it goes on if the backend still
   *     knows how
   */
  Registration watch(String prefix, long after, Watcher watcher);

  /**
   * Opens a session, which renews itself. The stage fails with {@link DcsUnavailable} if the store cannot be reached.
   *
   * @param name for people: who, what for; at most 128 characters
   * @param ttl between {@link Capabilities#ttlMin} and {@link Capabilities#ttlMax}
   */
  CompletionStage<Session> open(String name, Duration ttl);

  /** The election of that name: a key below {@code _elections/}. Asking again gives an equal one. */
  Election election(String name);

  /** How the store is, as seen from here. Fails with {@link DcsUnavailable} only if nothing at all is known. */
  CompletionStage<DcsStatus> status();
}
