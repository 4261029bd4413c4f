package io.weft.node.core.doctor;

import io.weft.node.Examination;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Who else may read or change what is in the home of the node, and whether this process may. */
@Component(name = "weft.node.doctor.home", service = Examination.class)
public final class HomeExamination implements Examination {

  private static final String NAME = "files";
  private static final int FILES_MAX = 1_000;
  private static final long FREE_LEAST = 64L << 20;
  private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");
  private static final Set<PosixFilePermission> OTHERS_WRITE = PosixFilePermissions.fromString("----w--w-");

  private final Supplier<Path> home;

  @Activate
  public HomeExamination(BundleContext context) {
    this(() -> Path.of(context.getProperty("weft.home") == null ? "." : context.getProperty("weft.home")));
  }

  HomeExamination(Supplier<Path> home) {
    this.home = home;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public CompletableFuture<List<HealthResult>> examine() {
    return CompletableFuture.completedFuture(look(home.get()));
  }

  private static List<HealthResult> look(Path home) {
    List<HealthResult> results = new ArrayList<>();
    try {
      notBy(OTHERS_WRITE, home, "chmod go-w", "change", results);
      notBy(OTHERS_WRITE, home.resolve("conf"), "chmod go-w", "change", results);
      notBy(OTHERS_WRITE, home.resolve("deploy"), "chmod go-w", "change", results);
      notBy(OTHERS, home.resolve("run"), "chmod 700", "reach", results);
      notBy(OTHERS, home.resolve("conf/secrets"), "chmod 700", "look into", results);
      secrets(home.resolve("conf/secrets"), results);
      room(home, results);
    } catch (IOException | UnsupportedOperationException e) {
      results.add(result(HealthStatus.unknown, "cannot look at " + home + ": " + e));
    }
    if (results.isEmpty()) {
      results.add(result(HealthStatus.ok, home + " is private, and there is room"));
    }
    return results;
  }

  private static void secrets(Path directory, List<HealthResult> results) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      Iterator<Path> each = files.iterator();
      for (int i = 0; i < FILES_MAX && each.hasNext(); i++) {
        notBy(OTHERS, each.next(), "chmod 600", "read", results);
      }
    }
  }

  private static void notBy(Set<PosixFilePermission> unwanted, Path path, String remedy, String what, List<HealthResult> results)
      throws IOException {
    try {
      Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
      mode.addAll(Files.getPosixFilePermissions(path));
      mode.retainAll(unwanted);
      if (!mode.isEmpty()) {
        results.add(result(HealthStatus.critical, "others can " + what + " " + path + "; run: " + remedy + " " + path));
      }
    } catch (NoSuchFileException e) {
      return; // what is not there cannot be reached
    }
  }

  private static void room(Path home, List<HealthResult> results) throws IOException {
    Path data = home.resolve("data");
    if (Files.isDirectory(data) && !Files.isWritable(data)) {
      results.add(result(HealthStatus.critical, "this node cannot write to " + data + "; give it to the user that runs it"));
    }
    long free = Files.getFileStore(home).getUsableSpace();
    if (free < FREE_LEAST) {
      results.add(result(HealthStatus.critical, "only " + (free >> 20) + " MiB are left for " + home + "; make room"));
    }
  }

  private static HealthResult result(HealthStatus status, String message) {
    return new HealthResult(NAME, HealthKind.posture, status, message);
  }
}
