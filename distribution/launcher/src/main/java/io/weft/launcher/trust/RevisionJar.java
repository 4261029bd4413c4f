package io.weft.launcher.trust;

import io.weft.launcher.framework.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.felix.framework.BundleRevisionImpl;
import org.apache.felix.framework.cache.JarContent;
import org.osgi.framework.wiring.BundleRevision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file that the framework takes the classes of a bundle from. */
final class RevisionJar {

  private static final Logger log = LoggerFactory.getLogger(RevisionJar.class);

  private RevisionJar() {}

  /** Empty if it is no jar file, such as a folder. */
  static Optional<Path> of(BundleRevision revision) {
    return revision instanceof BundleRevisionImpl impl && impl.getContent() instanceof JarContent content
        ? Optional.of(content.getFile().toPath().toAbsolutePath().normalize()) : Optional.empty();
  }

  /**
   * Removes what the framework unpacked of this jar at an earlier start, which nobody signed: it unpacks again what it needs. Called before
   * the bundle resolves.
   */
  static void forgetUnpacked(Path jar) {
    for (String suffix : new String[] {"-embedded", "-lib"}) {
      Path unpacked = jar.resolveSibling(jar.getFileName() + suffix);
      try {
        Trees.delete(unpacked);
      } catch (IOException e) {
        log.warn("unpacked files not removed dir={} reason={}", unpacked, e.getMessage());
      }
    }
  }
}
