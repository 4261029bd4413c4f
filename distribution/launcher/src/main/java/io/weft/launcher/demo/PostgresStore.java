package io.weft.launcher.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One PostgreSQL, which refuses to be run by root and is run by the user postgres then. */
final class PostgresStore implements DemoStore {

  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final String USER = "postgres";

  private final Path binaries;
  private final InetSocketAddress address;
  private final String password = DemoNode.newSecret();
  private Path data;
  private DemoServer server;

  PostgresStore(Path binaries, Ports ports) {
    this.binaries = binaries;
    this.address = ports.tcp();
  }

  /** Where the programs of the newest version are. */
  static Optional<Path> binaries() throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      return ThisMachine.find("initdb").map(Path::getParent);
    }
    try (Stream<Path> versions = Files.list(INSTALLED)) {
      return versions.map(version -> version.resolve("bin")).filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Path::compareTo);
    }
  }

  @Override
  public String backend() {
    return "postgres";
  }

  @Override
  public String start(Path directory) throws DemoFailed, IOException, InterruptedException {
    data = DemoDirectory.temporary(); // beside the other files, which are for the owner only
    Path secret = Files.writeString(data.resolve("password"), password);
    if (ThisMachine.isRoot()) {
      UserPrincipal user = FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(USER);
      Files.setOwner(secret, user);
      Files.setOwner(data, user);
    }
    String cluster = data.resolve("data").toString();
    DemoServer.run(directory, unprivileged("initdb", "-D", cluster, "-U", USER, "-A", "scram-sha-256", "--pwfile", secret.toString(),
        "-E", "UTF8", "--no-sync"));
    server = DemoServer.start("PostgreSQL", "QUIT", directory.resolve("postgres.log"), unprivileged("postgres", "-D", cluster,
        "-h", address.getAddress().getHostAddress(), "-p", Integer.toString(address.getPort()), "-k", data.toString()));
    server.awaitPort(address);
    return "PostgreSQL " + DemoServer.version(directory, binaries.resolve("postgres")) + " at " + Ports.text(address)
        + (ThisMachine.isRoot() ? ", run by the user " + USER : "");
  }

  private List<String> unprivileged(String program, String... arguments) {
    List<String> words = new ArrayList<>();
    if (ThisMachine.isRoot()) {
      words.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups", "--"));
    }
    words.add(binaries.resolve(program).toString());
    words.addAll(List.of(arguments));
    return words;
  }

  @Override
  public String section() {
    return "dcs.postgres: {url: \"jdbc:postgresql://" + Ports.text(address) + "/postgres\", user: " + USER
        + ", password: \"secret:file/postgres\"}\n";
  }

  @Override
  public Map<String, String> secrets() {
    return Map.of("postgres", password);
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    if (data != null) {
      DemoDirectory.remove(data);
    }
  }
}
