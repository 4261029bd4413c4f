package io.weft.dcs.raft.member;

import io.weft.dcs.raft.state.Codec;
import io.weft.dcs.raft.state.Damaged;
import io.weft.dcs.raft.state.KeyValues;
import io.weft.dcs.raft.state.SnapshotFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;

/**
 * What a member that is not running has on its disk: the snapshot and everything in the log behind it, whether or not it was ever
 * agreed on, since the others who would know are gone. Reads only.
 */
final class StoredState {

  private final KeyValues values = new KeyValues();
  private List<MemberId> members = List.of();
  private long term;
  private long index = -1;

  private StoredState() {}

  /**
   * @param group the directory of the store below the log
   * @throws io.weft.dcs.raft.state.Damaged with one clear line
   */
  static StoredState read(Path group, List<MemberId> founders) throws IOException {
    StoredState state = new StoredState();
    state.members = founders;
    state.readSnapshot(group.resolve("sm"));
    Path current = group.resolve("current");
    state.readMetadata(current);
    LogCheck.read(current, state::take);
    return state;
  }

  KeyValues.Image image() {
    return values.image();
  }

  /** Who votes, as far as this member was told. */
  List<MemberId> members() {
    return members;
  }

  long term() {
    return term;
  }

  /** Of the last entry; -1 if there is none. */
  long index() {
    return index;
  }

  private void readSnapshot(Path directory) throws IOException {
    List<Path> snapshots = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        files.filter(f -> SimpleStateMachineStorage.SNAPSHOT_REGEX.matcher(f.getFileName().toString()).matches())
            .forEach(snapshots::add);
      }
    }
    Path latest = snapshots.stream().max(Comparator.comparingLong(f -> at(f).getIndex())).orElse(null);
    if (latest != null) {
      values.become(SnapshotFile.read(latest));
      term = at(latest).getTerm();
      index = at(latest).getIndex();
    }
  }

  private static TermIndex at(Path snapshot) {
    return SimpleStateMachineStorage.getTermIndexFromSnapshotFile(snapshot.toFile());
  }

  private void readMetadata(Path current) throws IOException {
    Properties meta = new Properties();
    try (Reader in = Files.newBufferedReader(current.resolve("raft-meta"))) {
      meta.load(in);
      term = Math.max(term, Long.parseLong(meta.getProperty("term", "0")));
    } catch (NumberFormatException e) {
      throw new Damaged("raft-meta has no term", e);
    }
    Path known = current.resolve("raft-meta.conf");
    if (Files.exists(known)) {
      members(LogEntryProto.parseFrom(Files.readAllBytes(known)).getConfigurationEntry());
    }
  }

  private void take(long at, byte[] bytes, int from, int length) throws IOException {
    LogEntryProto entry = LogEntryProto.parseDelimitedFrom(new ByteArrayInputStream(bytes, from, length));
    if (entry.hasConfigurationEntry()) {
      members(entry.getConfigurationEntry());
    }
    if (at <= index) {
      return; // the snapshot has it
    } else if (at != index + 1) {
      throw new Damaged("entries " + (index + 1) + " to " + (at - 1) + " are in no snapshot and not in the log");
    }
    index = at;
    term = Math.max(term, entry.getTerm());
    if (entry.hasStateMachineLogEntry()) {
      apply(at, entry.getStateMachineLogEntry().getLogData().toByteArray());
    }
  }

  private void apply(long at, byte[] bytes) {
    try {
      values.apply(ReplicatedState.revision(at), Codec.command(bytes));
    } catch (IllegalArgumentException notUnderstood) {
      // on no member: what cannot be read changes nothing
    }
  }

  private void members(RaftConfigurationProto configuration) {
    members = configuration.getPeersList().stream().map(p -> MemberId.parse(p.getId().toStringUtf8())).toList();
  }
}
