package io.weft.launcher.trust;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.support.plugin.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** SHA-256 of every jar that came with this distribution, as the build wrote them into {@code lib/bundles.sha256}: one line each, hash and path. */
public final class DistributionHashes {

  private final Dist dist;
  // Relative path by hash, and the other way round.
  private final Map<String, String> paths = new HashMap<>();
  private final Map<String, String> hashes = new HashMap<>();

  private DistributionHashes(Dist dist) {
    this.dist = dist;
  }

  public static DistributionHashes of(Dist dist) throws Failure {
    DistributionHashes read = new DistributionHashes(dist);
    Path file = file(dist);
    try {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split("  ", 2);
        if (words.length != 2 || !words[0].matches("[0-9a-f]{64}")) {
          throw new Failure(Failure.PRECONDITION, "this installation is not whole: " + file + " is damaged; unpack it again");
        }
        read.paths.put(words[0], words[1]);
        read.hashes.put(words[1], words[0]);
      }
      return read;
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "this installation is not whole: " + file + " cannot be read; unpack it again", e);
    }
  }

  public static Path file(Dist dist) {
    return dist.dir().resolve("lib/bundles.sha256");
  }

  boolean contains(String sha256) {
    return paths.containsKey(sha256);
  }

  /** Fails if a jar of the distribution is not what was built. */
  public void check(Path jar) throws Failure {
    try {
      String path = dist.dir().relativize(jar).toString();
      if (!Sha256.hex(jar).equals(hashes.get(path))) {
        throw new Failure(Failure.PRECONDITION, "this installation was changed: " + jar + " is not what was built; unpack it again");
      }
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "cannot read " + jar + ": " + e.getMessage(), e);
    }
  }
}
