package io.weft.node.core.doctor;

import io.weft.node.Examination;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Whether the machine lets this process have enough files, threads and memory. Linux says so in files; elsewhere it is not known. */
@Component(name = "weft.node.doctor.limits", service = Examination.class)
public final class LimitsExamination implements Examination {

  private static final String NAME = "limits";
  private static final long FILES_GOOD = 16_384;
  private static final long FILES_LEAST = 1_024;
  private static final long PROCESSES_LEAST = 512;
  private static final long MEMORY_LEAST_KB = 64 * 1024;

  private final Path proc;

  @Activate
  public LimitsExamination() {
    this(Path.of("/proc"));
  }

  LimitsExamination(Path proc) {
    this.proc = proc;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public CompletableFuture<List<HealthResult>> examine() {
    List<HealthResult> results = new ArrayList<>();
    try {
      limits(Files.readAllLines(proc.resolve("self/limits")), results);
      memory(Files.readAllLines(proc.resolve("meminfo")), results);
    } catch (IOException e) {
      results.add(result(HealthStatus.warn, "the limits of this process are not known here (" + e.getMessage() + ")"));
    }
    return CompletableFuture.completedFuture(results);
  }

  private static void limits(List<String> lines, List<HealthResult> results) {
    long files = soft(lines, "Max open files").orElse(Long.MAX_VALUE);
    results.add(files >= FILES_GOOD
        ? result(HealthStatus.ok, "may open " + count(files) + " files and sockets")
        : result(files < FILES_LEAST ? HealthStatus.critical : HealthStatus.warn, "may open only " + files
            + " files and sockets, of which each forwarded connection takes one; raise it: ulimit -n 65536, or LimitNOFILE=65536 in"
            + " the systemd unit"));
    long processes = soft(lines, "Max processes").orElse(Long.MAX_VALUE);
    if (processes < PROCESSES_LEAST) {
      results.add(result(HealthStatus.warn, "may start only " + processes + " threads; raise it: ulimit -u 4096"));
    }
  }

  private static void memory(List<String> lines, List<HealthResult> results) {
    long available = lines.stream().filter(line -> line.startsWith("MemAvailable:")).findFirst()
        .map(line -> number(line.replaceAll("[^0-9]", ""))).orElse(OptionalLong.empty()).orElse(Long.MAX_VALUE);
    long heap = Runtime.getRuntime().maxMemory() >> 20;
    results.add(available >= MEMORY_LEAST_KB
        ? result(HealthStatus.ok, "heap up to " + heap + " MiB" + (available == Long.MAX_VALUE ? "" : ", "
            + (available >> 10) + " MiB are free on this machine"))
        : result(HealthStatus.critical, "only " + (available >> 10) + " MiB of memory are free on this machine; stop something, or add"
            + " memory"));
  }

  /** The soft limit, which is the third column; empty if there is none. */
  private static OptionalLong soft(List<String> lines, String name) {
    for (String line : lines) {
      if (line.startsWith(name)) {
        String[] columns = line.substring(name.length()).trim().split("\\s+");
        return number(columns[0]);
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong number(String digits) {
    boolean good = !digits.isEmpty() && digits.length() < 19 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return good ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
  }

  private static String count(long files) {
    return files == Long.MAX_VALUE ? "any number of" : String.valueOf(files);
  }

  private static HealthResult result(HealthStatus status, String message) {
    return new HealthResult(NAME, HealthKind.readiness, status, message);
  }
}
