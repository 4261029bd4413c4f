package io.weft.launcher.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** One etcd. */
final class EtcdStore implements DemoStore {

  private final Path program;
  private final InetSocketAddress clients;
  private final InetSocketAddress peers;
  private DemoServer server;

  EtcdStore(Path program, Ports ports) {
    this.program = program;
    this.clients = ports.tcp();
    this.peers = ports.tcp();
  }

  @Override
  public String backend() {
    return "etcd";
  }

  @Override
  public String start(Path directory) throws DemoFailed, IOException, InterruptedException {
    String client = "http://" + Ports.text(clients);
    String peer = "http://" + Ports.text(peers);
    server = DemoServer.start("etcd", "KILL", directory.resolve("etcd.log"), List.of(program.toString(), "--name", "one",
        "--data-dir", directory.resolve("etcd").toString(), "--listen-client-urls", client, "--advertise-client-urls", client,
        "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", "one=" + peer,
        "--log-level", "error"));
    server.awaitPort(clients);
    return "etcd " + DemoServer.version(directory, program) + " at " + client;
  }

  @Override
  public String section() {
    return "dcs.etcd: {endpoints: [\"http://" + Ports.text(clients) + "\"]}\n";
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
