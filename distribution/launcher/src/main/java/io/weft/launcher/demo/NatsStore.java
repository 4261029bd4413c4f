package io.weft.launcher.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Three NATS servers with JetStream that all keep everything; one, where they are too old to be safe together. */
final class NatsStore implements DemoStore {

  private static final int SERVERS = 3;
  private static final int SAFE_TOGETHER_MAJOR = 2;
  private static final int SAFE_TOGETHER_MINOR = 12;

  private final Path program;
  private final List<InetSocketAddress> clients = new ArrayList<>();
  private final List<InetSocketAddress> routes = new ArrayList<>();
  private final List<DemoServer> servers = new ArrayList<>();
  private final String version;

  NatsStore(Path program, Ports ports) throws IOException {
    this.program = program;
    this.version = versionOf(program);
    for (int i = 0; i < (safeTogether(version) ? SERVERS : 1); i++) {
      clients.add(ports.tcp());
      routes.add(ports.tcp());
    }
  }

  private static String versionOf(Path program) throws IOException {
    Path directory = DemoDirectory.temporary();
    try {
      return DemoServer.version(directory, program);
    } catch (DemoFailed e) {
      throw new IOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.delete(directory);
    }
  }

  /** Before that, two writers of a replicated bucket could both win, which the backend refuses. */
  static boolean safeTogether(String version) {
    String[] parts = version.split("\\.");
    int major = Integer.parseInt(parts[0]);
    return major > SAFE_TOGETHER_MAJOR
        || major == SAFE_TOGETHER_MAJOR && parts.length > 1 && Integer.parseInt(parts[1]) >= SAFE_TOGETHER_MINOR;
  }

  @Override
  public String backend() {
    return "nats";
  }

  @Override
  public String start(Path directory) throws DemoFailed, IOException {
    String others = routes.stream().map(route -> "nats://" + Ports.text(route)).collect(Collectors.joining(","));
    for (int i = 0; i < clients.size(); i++) {
      String name = "nats" + (i + 1);
      List<String> words = new ArrayList<>(List.of(program.toString(), "--js", "--store_dir", directory.resolve(name).toString(),
          "--addr", "127.0.0.1", "--port", Integer.toString(clients.get(i).getPort()), "--server_name", name));
      if (clients.size() > 1) {
        words.addAll(List.of("--cluster_name", "demo", "--cluster", "nats://" + Ports.text(routes.get(i)), "--routes", others));
      }
      servers.add(DemoServer.start(name, "KILL", directory.resolve(name + ".log"), words));
    }
    for (int i = 0; i < clients.size(); i++) {
      servers.get(i).awaitPort(clients.get(i));
    }
    return clients.size() > 1 ? clients.size() + " NATS servers " + version + " with three replicas"
        : "one NATS server " + version + "; three are safe together from 2.12 on";
  }

  @Override
  public String section() {
    String urls = clients.stream().map(client -> "\"nats://" + Ports.text(client) + "\"").collect(Collectors.joining(", "));
    return "dcs.nats: {servers: [" + urls + "], replicas: " + clients.size() + "}\n";
  }

  @Override
  public void close() {
    servers.forEach(DemoServer::close);
  }
}
