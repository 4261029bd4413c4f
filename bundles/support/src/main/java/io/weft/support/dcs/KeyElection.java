package io.weft.support.dcs;

import io.weft.dcs.Change;
import io.weft.dcs.Dcs;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.Election;
import io.weft.dcs.Entry;
import io.weft.dcs.Leader;
import io.weft.dcs.Leadership;
import io.weft.dcs.ReadMode;
import io.weft.dcs.Session;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Watcher;
import io.weft.node.Registration;
import io.weft.node.Timers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An election as a key that goes with the session of its leader: who creates it leads, and the revision that created it is the
 * token. The value is never changed, so that the revision stays the token.
 */
public final class KeyElection implements Election {

  private static final String PREFIX = "_elections/";

  private final Dcs dcs;
  private final String name;
  private final Timers timers;
  private final Executor executor;

  /** @param executor for attempts and news */
  public KeyElection(Dcs dcs, String name, Timers timers, Executor executor) {
    this.dcs = dcs;
    this.name = DcsKeys.check(name);
    DcsKeys.check(key());
    this.timers = timers;
    this.executor = executor;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public CompletableFuture<Leadership> campaign(Session session, byte[] value) {
    DcsChecks.put(key(), value);
    Campaign campaign = new Campaign(this, session, value.clone(), dcs, timers, executor);
    campaign.start();
    return campaign.result();
  }

  @Override
  public CompletionStage<Optional<Leader>> leader(ReadMode mode) {
    return dcs.get(key(), mode).thenApply(entry -> entry.map(KeyElection::leader));
  }

  @Override
  public Registration observe(Consumer<Optional<Leader>> observer) {
    return watch((entry, revision) -> observer.accept(Optional.ofNullable(entry).map(KeyElection::leader)));
  }

  String key() {
    return PREFIX + name + "/leader";
  }

  /** Hears of the leader. */
  interface Observer {

    /** @param leader null for none as of {@code revision} */
    void leads(@Nullable Entry leader, long revision);
  }

  /** Tells who leads at first and whenever it may have changed. */
  Registration watch(Observer observer) {
    return dcs.watch(PREFIX + name + "/", 0, new Watcher() {
      @Override
      public void reset(Snapshot snapshot) {
        Entry leader = snapshot.entries().stream().filter(e -> e.key().equals(key())).findFirst().orElse(null);
        observer.leads(leader, snapshot.revision());
      }

      @Override
      public void changed(List<Change> changes) {
        for (Change change : changes) {
          if (change.key().equals(key())) {
            observer.leads(change instanceof Change.Put put ? put.entry() : null, change.revision());
          }
        }
      }
    });
  }

  private static Leader leader(Entry entry) {
    return new Leader(entry.value(), entry.revision(), entry.session().orElse(""));
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof KeyElection e && e.dcs == dcs && e.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return "election " + name;
  }
}
