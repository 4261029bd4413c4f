package io.weft.dcs.raft.member;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What this node keeps of the store, below its home. */
final class Disk {

  private static final int DRAWN = 8;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

  private final Path directory;
  private final String fabric;

  Disk(Path directory, String fabric) {
    this.directory = directory;
    this.fabric = fabric;
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
  Path segments(Lineage lineage) {
    return log().resolve(lineage.group(fabric).getUuid().toString()).resolve("current");
  }

  boolean hasLog(Lineage lineage) {
    return Files.exists(segments(lineage).resolve("raft-meta"));
  }

  Optional<Identity> identity() throws IOException {
    return Identity.read(identityFile());
  }

  /** Another one than ever before. */
  Identity newIdentity() {
    return new Identity(draw(), List.of(), false, false, Lineage.FOUNDED);
  }

  /** Letters that nobody has drawn before. */
  static String draw() {
    SecureRandom random = new SecureRandom();
    StringBuilder drawn = new StringBuilder();
    for (int i = 0; i < DRAWN; i++) {
      drawn.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return drawn.toString();
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

  static void delete(Path path) throws IOException {
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
