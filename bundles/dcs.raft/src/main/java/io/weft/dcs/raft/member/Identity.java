package io.weft.dcs.raft.member;

import io.weft.support.Json;
import io.weft.support.JsonReader;
import io.weft.support.file.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who this node is to the others, on disk before it says so to anybody.
 *
 * @param storage of this node
 * @param founders who founded the store, if this node did; empty before, and for one that was added later
 * @param joins whether it was added, or asks to be
 * @param started whether there was a log once; if it is not there then, it was lost
 * @param lineage of the store that this node is, or shall be, a member of
 */
record Identity(String storage, List<MemberId> founders, boolean joins, boolean started, Lineage lineage) {

  Identity {
    founders = List.copyOf(founders);
  }

  /** Whether there is, or shall be, a log. */
  boolean isMember() {
    return joins || !founders.isEmpty();
  }

  Identity asFounder(List<MemberId> all) {
    return new Identity(storage, all, false, false, Lineage.FOUNDED);
  }

  Identity asJoiner(Lineage store) {
    return new Identity(storage, List.of(), true, false, store);
  }

  /** The only member of what was recovered: a node that did not forget, but counts anew. */
  static Identity ofSurvivor(MemberId alone, Lineage recovered) {
    return new Identity(alone.storage(), List.of(alone), false, true, recovered);
  }

  Identity asStarted() {
    return new Identity(storage, founders, joins, true, lineage);
  }

  /** @throws IOException with one clear line if the file is there and cannot be understood */
  static Optional<Identity> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Map<?, ?> json = (Map<?, ?>) JsonReader.read(Files.readString(file));
      List<MemberId> founders = ((List<?>) json.get("founders")).stream().map(f -> MemberId.parse((String) f)).toList();
      Lineage lineage = Lineage.parse(json.get("lineage") instanceof String text ? text : "");
      return Optional.of(new Identity(
          (String) json.get("storage"), founders, (Boolean) json.get("joins"), (Boolean) json.get("started"), lineage));
    } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
      throw new IOException(file.getFileName() + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Is on disk when it returns. */
  void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    byte[] bytes = Json.lines(Map.of("storage", storage, "founders", founders.stream().map(MemberId::toString).toList(),
        "joins", joins, "started", started, "lineage", lineage.toString())).getBytes(StandardCharsets.UTF_8);
    WholeFile.write(file, bytes, WholeFile.Sync.NAME);
  }
}
