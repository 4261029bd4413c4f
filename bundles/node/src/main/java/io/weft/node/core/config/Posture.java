package io.weft.node.core.config;

import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.LogLevels;
import io.weft.support.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names every setting of this node that is less safe than it could be: in the configuration, in the modes of files, in the log.
 */
@Component(name = "weft.node.posture", service = HealthCheck.class)
public final class Posture implements HealthCheck {

  private static final Set<PosixFilePermission> OTHERS_WRITE = PosixFilePermissions.fromString("----w--w-");
  private static final Logger log = LoggerFactory.getLogger(Posture.class);

  private final Path home;
  private final Path config;
  private final Supplier<List<Instance>> instances;

  @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  private volatile @Nullable LogLevels levels;

  @Activate
  public Posture(BundleContext context, @Reference FileSettings settings) {
    this(Path.of(property(context, "weft.home", ".")), Path.of(property(context, "weft.config", "conf/weft.yaml")),
        settings::instances);
  }

  Posture(Path home, Path config, Supplier<List<Instance>> instances) {
    this.home = home;
    this.config = home.resolve(config);
    this.instances = instances;
  }

  private static String property(BundleContext context, String key, String otherwise) {
    String value = context.getProperty(key);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  @Override
  public List<HealthResult> check() {
    List<HealthResult> results = new ArrayList<>();
    List<Instance> current = instances.get();
    access(current, results);
    forwards(current, results);
    secrets(current, results);
    files(results);
    logging(results);
    if (results.isEmpty()) {
      results.add(new HealthResult("settings", HealthKind.posture, HealthStatus.ok, "no insecure setting"));
    }
    return results;
  }

  private static void access(List<Instance> current, List<HealthResult> results) {
    for (Instance service : current) {
      if (service.pid().equals(ConfigSchema.EXPOSE_PID) && service.list("allow").contains("*")) {
        String name = service.text("service").orElse("?");
        results.add(warn("access", "every member of the fabric may use the service " + name + "; list peers in "
            + service.path() + ".allow"));
      }
    }
  }

  private static void forwards(List<Instance> current, List<HealthResult> results) {
    for (Instance forward : current) {
      if (forward.pid().equals(ConfigSchema.FORWARD_PID)) {
        for (String kind : List.of("tcp", "udp", "http")) {
          forward.text(kind).filter(Posture::isPublic).ifPresent(address -> {
            String service = forward.text("service").orElse("?");
            results.add(
                warn(
                    "forward",
                    "whoever reaches " + address + " can use the service " + service
                        + " in the name of this node; write 127.0.0.1 in "
                        + forward.path() + "." + kind));
          });
        }
      }
    }
  }

  private static boolean isPublic(String address) {
    return HostPort.parse(address).socketAddress().map(socket -> !socket.getAddress().isLoopbackAddress()).orElse(false);
  }

  private static void secrets(List<Instance> current, List<HealthResult> results) {
    for (Instance instance : current) {
      for (ConfigValue value : instance.values().values()) {
        if (value.written() && value.schema().type() == KeySchema.Type.SECRET && value.text().startsWith("secret:env/")) {
          results.add(
              warn("secrets", value.path()
                  + " is in an environment variable, which child processes and crash reports see; prefer a file"));
        }
      }
    }
  }

  private void files(List<HealthResult> results) {
    Set<Path> paths = new TreeSet<>(List.of(home, home.resolve("conf"), home.resolve("deploy"), config.getParent(), config));
    for (Path path : paths) {
      Set<PosixFilePermission> mode = mode(path);
      if (mode.stream().anyMatch(OTHERS_WRITE::contains)) {
        results.add(
            new HealthResult(
                "files",
                HealthKind.posture,
                HealthStatus.critical,
                "others could change " + path + " and so what this node does; run: chmod go-w " + path));
      } else if (path.equals(config) && mode.contains(PosixFilePermission.OTHERS_READ) && reachable()) {
        results.add(warn("files", "every user of this machine can read " + path + "; run: chmod 600 " + path));
      }
    }
  }

  /** Whether others get as far as the file at all. */
  private boolean reachable() {
    return !config.startsWith(home) || mode(home).contains(PosixFilePermission.OTHERS_EXECUTE);
  }

  private static Set<PosixFilePermission> mode(Path path) {
    try {
      return Files.getPosixFilePermissions(path);
    } catch (IOException e) {
      log.debug("mode unknown path={} reason={}", path, e.toString());
      return Set.of(); // not there, so there is nothing to say
    }
  }

  private void logging(List<HealthResult> results) {
    LogLevels current = levels;
    if (current == null) {
      return;
    }
    List<String> verbose =
        current.levels().entrySet().stream()
            .filter(e -> e.getValue().equals("debug") || e.getValue().equals("trace"))
            .map(e -> e.getKey() + "=" + e.getValue())
            .sorted()
            .toList();
    if (!verbose.isEmpty()) {
      results.add(warn("log", "the log tells more than it should for long: " + String.join(", ", verbose)
          + "; log:level sets it back"));
    }
  }

  private static HealthResult warn(String name, String message) {
    return new HealthResult(name, HealthKind.posture, HealthStatus.warn, message);
  }
}
