package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.net.EchoServer;
import io.weft.itests.net.Pattern;
import io.weft.itests.net.Ports;
import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import java.io.DataInputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is built with Java 17 also runs on the newest long-term release: next to nodes on the older one, and without its warnings. */
class NewerJavaIT {

  private static final int RELEASE = 25;

  @Test
  void nodesOnBothLinkAndCarryBytes() throws Exception {
    Path java = Machine.java(RELEASE);
    int port = Ports.freeTcp();
    try (EchoServer echo = new EchoServer();
        ProcessFabric fabric = ProcessFabric.of(config -> {
          switch (config.name()) {
            case "a" -> config.forward("echo", "b", "tcp", "127.0.0.1:" + port);
            case "b" -> config.expose("echo", "tcp", echo.address(), "a");
            default -> { }
          }
        }, "a", "b", "c")) {
      fabric.node("a").env("JAVA_HOME", java.toString());
      fabric.node("c").env("JAVA_HOME", java.toString());
      fabric.start();
      NodeProcess a = fabric.node("a");
      assertThat(a.log()).contains("java=" + RELEASE);
      carry(port);
      Command.Result status = Command.of(Distribution.weft().toString(), "status", "--home", a.home().toString())
          .env("JAVA_HOME", java.toString()).run();
      assertThat(status.orFail()).contains("ready");
      assertThat(status.err()).isEmpty();
      assertThat(a.terminate(Duration.ofSeconds(15))).isZero();
      assertThat(a.log().lines()).as("nothing but events of ours").allMatch(line -> line.matches("\\d{4}-.* (INFO|WARN) .*"));
      assertThat(a.log()).doesNotContain("WARNING:").doesNotContain("sun.misc").doesNotContain("native-access");
    }
  }

  private static void carry(int port) throws Exception {
    byte[] sent = new byte[Pattern.BLOCK];
    byte[] got = new byte[Pattern.BLOCK];
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(30_000);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      for (int i = 0; i < 64; i++) {
        Pattern.fill(sent, i);
        socket.getOutputStream().write(sent);
        in.readFully(got);
        assertThat(got).isEqualTo(sent);
      }
    }
  }
}
