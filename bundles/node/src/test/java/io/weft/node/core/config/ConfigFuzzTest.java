package io.weft.node.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testkit.Fuzz;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigFuzzTest {

  private static final String WHOLE =
      """
      # comment
      fabric: demo
      node: {name: a, labels: {site: home}}
      identity: {formation: "secret:file/formation"}
      peers:
        - &b {name: b, addresses: ["192.0.2.7:7450", "[2001:db8::7]:7450"], vip: 2}
        - name: 'c'
      transport.quic: {listen: "0.0.0.0:7450", share: 0.5}
      mesh: {channels: {max: 7}, link.idle.timeout.ms: 500}
      expose:  [{service: pg, tcp: "127.0.0.1:5432", allow: [b, c]}]
      forward: [{service: pg, at: b, tcp: "peer:15432"}, {service: x, udp: "service:${env:PORT}", vip: 3}]
      """;

  private static final String ODD =
      """
      %YAML 1.2
      ---
      "a": !!str |
        text
      ? [x, *b]
      : >-
        ${secret:file/x} $${ ${env:} \u0001
      b: &b [[[{}]]]
      c: *b
      <<: {d: ~}
      ...
      """;

  private final ConfigSchema schema = TestSchema.schema();

  @Test
  void anyBytesAreEitherGoodOrRefusedInOneLineEach() {
    List<byte[]> samples = List.of(WHOLE.getBytes(StandardCharsets.UTF_8), ODD.getBytes(StandardCharsets.UTF_8));

    new Fuzz(7, samples, 4096).run(100_000, NeverThrown.class, this::evaluate);
  }

  /** Long files of one kind, which cost the most. */
  @Test
  void bigFilesAreReadOrRefusedInTime() {
    List<byte[]> samples =
        List.of("[", "{", "- ", "? ", "a: {b: ", "&a ", "*a ", "!x ", "'", "\"", "|\n ", "x\n", "#", "%", "a: b\n", "- - ",
            "\t", "${env:x}", ",", ": ")
            .stream()
            .map(unit -> unit.repeat(60_000 / unit.length()).getBytes(StandardCharsets.UTF_8))
            .toList();
    for (byte[] sample : samples) {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      evaluate(sample);
      long worked = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
      assertThat(worked).as(new String(sample, 0, 6, StandardCharsets.UTF_8)).isLessThan(2_000_000_000L);
    }
  }

  private void evaluate(byte[] input) {
    ConfigModel model = ConfigEvaluator.evaluate("weft.yaml", input, schema, variable -> variable.equals("PORT") ? "53" : null);
    for (Problem problem : model.problems()) {
      String line = problem.at("weft.yaml");
      if (line.length() > 2_000 || line.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
        throw new IllegalStateException("not one clean line: " + line);
      }
    }
  }

  private static final class NeverThrown extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
