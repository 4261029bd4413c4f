package io.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.testkit.Await;
import io.weft.testkit.ManualTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that send too much, too little, too slowly, or somewhere else. */
class HttpSourceTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int MAX = 1000;

  /** What a server does once it was asked. */
  private interface Answer {
    void write(OutputStream out) throws Exception;
  }

  private final ManualTime time = new ManualTime();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private ServerSocket server;
  private volatile boolean asked;

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    over.complete(null);
    server.close();
  }

  /** Asks a server for a file; completes when that is done, one way or the other. */
  private CompletableFuture<Void> copy(Answer answer) {
    Thread serving = new Thread(() -> {
      try (Socket socket = server.accept()) {
        socket.getInputStream().read(new byte[4096]);
        asked = true;
        answer.write(socket.getOutputStream());
      } catch (Exception e) {
        over.complete(null); // whoever asked went away, which is the point of most of this
      }
    });
    serving.setDaemon(true);
    serving.start();
    HttpSource source = new HttpSource(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/plugins/"), time);
    return CompletableFuture.runAsync(() -> {
      try {
        source.copy("index", MAX, received);
      } catch (IOException e) {
        throw new java.util.concurrent.CompletionException(e);
      }
    });
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static Throwable failure(CompletableFuture<Void> copy) throws Exception {
    try {
      copy.get(LONG.toSeconds(), TimeUnit.SECONDS);
      throw new AssertionError("it was taken");
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  @Test
  void whatIsThereIsTaken() throws Exception {
    copy(out -> send(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")).get(LONG.toSeconds(), TimeUnit.SECONDS);
    assertThat(received.toString(StandardCharsets.US_ASCII)).isEqualTo("hello");
  }

  @Test
  void whatDoesNotEndIsCutAtItsLimit() throws Exception {
    Throwable failure = failure(copy(out -> {
      send(out, "HTTP/1.1 200 OK\r\n\r\n");
      while (true) {
        send(out, "endless ".repeat(100));
      }
    }));
    assertThat(failure).hasMessageContaining("it has more than 1000 bytes");
    assertThat(received.size()).isLessThanOrEqualTo(MAX);
  }

  @Test
  void lessThanWasPromisedIsNoFile() throws Exception {
    assertThat(failure(copy(out -> send(out, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")))).hasMessageContaining("cut off after 5 of 50 bytes");
  }

  @Test
  void aBodyThatTricklesIsGivenUp() throws Exception {
    CompletableFuture<Void> late = new CompletableFuture<>();
    CompletableFuture<Void> copy = copy(out -> {
      send(out, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nh");
      late.get();
      send(out, "e");
      over.get();
    });
    Await.until("the first letter", LONG, () -> received.size() == 1);
    time.advance(HttpSource.FILE_MAX);
    late.complete(null);
    assertThat(failure(copy)).hasMessageContaining("takes longer than 30 s");
  }

  @Test
  void headersThatTrickleAreGivenUp() throws Exception {
    CompletableFuture<Void> copy = copy(out -> {
      send(out, "HTTP/1.1 200 OK\r\nX-Slow: a");
      over.get();
    });
    Await.until("the first letters", LONG, () -> asked);
    time.advance(HttpSource.FILE_MAX);
    assertThat(failure(copy)).as("not taken for a whole answer").hasMessageContaining("takes longer than 30 s");
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    assertThat(failure(copy(out -> send(out, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + server.getLocalPort()
        + "/elsewhere\r\nContent-Length: 0\r\n\r\n")))).hasMessageContaining("answers 302, a redirect, which is not followed");
  }

  @Test
  void whatIsNotThereIsToldFromWhatCannotBeHad() throws Exception {
    assertThat(failure(copy(out -> send(out, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")))).isInstanceOf(NoSuchFileException.class);
    assertThat(failure(copy(out -> send(out, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")))).isNotInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("answers 503");
    server.close();
    HttpSource gone = new HttpSource(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"), time);
    assertThatThrownBy(() -> gone.copy("index", MAX, received)).isInstanceOf(IOException.class).isNotInstanceOf(NoSuchFileException.class);
  }
}
