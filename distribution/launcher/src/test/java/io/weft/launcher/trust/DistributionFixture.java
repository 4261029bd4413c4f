package io.weft.launcher.trust;

import io.weft.launcher.Dist;
import io.weft.support.plugin.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the build writes into a distribution. */
public final class DistributionFixture {

  private DistributionFixture() {}

  /** Of the jars that are there now. */
  public static void writeHashes(Dist dist) throws IOException {
    List<String> lines = new ArrayList<>();
    Files.createDirectories(dist.bundles());
    try (Stream<Path> files = Files.walk(dist.bundles())) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        lines.add(Sha256.hex(Files.readAllBytes(jar)) + "  " + dist.dir().relativize(jar));
      }
    }
    Files.createDirectories(DistributionHashes.file(dist).getParent());
    Files.write(DistributionHashes.file(dist), lines);
  }
}
