package io.weft.relay.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testkit.Await;
import io.weft.testkit.RealTime;
import io.weft.testkit.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The clients of coturn against this relay. Where they are not installed this is skipped, but never in CI. */
class CoturnToolsTest {

  private static final int MESSAGES = 25;

  private RealTime time;
  private RelayRig rig;

  record Ran(int code, String output) {}

  @BeforeEach
  void start() {
    ServerProcess.require("turnutils_uclient");
    time = new RealTime();
    rig = new RelayRig(Map.of("allow_ranges", new String[] {"127.0.0.0/8"}), new EpollIo(2), time, time);
  }

  @AfterEach
  void stop() throws Exception {
    if (rig != null) {
      rig.close();
      time.close();
    }
  }

  private static Ran run(String... command) throws Exception {
    Path output = Files.createTempFile("coturn", ".log");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
      if (!process.waitFor(40, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        return new Ran(-1, "still running\n" + Files.readString(output, StandardCharsets.ISO_8859_1));
      }
      return new Ran(process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
    } finally {
      Files.delete(output);
    }
  }

  private Ran uclient(String secret, String... more) throws Exception {
    List<String> command = new ArrayList<>(List.of("turnutils_uclient", "-u", "alice", "-W", secret, "-n", "" + MESSAGES, "-m", "2", "-c", "-y"));
    command.addAll(List.of(more));
    command.addAll(List.of("-p", "" + rig.address().getPort(), "127.0.0.1"));
    return run(command.toArray(String[]::new));
  }

  private void carriesEverything(Ran ran) {
    assertThat(ran.code()).as(ran.output()).isZero();
    assertThat(ran.output()).contains("Total lost packets 0 (0.000000%)");
    assertThat(rig.count(Count.PACKETS_TO_PEERS)).isGreaterThanOrEqualTo(2 * MESSAGES);
    assertThat(rig.count(Count.DROPPED_UNSENT) + rig.count(Count.DROPPED_MALFORMED)).isZero();
  }

  @Test
  void channelsOverUdp() throws Exception {
    carriesEverything(uclient(RelayRig.SECRET));
  }

  @Test
  void indicationsOverUdp() throws Exception {
    carriesEverything(uclient(RelayRig.SECRET, "-s"));
  }

  @Test
  void channelsOverTcp() throws Exception {
    carriesEverything(uclient(RelayRig.SECRET, "-t"));
  }

  @Test
  void pairsOfPorts() throws Exception {
    // Without -c: a second port beside each, as for RTCP.
    Ran ran = run("turnutils_uclient", "-u", "alice", "-W", RelayRig.SECRET, "-n", "" + MESSAGES, "-m", "2", "-y", "-p",
        "" + rig.address().getPort(), "127.0.0.1");
    carriesEverything(ran);
    assertThat(rig.count(Count.ALLOCATIONS_MADE)).isGreaterThanOrEqualTo(4);
  }

  @Test
  void anotherSecretIsRefused() throws Exception {
    Ran ran = uclient("another secret");
    assertThat(ran.code()).isNotZero();
    assertThat(ran.output()).contains("Cannot complete Allocation");
    assertThat(rig.count(Count.ALLOCATIONS_MADE)).isZero();
  }

  @Test
  void theKindOfNat() throws Exception {
    rig.change(Map.of("alternate", "127.0.0.2:" + RelayRig.freePort()));
    Await.until("four sockets", Duration.ofSeconds(10), () -> rig.status().listeners().size() == 5);
    Ran ran = run("turnutils_natdiscovery", "-m", "-f", "-p", "" + rig.address().getPort(), "127.0.0.1");
    assertThat(ran.output()).contains("NAT with Endpoint Independent Mapping!", "NAT with Endpoint Independent Filtering!");
  }

  @Test
  void theAddressFromOutside() throws Exception {
    Ran ran = run("turnutils_stunclient", "-p", "" + rig.address().getPort(), "127.0.0.1");
    assertThat(ran.code()).as(ran.output()).isZero();
    assertThat(ran.output()).contains("UDP reflexive addr: 127.0.0.1:");
  }
}
