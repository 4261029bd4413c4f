package io.weft.itests.container;

import static org.ops4j.pax.exam.CoreOptions.bootClasspathLibrary;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.CoreOptions.systemTimeout;

import io.weft.itests.Command;
import io.weft.itests.net.Ports;
import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.launcher.framework.SystemPackages;
import io.weft.support.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.options.UrlProvisionOption;

/** Sets up, outside the framework, what runs in it: node {@code a} out of the shipped features, and node {@code b} as a process to link to. */
final class Containers {

  private static final int START_LEVEL = 50;

  // Pax Exam's own bundles ask for SLF4J 1, whose API the second kept.
  private static final String SLF4J_1 =
      "org.slf4j.spi;version=\"1.7.36\",org.slf4j.helpers;version=\"1.7.36\",org.slf4j.event;version=\"1.7.36\"";

  private Containers() {}

  /** The same, and both keep a store among themselves. */
  static Option[] nodeWithPeerAndStore() {
    return node("dcs.raft: {members: [a, b]}", "core,node,hub,dcs-raft");
  }

  /** Node {@code a} in the container. Its forward leads to an echo service at {@code b}, whose target is for the test to open. */
  static Option[] nodeWithPeer(Option... more) {
    return node("", "core,node,hub", more);
  }

  /** @param line of the configuration of both */
  private static Option[] node(String line, String features, Option... more) {
    Path directory = temporary();
    int echoPort = Ports.freeTcp();
    int forwardPort = Ports.freeTcp();
    NodeConfig a = new NodeConfig("a", "127.0.0.1:" + Ports.freeUdp());
    NodeConfig b = new NodeConfig("b", "127.0.0.1:" + Ports.freeUdp());
    a.peer(b).forward("echo", "b", "tcp", "127.0.0.1:" + forwardPort);
    a.line("relay: {listen: \"127.0.0.1:" + Ports.freeTcp() + "\"}");
    int brokerPort = Ports.freeTcp();
    a.line("signaling.server: {listen: \"127.0.0.1:" + brokerPort + "\"}");
    a.line("signaling: [\"http://127.0.0.1:" + brokerPort + "\"]");
    b.peer(a).expose("echo", "tcp", "127.0.0.1:" + echoPort, "a");
    a.line(line).writeTo(directory.resolve("a"));
    NodeProcess peer = new NodeProcess(b.line(line), directory, List.of()).features(features).start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      peer.close();
      Command.of("rm", "-rf", directory.toString()).run();
    }));
    return new Option[] {
      systemTimeout(60_000),
      junitBundles(),
      frameworkStartLevel(START_LEVEL),
      properties(directory.resolve("a")),
      systemPackages(SystemPackages.EXTRA, SLF4J_1),
      composite(more),
      features(features.split(",")),
      bundle(Distribution.root().resolve("itests/harness/target").toUri() + "io.weft.itests.harness-" + version() + ".jar"),
      systemProperty("it.echo.port").value(Integer.toString(echoPort)),
      systemProperty("it.forward.port").value(Integer.toString(forwardPort)),
      systemProperty("weft.root").value(Distribution.root().toString()),
    };
  }

  private static Option properties(Path home) {
    return composite(
        frameworkProperty("weft.home").value(home.toString()),
        frameworkProperty("weft.config").value(home.resolve("conf/weft.yaml").toString()),
        frameworkProperty("weft.dist").value(Distribution.home().toString()),
        frameworkProperty("weft.version").value(version()),
        frameworkProperty("felix.cm.pm").value("memory"));
  }

  /** What a JVM of its own needs besides: what the launcher has on its class path, and how to log. */
  static Option ownJvm() {
    List<Option> options = new ArrayList<>();
    options.add(systemProperty("logback.configurationFile").value(Containers.class.getResource("/logback-test.xml").toString()));
    for (String jar : List.of("slf4j-api", "logback-classic", "logback-core")) {
      options.add(bootClasspathLibrary(Distribution.home().resolve("lib/" + jar + ".jar").toUri().toString()).beforeFramework());
    }
    return composite(options.toArray(Option[]::new));
  }

  private static Option features(String... names) {
    List<Option> options = new ArrayList<>();
    for (String name : names) {
      Map<?, ?> feature = (Map<?, ?>) JsonReader.read(read(Distribution.home().resolve("features/" + name + ".json")));
      for (Object entry : (List<?>) feature.get("bundles")) {
        options.add(shipped((Map<?, ?>) entry));
      }
    }
    return composite(options.toArray(Option[]::new));
  }

  private static Option shipped(Map<?, ?> entry) {
    String id = (String) entry.get("id");
    UrlProvisionOption option = bundle(jar(id).toUri().toString());
    option.startLevel(((Long) entry.get("start-level")).intValue());
    boolean fragment = id.contains("linux-x86_64");
    return fragment || Boolean.FALSE.equals(entry.get("start")) ? option.noStart() : option;
  }

  /** @param id group:artifact[:type:classifier]:version */
  private static Path jar(String id) {
    String[] parts = id.split(":");
    String version = parts[parts.length - 1];
    String classifier = parts.length == 5 ? "-" + parts[3] : "";
    return Distribution.home().resolve("bundles/" + parts[0].replace('.', '/') + "/" + parts[1] + "/" + version + "/" + parts[1] + "-" + version
        + classifier + ".jar");
  }

  static String version() {
    return Arrays.stream(Distribution.home().resolve("bundles/io/weft/io.weft.api").toFile().list()).findFirst().orElseThrow();
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("weftc");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
