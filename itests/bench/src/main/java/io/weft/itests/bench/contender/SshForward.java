package io.weft.itests.bench.contender;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.bench.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** {@code ssh -L} with its fastest cipher: a stream in a stream, as Weft does it, but over TCP. */
public final class SshForward implements Contender {

  private final Daemons daemons;

  public SshForward(Wire wire, int port) {
    Machine.needs("sshd", "ssh", "ssh-keygen");
    Path directory = wire.directory();
    Path hostKey = directory.resolve("ssh-host");
    Path userKey = directory.resolve("ssh-user");
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", hostKey.toString()).run().orFail();
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", userKey.toString()).run().orFail();
    try {
      Files.createDirectories(Path.of("/run/sshd"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemons = new Daemons(wire, "ssh");
    daemons.startInB(Machine.find("sshd").orElseThrow().toString(), "-D", "-e", "-f", "/dev/null", "-p", "2222", "-h", hostKey.toString(),
        "-o", "AuthorizedKeysFile=" + userKey + ".pub", "-o", "StrictModes=no", "-o", "UsePAM=no", "-o", "PidFile=none",
        "-o", "PermitRootLogin=yes");
    Reachable.await(wire, Wire.ADDRESS_B, 2222);
    daemons.startInA("ssh", "-N", "-F", "/dev/null", "-c", "aes128-gcm@openssh.com", "-i", userKey.toString(), "-p", "2222",
        "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "ServerAliveInterval=0",
        "-L", "127.0.0.1:" + port + ":127.0.0.1:" + port, "root@" + Wire.ADDRESS_B);
    Reachable.await(wire, "127.0.0.1", port);
  }

  @Override
  public String name() {
    return "ssh -L";
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
