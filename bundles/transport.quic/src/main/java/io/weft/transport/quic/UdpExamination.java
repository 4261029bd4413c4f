package io.weft.transport.quic;

import io.weft.node.Examination;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** What the machine does with UDP: how much it buffers, how large packets may be. */
@Component(name = "weft.transport.quic.examination", service = Examination.class)
public final class UdpExamination implements Examination {

  private static final String BUFFERS = "udp";
  private static final String MTU = "mtu";
  private static final int MTU_LEAST = 1_280;

  private final Path settings;

  @Activate
  public UdpExamination() {
    this(Path.of("/proc/sys/net/core"));
  }

  UdpExamination(Path settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return BUFFERS;
  }

  @Override
  public CompletableFuture<List<HealthResult>> examine() {
    List<HealthResult> results = new ArrayList<>();
    buffer("rmem_max", "receive", results);
    buffer("wmem_max", "send", results);
    mtu(results);
    return CompletableFuture.completedFuture(results);
  }

  private void buffer(String setting, String what, List<HealthResult> results) {
    try {
      long bytes = Long.parseLong(Files.readString(settings.resolve(setting)).trim());
      results.add(bytes >= UdpSocket.BUFFER
          ? result(BUFFERS, HealthStatus.ok, "the " + what + " buffer may have " + (bytes >> 10) + " KiB")
          : result(BUFFERS, HealthStatus.warn, "the " + what + " buffer may have only " + (bytes >> 10) + " KiB, so bursts are lost; run:"
              + " sysctl -w net.core." + setting + "=" + UdpSocket.BUFFER));
    } catch (IOException | NumberFormatException e) {
      results.add(result(BUFFERS, HealthStatus.warn, "the limit of the " + what + " buffer is not known here (" + e.getMessage() + ")"));
    }
  }

  private static void mtu(List<HealthResult> results) {
    try {
      List<String> small = new ArrayList<>();
      for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
        if (network.isUp() && !network.isLoopback() && network.getMTU() > 0 && network.getMTU() < MTU_LEAST) {
          small.add(network.getName() + " (" + network.getMTU() + ")");
        }
      }
      results.add(small.isEmpty()
          ? result(MTU, HealthStatus.ok, "every network carries packets of " + MTU_LEAST + " bytes, which QUIC needs")
          : result(MTU, HealthStatus.critical, "no link works over " + String.join(", ", small) + ", since QUIC needs packets of "
              + MTU_LEAST + " bytes; raise its MTU"));
    } catch (SocketException e) {
      results.add(result(MTU, HealthStatus.unknown, "the networks of this machine are not known: " + e.getMessage()));
    }
  }

  private static HealthResult result(String name, HealthStatus status, String message) {
    return new HealthResult(name, HealthKind.readiness, status, message);
  }
}
