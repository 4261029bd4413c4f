package io.weft.launcher.demo;

import io.weft.launcher.framework.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the homes of a demo's nodes are.
 *
 * @param keep whether it stays when the demo is over
 */
record DemoDirectory(Path path, boolean keep) {

  static DemoDirectory create(boolean keep) throws IOException {
    return new DemoDirectory(temporary(), keep);
  }

  /** For the owner only. */
  static Path temporary() throws IOException {
    return Files.createTempDirectory("weft-demo-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Takes it away unless it is kept. */
  void leave() {
    if (keep) {
      System.out.println("Kept " + path);
    } else {
      remove(path);
    }
  }

  static void remove(Path tree) {
    try {
      Trees.delete(tree);
    } catch (IOException e) {
      System.err.println("weft: could not remove " + tree + ": " + e.getMessage());
    }
  }
}
