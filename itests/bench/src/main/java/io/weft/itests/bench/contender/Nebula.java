package io.weft.itests.bench.contender;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.bench.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** Nebula, as Debian packages it, with AES and no lighthouse. */
public final class Nebula implements Contender {

  private static final String INSIDE_A = "10.98.2.1";
  private static final String INSIDE_B = "10.98.2.2";

  private final Daemons daemons;

  public Nebula(Wire wire) {
    Machine.needs("nebula", "nebula-cert");
    Path directory = wire.directory();
    Command.of("nebula-cert", "ca", "-name", "bench", "-out-crt", "nebula-ca.crt", "-out-key", "nebula-ca.key").in(directory).run().orFail();
    daemons = new Daemons(wire, "nebula");
    daemons.startInA("nebula", "-config", configure(directory, "a", INSIDE_A).toString());
    daemons.startInB("nebula", "-config", configure(directory, "b", INSIDE_B).toString());
    Reachable.awaitPing(wire, INSIDE_B);
  }

  private static Path configure(Path directory, String name, String address) {
    Command.of("nebula-cert", "sign", "-ca-crt", "nebula-ca.crt", "-ca-key", "nebula-ca.key", "-name", name, "-ip", address + "/24",
        "-out-crt", "nebula-" + name + ".crt", "-out-key", "nebula-" + name + ".key").in(directory).run().orFail();
    String yaml = """
        pki: {ca: %1$s/nebula-ca.crt, cert: %1$s/nebula-%2$s.crt, key: %1$s/nebula-%2$s.key}
        static_host_map: {"%3$s": ["%5$s:4242"], "%4$s": ["%6$s:4242"]}
        lighthouse: {am_lighthouse: false, hosts: []}
        listen: {host: 0.0.0.0, port: 4242}
        cipher: aes
        tun: {dev: neb-bench-%2$s, mtu: 1300}
        logging: {level: warning}
        firewall: {outbound: [{port: any, proto: any, host: any}], inbound: [{port: any, proto: any, host: any}]}
        """.formatted(directory, name, INSIDE_A, INSIDE_B, Wire.ADDRESS_A, Wire.ADDRESS_B);
    try {
      return Files.writeString(directory.resolve("nebula-" + name + ".yml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "nebula";
  }

  @Override
  public String host() {
    return INSIDE_B;
  }

  @Override
  public Collection<ProcessHandle> processes() {
    return daemons.handles();
  }

  @Override
  public void close() {
    daemons.close();
  }
}
