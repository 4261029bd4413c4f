package io.weft.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import io.weft.support.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlCommandsTest {

  @TempDir
  Path dir;

  private Home home;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void home() throws IOException {
    home = new Home(dir, dir.resolve("conf/weft.yaml"));
    Files.createDirectories(dir.resolve("run"));
  }

  private interface Node {
    void serve(InputStream in, OutputStream out) throws IOException;
  }

  private CompletableFuture<Void> node(Node node) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(home.controlSocket()));
    return CompletableFuture.runAsync(() -> {
      try (server; SocketChannel channel = server.accept()) {
        node.serve(Channels.newInputStream(channel), Channels.newOutputStream(channel));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  @Test
  void outputStreamsAndTheExitCodeComeFromTheNode() throws Exception {
    CompletableFuture<Void> node = node((in, to) -> {
      Frame request = Frame.read(in);
      assertThat(request.type()).isEqualTo(Frame.EXEC);
      assertThat(parse(request)).isEqualTo(Map.of("args", List.of("link", "list", "--json"), "columns", 80L, "tty", false));
      assertThat(Frame.read(in)).satisfies(end -> assertThat(end.type()).isEqualTo(Frame.STDIN))
          .satisfies(end -> assertThat(end.payload()).isEmpty());
      Frame.write(to, Frame.STDOUT, "one\n".getBytes(StandardCharsets.UTF_8), 4);
      Frame.write(to, Frame.STDERR, "two\n".getBytes(StandardCharsets.UTF_8), 4);
      Frame.write(to, Frame.EXIT, new byte[] {(byte) 200}, 1);
    });
    assertThat(ControlCommands.exec(home, List.of("link", "list", "--json"), out, err)).isEqualTo(200);
    node.get();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("one\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("two\n");
  }

  @Test
  void aNodeThatGoesAwayIsAFailureNotASuccess() throws Exception {
    CompletableFuture<Void> node = node((in, to) -> {
      Frame.read(in);
      Frame.read(in);
    });
    assertThatThrownBy(() -> ControlCommands.exec(home, List.of("status"), out, err)).isInstanceOf(Failure.class).hasMessageContaining("lost the node");
    node.get();
  }

  @Test
  void anOutputThatNobodyReadsEndsWithoutAWord() throws Exception {
    CompletableFuture<Void> node = node((in, to) -> {
      Frame.read(in);
      Frame.read(in);
      Frame.write(to, Frame.STDOUT, "one\n".getBytes(StandardCharsets.UTF_8), 4);
      assertThat(in.read()).as("the client went").isNegative();
    });
    OutputStream closed = new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("Broken pipe");
      }
    };
    assertThat(ControlCommands.exec(home, List.of("status"), closed, err)).isEqualTo(141);
    node.get();
    assertThat(err.size()).isZero();
  }

  @Test
  void whoIsTurnedAwayBeforeItSpokeReadsWhy() throws Exception {
    CompletableFuture<Void> node = node((in, to) -> {
      Frame.write(to, Frame.STDERR, "busy\n".getBytes(StandardCharsets.UTF_8), 5);
      Frame.write(to, Frame.EXIT, new byte[] {3}, 1);
    });
    String large = "x".repeat(900_000); // more than the socket takes in, so that writing meets the closed end
    assertThat(ControlCommands.exec(home, List.of(large), out, err)).isEqualTo(3);
    node.get();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("busy\n");
  }

  @Test
  void aStaleSocketFileIsANodeThatDoesNotRun() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(home.controlSocket()));
    }
    assertThat(home.controlSocket()).exists();
    assertThatThrownBy(() -> ControlCommands.exec(home, List.of("status"), out, err)).hasMessageContaining("node not running")
        .extracting(e -> ((Failure) e).exitCode()).isEqualTo(Failure.PRECONDITION);
  }

  @Test
  void aTerminalsSizeIsReadFromStty() {
    assertThat(Tty.Size.parse("40 120\n")).hasValue(new Tty.Size(120, 40));
    assertThat(Tty.Size.parse("0 0")).isEmpty();
    assertThat(Tty.Size.parse("stty: no")).isEmpty();
  }

  private static Object parse(Frame frame) {
    return JsonReader.read(new String(frame.payload(), StandardCharsets.UTF_8));
  }
}
