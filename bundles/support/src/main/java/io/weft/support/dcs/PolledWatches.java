package io.weft.support.dcs;

import io.weft.dcs.Change;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Watcher;
import io.weft.node.Registration;
import io.weft.support.Causes;
import io.weft.support.SerialLoop;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All watches of a client of a store that can be asked what came after a revision. Each is asked when
 * something may have changed: {@link #poke} by whoever hears of changes, and often enough that a hint which was lost does no
 * harm.
 */
public final class PolledWatches implements AutoCloseable {

  /**
   * What came after a revision.
   *
   * @param reset everything, if what came after is not known any more; then there are no changes
   * @param upTo no change up to this revision is left to tell
   * @param more whether to ask again at once
   */
  public record News(@Nullable Snapshot reset, List<Change> changes, long upTo, boolean more) {

    public static News reset(Snapshot snapshot) {
      return new News(snapshot, List.of(), snapshot.revision(), false);
    }

    public static News changes(List<Change> changes, long upTo) {
      return new News(null, changes, upTo, false);
    }
  }

  /** Asks the store. */
  public interface Reader {

    /** @param told 0 for everything */
    CompletionStage<News> read(String prefix, long told);
  }

  private static final Logger log = LoggerFactory.getLogger(PolledWatches.class);
  private static final int QUEUE_MAX = 10_000;

  private final Reader reader;
  private final Executor executor;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

  public PolledWatches(Reader reader, Executor executor) {
    this.reader = reader;
    this.executor = executor;
  }

  public Registration watch(String prefix, long after, Watcher watcher) {
    Watch watch = new Watch(prefix, after, watcher);
    watches.add(watch);
    watch.poke();
    return watch;
  }

  /** Something may have changed. */
  public void poke() {
    watches.forEach(Watch::poke);
  }

  public boolean isEmpty() {
    return watches.isEmpty();
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
  }

  /** One watch; asks once at a time. */
  private final class Watch implements Registration {
    private final String prefix;
    private final Watcher watcher;
    private final SerialLoop loop = new SerialLoop("dcs-watch", executor, QUEUE_MAX);
    // These belong to the loop.
    private long told;
    private boolean reading;
    private boolean again;
    private boolean interrupted;
    private volatile boolean closed;

    Watch(String prefix, long after, Watcher watcher) {
      this.prefix = prefix;
      this.told = after;
      this.watcher = watcher;
    }

    void poke() {
      loop.execute(this::readNext);
    }

    private void readNext() {
      if (closed) {
        return;
      }
      if (reading) {
        again = true;
        return;
      }
      reading = true;
      again = false;
      reader.read(prefix, told).whenComplete((news, failure) -> loop.execute(() -> {
        reading = false;
        if (closed) {
          return;
        }
        if (failure != null) {
          failed(Causes.of(failure));
          return;
        }
        tell(news);
        if (news.more() || again) {
          readNext();
        }
      }));
    }

    private void tell(News news) {
      told = news.upTo();
      if (news.reset() != null) {
        watcher.reset(news.reset());
      } else if (!news.changes().isEmpty()) {
        watcher.changed(news.changes());
      }
      if (interrupted && !news.more()) {
        interrupted = false;
        watcher.resumed();
      }
    }

    private void failed(Throwable failure) {
      log.debug("watch not served prefix={} problem=\"{}\"", prefix, failure.toString());
      if (!interrupted) {
        interrupted = true;
        watcher.interrupted(String.valueOf(failure.getMessage()));
      }
    }

    @Override
    public void close() {
      closed = true;
      loop.close();
      watches.remove(this);
    }
  }
}
