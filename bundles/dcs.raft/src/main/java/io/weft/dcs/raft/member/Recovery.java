package io.weft.dcs.raft.member;

import io.weft.dcs.raft.state.KeyValues.Image;
import io.weft.dcs.raft.state.SnapshotFile;
import io.weft.support.Json;
import io.weft.support.file.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.apache.ratis.server.storage.StorageImplUtils;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.util.MD5FileUtil;
import org.apache.ratis.util.SizeInBytes;

/**
 * Makes a store of which this node is the only member out of what it has on its disk, after a majority of the members was lost.
 * The node must not run. The new store is of a new {@link Lineage}, in a new group and under a new member id, so that neither an
 * old member nor an old message can have a part in it; and its log goes on far behind where any member of the old one can have
 * been, so that revisions, and with them fencing tokens, go on growing.
 *
 * <p>Everything is made beside its place first. What was there is moved, never deleted; a run that was interrupted is finished by
 * the next one.
 */
public final class Recovery {

  /** More than ten years of 3,000 entries a second: the lost members had no entry beyond that. */
  static final long JUMP = 1_000_000_000_000L;

  /**
   * What there is, and what would come of it.
   *
   * @param interrupted whether an earlier run was; then the rest of it is what would be done
   */
  public record Plan(String node, List<String> lost, long index, long term, int keys, int sessions, long nextToken,
      int recoveries, Path keptAs, boolean interrupted) {}

  private final Path directory;
  private final Path part;
  private final Path journal;
  private final Identity before;
  private final MemberId self;
  private final StoredState state;
  private final Identity after;
  private final boolean interrupted;

  private Recovery(Path directory, long nowMillis) throws IOException {
    this.directory = directory;
    this.part = directory.resolve("recovery.part");
    this.journal = directory.resolve("recoveries.jsonl");
    this.before = Identity.read(identityFile(directory)).orElseThrow(() -> new IOException("it never kept a store"));
    if (!before.isMember() || !before.started()) {
      throw new IOException("it never was a member of a store");
    }
    this.interrupted = isPrepared(part, before.lineage());
    Path log = interrupted && Files.exists(kept().resolve("log")) ? kept().resolve("log") : directory.resolve("log");
    this.state = StoredState.read(group(log), before.founders());
    this.self = state.members().stream().filter(m -> m.storage().equals(before.storage())).findFirst()
        .orElseThrow(() -> new IOException("it does not count among the members, who are " + state.members()));
    this.after = interrupted ? Identity.read(identityFile(part)).orElseThrow()
        : Identity.ofSurvivor(new MemberId(self.node(), Disk.draw()), before.lineage().recovered(nowMillis, Disk.draw()));
  }

  /**
   * Reads all there is, and changes nothing.
   *
   * @param directory {@code data/dcs.raft} in the home of the node
   * @throws IOException with one clear line if nothing can be recovered from this
   */
  public static Recovery of(Path directory, long nowMillis) throws IOException {
    return new Recovery(directory, nowMillis);
  }

  private static Path identityFile(Path in) {
    return in.resolve("identity.json");
  }

  /** Whether all is made, but not yet in its place: the identity is written last. */
  private static boolean isPrepared(Path part, Lineage before) throws IOException {
    return Identity.read(identityFile(part)).filter(next -> next.lineage().isLaterThan(before)).isPresent();
  }

  private Path kept() {
    return directory.resolve("before-recovery-" + (before.lineage().recoveries() + 1));
  }

  /** The one store that there is a log of. */
  private static Path group(Path log) throws IOException {
    if (Files.isDirectory(log)) {
      try (Stream<Path> groups = Files.list(log)) {
        List<Path> found = groups.filter(g -> Files.exists(g.resolve("current/raft-meta"))).toList();
        if (found.size() == 1) {
          return found.get(0);
        }
      }
    }
    throw new IOException("its log is gone");
  }

  public Plan plan() {
    Image image = state.image();
    return new Plan(self.node(), state.members().stream().filter(m -> !m.equals(self)).map(MemberId::node).sorted().toList(),
        state.index(), state.term(), image.entries().size(), image.sessions().size(),
        ReplicatedState.revision(state.index() + JUMP) + 1, before.lineage().recoveries(), kept(), interrupted);
  }

  /** Does it. When it returns, everything is on disk. */
  public void run(long nowMillis) throws IOException {
    note("begun", nowMillis);
    if (!interrupted) {
      prepare();
    }
    Path log = directory.resolve("log");
    if (!Files.exists(kept().resolve("log"))) {
      Files.createDirectories(kept());
      before.write(identityFile(kept()));
      Files.move(log, kept().resolve("log"));
    }
    if (Files.exists(part.resolve("log"))) {
      Files.move(part.resolve("log"), log);
    }
    WholeFile.syncFolder(kept());
    WholeFile.syncFolder(directory);
    after.write(identityFile(directory)); // from here on the node starts with the new store
    Disk.delete(part);
    note("done", nowMillis);
  }

  private void prepare() throws IOException {
    Disk.delete(part);
    long index = state.index() + JUMP;
    long term = state.term() + 1;
    Path group = part.resolve("log").resolve(after.lineage().group("").getUuid().toString());
    Files.createDirectories(group.getParent());
    Path snapshots;
    try (RaftStorage storage = StorageImplUtils.newRaftStorage(
        group.toFile(), SizeInBytes.ZERO, RaftStorage.StartupOption.FORMAT, CorruptionPolicy.EXCEPTION)) {
      storage.initialize();
      storage.getMetadataFile().persist(RaftStorageMetadata.valueOf(term, after.founders().get(0).peerId()));
      snapshots = Files.createDirectories(storage.getStorageDir().getStateMachineDir().toPath());
    }
    Image image = state.image();
    Path snapshot = snapshots.resolve(SimpleStateMachineStorage.getSnapshotFileName(term, index));
    SnapshotFile.write(snapshot, new Image(ReplicatedState.revision(index), image.entries(), image.sessions()));
    MD5FileUtil.computeAndSaveMd5ForFile(snapshot.toFile());
    for (Path each : List.of(snapshots, group.resolve("current"), group, group.getParent(), part)) {
      WholeFile.syncFolder(each);
    }
    after.write(identityFile(part));
  }

  /** One line in the journal of the node, on disk when it returns. */
  private void note(String what, long nowMillis) throws IOException {
    Plan plan = plan();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", Instant.ofEpochMilli(nowMillis).toString());
    line.put("recovery", what);
    line.put("by", System.getProperty("user.name"));
    line.put("member", self.toString());
    line.put("becomes", after.founders().get(0).toString());
    line.put("lost", plan.lost());
    line.put("index", plan.index());
    line.put("term", plan.term());
    line.put("keys", plan.keys());
    line.put("kept", plan.keptAs().getFileName().toString());
    byte[] bytes = (Json.compact(line) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel out = FileChannel.open(journal, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(ByteBuffer.wrap(bytes));
      out.force(true);
    }
  }
}
