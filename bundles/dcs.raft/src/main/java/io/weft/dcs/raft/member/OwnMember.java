package io.weft.dcs.raft.member;

import io.weft.dcs.raft.wire.Lines;
import io.weft.node.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node has of the store: who it is, what is on its disk, and the server that runs on that. Only {@link MemberLife} changes it,
 * one step at a time; anybody may ask for the server.
 */
final class OwnMember {

  private static final Logger log = LoggerFactory.getLogger(OwnMember.class);

  private final Contacts contacts;
  private final Settings settings;
  private final Lines lines;
  private final Clock clock;
  private final Runnable changed;
  private final Consumer<String> says;
  private final String fabric;
  private final Disk disk;
  private volatile @Nullable Identity identity;
  private volatile @Nullable RaftMember running;
  private @Nullable String damage;
  private boolean hasCounted;

  /**
   * @param directory below the home of the node
   * @param changed told after each change of keys or of the leader; returns at once
   * @param says hears what it does, for people
   */
  OwnMember(String fabric, Contacts contacts, Path directory, Settings settings, Lines lines, Clock clock, Runnable changed,
      Consumer<String> says) {
    this.fabric = fabric;
    this.contacts = contacts;
    this.settings = settings;
    this.lines = lines;
    this.clock = clock;
    this.changed = changed;
    this.says = says;
    this.disk = new Disk(directory, fabric);
  }

  Disk disk() {
    return disk;
  }

  /** The server, if it runs. */
  @Nullable RaftMember running() {
    return running;
  }

  /** Null until the disk was looked at. */
  @Nullable Identity known() {
    return identity;
  }

  /** Whether what is on the disk is not to be used, and what was found. */
  Optional<String> damage() {
    return Optional.ofNullable(damage);
  }

  /** Whether this member was ever one of those who decide. */
  boolean hasCounted() {
    return hasCounted;
  }

  void counts() {
    hasCounted = true;
  }

  /** Who this node is; drawn if it is nobody yet. */
  Identity identity() throws IOException {
    Identity known = identity;
    if (known == null) {
      known = disk.identity().orElse(null);
      if (known == null) {
        known = disk.newIdentity();
        disk.clearLog();
        disk.write(known);
      }
      if (known.isMember()) {
        contacts.hear(contacts.self(), known.lineage());
      }
      identity = known;
    }
    return known;
  }

  MemberId id() throws IOException {
    return new MemberId(contacts.self(), identity().storage());
  }

  private void become(Identity next) throws IOException {
    disk.write(next);
    identity = next;
  }

  /** One of those who found the store. */
  void found(List<MemberId> founders) throws IOException {
    become(identity().asFounder(founders));
    log.info("raft founds members={}", founders);
    start();
  }

  /** One that can be added to the store of that lineage, with the storage that it has. */
  void join(Lineage store) throws IOException {
    become(identity().asJoiner(store));
    start();
  }

  /** The same, with a storage that nobody has heard of. */
  void joinAnew(Lineage store) throws IOException {
    become(disk.newIdentity().asJoiner(store));
    start();
  }

  /** Starts the server, unless what is on the disk is damaged. */
  void start() throws IOException {
    Identity me = identity();
    boolean fresh = !disk.hasLog(me.lineage());
    if (fresh && me.started()) {
      damaged("the log is gone");
      return;
    }
    if (fresh) {
      disk.clearLog();
    }
    says.accept("starts with " + (fresh ? "an empty log" : "the log it has"));
    try {
      LogCheck.verify(disk.segments(me.lineage()));
      running = new RaftMember(id(), me.lineage().group(fabric), me.founders(), disk.log(), fresh, settings, lines, clock, changed);
    } catch (IOException | RuntimeException e) {
      Optional<String> what = Damage.in(e);
      if (what.isEmpty()) {
        throw new IOException("the log cannot be opened: " + Damage.root(e), e);
      }
      damaged(what.get());
      return;
    }
    hasCounted = !me.founders().isEmpty();
    if (!me.started()) {
      become(me.asStarted());
    }
    log.info("raft member started id={}", id());
    if (me.lineage().recoveries() > 0) {
      log.warn("raft store is one that was recovered by hand recoveries={} at={}", me.lineage().recoveries(),
          Instant.ofEpochMilli(me.lineage().atMillis()));
    }
  }

  private void damaged(String what) {
    damage = what;
    says.accept("refuses its log: " + what);
    log.error("raft log damaged problem=\"{}\" home={} next=\"it is repaired from the other members as soon as they serve\"",
        what, disk.log());
  }

  /** Blocks until everything is on disk and closed. */
  void stop() throws IOException {
    RaftMember member = running;
    running = null;
    if (member != null) {
      member.close();
    }
  }

  /** What is on disk is put aside; this node is nobody. The server must not run. */
  void forget() throws IOException {
    disk.putAside();
    damage = null;
    identity = null;
    hasCounted = false;
  }
}
