package io.weft.dcs.raft.member;

import io.weft.dcs.raft.wire.CallFailed;
import io.weft.dcs.raft.wire.CallFailed.Kind;
import io.weft.dcs.raft.wire.Lines;
import io.weft.dcs.raft.wire.Traffic;
import io.weft.node.Clock;
import io.weft.node.Registration;
import io.weft.node.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node is to the store: nothing but a client, one of those who wait to found it, a member, or one that lost its storage
 * and comes back as a new member. Looks at it again from time to time; a step may block, on a thread of its own.
 *
 * <p>All founders must be there once, at the same time, and the first of them by name makes the list of who they are. From then
 * on a member that lost its storage is never taken for one that is new: its id is not on the list. It comes back under a new id,
 * which the others put in the place of the old one, so that what it promised and forgot does no harm.
 */
public final class MemberLife implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MemberLife.class);
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration LATER = Duration.ofSeconds(1);
  private static final Duration ASK_FIRST_MAX = Duration.ofMillis(500);
  private static final Duration GREET_MAX = Duration.ofSeconds(2);
  private static final Duration CHANGE_MAX = Duration.ofSeconds(60);
  private static final int ASK_EACH = 2;
  private static final int UNHEARD_LOOKS = 2;
  private static final Duration UNHEARD = Duration.ofSeconds(3);

  private final Contacts contacts;
  private final Lines lines;
  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  private final OwnMember own;
  /** One step at a time; held while a member starts or stops. No other lock is taken with it but those of Ratis. */
  private final ReentrantLock stepping = new ReentrantLock();
  private boolean asked;
  private int looks;
  private int unheard;
  private long leaderSeenNanos;
  private volatile String state = "starts";
  private volatile String lastProblem = "";
  private volatile boolean closed;
  private volatile Registration timer = () -> {};

  /**
   * @param directory below the home of the node
   * @param executor for steps; one thread is enough
   * @param changed told after each change of keys or of the leader; returns at once
   */
  public MemberLife(String fabric, Contacts contacts, Path directory, Settings settings, Lines lines, Clock clock, Timers timers,
      Executor executor, Runnable changed) {
    this.contacts = contacts;
    this.lines = lines;
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
    this.own = new OwnMember(fabric, contacts, directory, settings, lines, clock, changed, said -> state = said);
  }

  /** Begins. */
  public void start() {
    executor.execute(this::run);
  }

  @Nullable RaftMember member() {
    return own.running();
  }

  /** What this node waits for, or is; for people. */
  public String state() {
    return state;
  }

  /** Whether a server of this node counts, or shall. */
  public boolean isMember() {
    return own.running() != null;
  }

  private void run() {
    stepping.lock();
    try {
      if (!closed) {
        step();
        lastProblem = "";
      }
    } catch (IOException | RuntimeException e) {
      problem(e);
    } finally {
      stepping.unlock();
    }
    if (!closed) {
      timer = timers.after(own.running() == null ? SOON : LATER, executor, this::run);
    }
  }

  /** Said once, not at each step. */
  private void problem(Exception e) {
    String text = String.valueOf(e.getMessage());
    if (!text.equals(lastProblem)) {
      lastProblem = text;
      log.warn("raft step failed problem=\"{}\"", text);
      log.debug("raft step failed", e);
    }
    state = "cannot go on: " + text;
  }

  private void step() throws IOException {
    Identity me = own.identity();
    if (!asked) {
      greet(ASK_FIRST_MAX); // a member that was left behind must not serve before somebody tells it
      asked = true;
    }
    RaftMember running = own.running();
    if (me.isMember() && contacts.latest().lineage().compareTo(me.lineage()) > 0) {
      yieldTo(contacts.latest(), me);
    } else if (running != null) {
      look(running);
    } else if (own.damage().isPresent()) {
      repair(own.damage().get());
    } else if (me.isMember()) {
      startMember();
    } else {
      seek();
    }
  }

  /** This node is no member, and looks whether there is a store, or one to be founded. */
  private void seek() throws IOException {
    Map<String, Greeting> greetings = greet();
    List<MemberId> founders = greetings.values().stream().filter(g -> !g.founders().isEmpty()).findFirst()
        .map(g -> parse(g.founders())).orElse(List.of());
    if (founders.contains(own.id())) {
      found(founders);
    } else if (greetings.values().stream().anyMatch(Greeting::knowsStore)) {
      comeBack(greetings);
    } else {
      Founding founding = Founding.of(own.id(), contacts.configured(), greetings);
      state = founding.waitsFor();
      if (!founding.founders().isEmpty()) {
        found(founding.founders());
      }
    }
  }

  private void found(List<MemberId> founders) throws IOException {
    own.found(founders);
    leaderSeenNanos = clock.nanos();
  }

  private void startMember() throws IOException {
    own.start();
    leaderSeenNanos = clock.nanos();
  }

  /** There is another store, made by hand of what this node was a member of. */
  private void yieldTo(Contacts.Heard other, Identity me) throws IOException {
    own.stop();
    if (other.lineage().isLaterThan(me.lineage())) {
      log.error("raft store was recovered without this member id={} said_by={} next=\"its data are put aside; it may be added "
          + "again\" aside={}", own.id(), other.node(), own.disk().aside());
      own.forget();
    } else {
      state = "refuses to serve: the store was recovered twice, here and elsewhere, and " + other.node() + " uses the other one; "
          + "stop this node and remove " + own.disk().identityFile().getParent() + ", or do so on the others";
    }
  }

  private static List<MemberId> parse(List<String> ids) {
    return ids.stream().map(MemberId::parse).toList();
  }

  private Map<String, Greeting> greet() throws IOException {
    return greet(GREET_MAX);
  }

  private Map<String, Greeting> greet(Duration most) throws IOException {
    try {
      return contacts.greet(most).get(GREET_MAX.toMillis() * 2, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted");
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("nobody was asked: " + e, e);
    }
  }

  /** Only when the others serve without this node: before, what is here may be all that is left. */
  private void repair(String damage) throws IOException {
    if (Greeting.leader(greet()).isEmpty()) {
      state = "refuses its log: " + damage + "; it is repaired from the other members as soon as they serve";
      return;
    }
    own.forget();
    log.warn("raft log put aside to={}", own.disk().aside());
  }

  private void look(RaftMember running) throws IOException {
    if (!running.isAlive()) {
      log.warn("raft member stopped by itself id={}", running.self());
      own.stop();
      return;
    }
    Optional<MemberId> leader = running.leader();
    boolean counts = running.members().contains(running.self());
    if (counts) {
      own.counts();
    }
    if (leader.isPresent()) {
      leaderSeenNanos = clock.nanos();
      contacts.learn(running.members());
      state = running.leads() ? "leads" : "follows " + leader.get().node();
    } else {
      state = "waits for a majority of " + String.join(", ", running.members().stream().map(MemberId::node).sorted().toList());
    }
    leadOrYield(running);
    if (++looks % ASK_EACH == 0) {
      contacts.greet(GREET_MAX); // so that one that was left behind is told, or tells
    }
    if (!counts || leader.isEmpty() && clock.nanos() - leaderSeenNanos > UNHEARD.toNanos()) {
      askWhoCounts(running);
    }
  }

  /**
   * A leader that a majority does not answer stops to lead, so that who waits for it looks elsewhere. Ratis does that too, but only while
   * nothing is written. Two looks, for one may come right after the process stood still.
   */
  private void leadOrYield(RaftMember running) throws IOException {
    unheard = running.leads() && !running.isHeard() ? unheard + 1 : 0;
    if (unheard >= UNHEARD_LOOKS) {
      unheard = 0;
      log.warn("raft leader steps down id={} because=\"a majority does not answer\"", running.self());
      running.stepDown();
    }
  }

  /** Nobody leads this member: perhaps the others have put it out, or wait to put it in. */
  private void askWhoCounts(RaftMember running) throws IOException {
    Map<String, Greeting> greetings = greet();
    Optional<Map.Entry<String, Greeting>> leader = Greeting.leader(greetings);
    if (leader.isEmpty()) {
      List<String> silent = contacts.all().stream().filter(n -> !n.equals(contacts.self()) && !greetings.containsKey(n)).toList();
      state = silent.isEmpty() ? "waits for an election" : "waits for " + String.join(", ", silent) + ": a majority of "
          + running.members().size() + " members must be there";
      return;
    }
    List<MemberId> members = parse(leader.get().getValue().members());
    if (members.contains(running.self())) {
      return; // the leader knows, and will speak up
    }
    if (own.hasCounted()) {
      log.warn("raft member was removed id={}", running.self());
      own.stop();
      own.forget();
    } else if (members.stream().anyMatch(m -> m.node().equals(contacts.self()))) {
      askToReplace(running.self(), leader.get().getKey());
    } else {
      state = "waits to be added: weft dcs add " + contacts.self() + " --yes";
    }
  }

  /** There is a store, and this node has nothing of it. */
  private void comeBack(Map<String, Greeting> greetings) throws IOException {
    Optional<Map.Entry<String, Greeting>> leader = Greeting.leader(greetings);
    List<MemberId> members = leader.map(l -> parse(l.getValue().members())).orElse(List.of());
    if (leader.isEmpty()) {
      state = "waits for the members of the store to serve";
    } else if (members.stream().noneMatch(m -> m.node().equals(contacts.self()))) {
      state = "is no member; members are " + String.join(", ", members.stream().map(MemberId::node).sorted().toList());
    } else {
      log.warn("raft member comes back with nothing node={} next=\"it is put in its own place and catches up\"", contacts.self());
      own.joinAnew(leader.get().getValue().lineage());
      leaderSeenNanos = clock.nanos();
      askToReplace(own.id(), leader.get().getKey());
    }
  }

  private void askToReplace(MemberId me, String leader) throws IOException {
    state = "asks " + leader + " to be put in its own place";
    try {
      lines.call(leader, Traffic.CALLS, Calls.CHANGE, MemberChange.replace(me).encode(), CHANGE_MAX).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted");
    } catch (ExecutionException e) {
      throw new IOException(leader + " did not take it back: " + e.getCause().getMessage(), e);
    }
  }

  // What others ask.

  Greeting greeting() {
    Identity me = own.known();
    RaftMember running = own.running();
    List<String> members = running == null ? List.of() : running.deciding().stream().map(MemberId::toString).toList();
    return new Greeting(me == null ? "" : me.storage(),
        me == null ? List.of() : me.founders().stream().map(MemberId::toString).toList(), members,
        running == null ? "" : running.leader().map(MemberId::node).orElse(""), running != null && running.leads(),
        running == null ? 0 : running.applied(), running == null ? 0 : running.values().revision(), contacts.configured(),
        running == null || me == null ? contacts.latest().lineage() : me.lineage());
  }

  /** A node spoke of a store of this lineage. */
  void hear(String node, Lineage lineage) {
    contacts.hear(node, lineage);
  }

  /** Makes this node one that can be added to the store of that lineage. */
  MemberId enlist(Lineage store) throws IOException {
    stepping.lock();
    try {
      if (own.running() == null && own.damage().isEmpty() && !closed) {
        if (own.identity().isMember()) {
          startMember();
        } else {
          own.join(store);
          leaderSeenNanos = clock.nanos();
        }
      }
      if (!own.identity().lineage().equals(store)) {
        throw new CallFailed(Kind.REFUSED, contacts.self() + " is a member of another store");
      }
      RaftMember running = own.running();
      if (running == null) {
        throw new CallFailed(Kind.UNAVAILABLE, contacts.self() + " " + state);
      }
      return running.self();
    } finally {
      stepping.unlock();
    }
  }

  /** Adds a member and takes others away, if this node leads. Nodes may come back only in their own place. */
  void change(byte[] request) throws IOException {
    RaftMember running = own.running();
    if (running == null) {
      throw new CallFailed(Kind.NOT_LEADER, "");
    }
    MemberChange.decode(request).applyTo(running);
    log.info("raft members changed members={}", running.members());
  }

  /** Blocks until everything is on disk and closed. */
  @Override
  public void close() {
    closed = true;
    timer.close();
    stepping.lock();
    try {
      own.stop();
    } catch (IOException e) {
      log.warn("raft member did not close well problem=\"{}\"", e.getMessage());
    } finally {
      stepping.unlock();
    }
  }
}
