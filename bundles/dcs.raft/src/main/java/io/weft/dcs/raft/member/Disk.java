package io.weft.dcs.raft.member;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.ratis.protocol.RaftGroupId;

/** What this node keeps of the store, below its home. */
final class Disk {

  private static final int STORAGE_LENGTH = 8;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

  private final Path directory;
  private final RaftGroupId group;
  private final SecureRandom random = new SecureRandom();

  Disk(Path directory, RaftGroupId group) {
    this.directory = directory;
    this.group = group;
  }

  Path identityFile() {
    return directory.resolve("identity.json");
  }

  /** Where Ratis keeps log and snapshots. */
  Path log() {
    return directory.resolve("log");
  }

  /** Where damaged or unused data is put; only the last is kept. */
  Path aside() {
    return directory.resolve("aside");
  }

  /** Where the segments of the log are. */
  Path segments() {
    return log().resolve(group.getUuid().toString()).resolve("current");
  }

  boolean hasLog() {
    return Files.exists(segments().resolve("raft-meta"));
  }

  Optional<Identity> identity() throws IOException {
    return Identity.read(identityFile());
  }

  /** Another one than ever before. */
  Identity newIdentity() {
    StringBuilder storage = new StringBuilder();
    for (int i = 0; i < STORAGE_LENGTH; i++) {
      storage.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return new Identity(storage.toString(), List.of(), false, false);
  }

  void write(Identity identity) throws IOException {
    identity.write(identityFile());
  }

  /** What a start left that never came to an end. */
  void clearLog() throws IOException {
    delete(log());
  }

  /** Log, snapshots and identity are not this node's any more; kept for people to look at. */
  void putAside() throws IOException {
    delete(aside());
    Files.createDirectories(aside());
    if (Files.exists(log())) {
      Files.move(log(), aside().resolve("log"));
    }
    if (Files.exists(identityFile())) {
      Files.move(identityFile(), aside().resolve("identity.json"));
    }
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
