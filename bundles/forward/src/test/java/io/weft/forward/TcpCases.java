package io.weft.forward;

import static io.weft.forward.AppSockets.PATIENCE_MS;
import static io.weft.forward.AppSockets.assertReset;
import static io.weft.forward.AppSockets.assertStaysOpen;
import static io.weft.forward.AppSockets.count;
import static io.weft.forward.AppSockets.fill;
import static io.weft.forward.AppSockets.reset;
import static io.weft.forward.AppSockets.sendAndFinish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.PooledByteBufAllocator;
import io.weft.channel.ChannelKind;
import io.weft.testkit.Await;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TCP through two nodes with real sockets at both ends. */
abstract class TcpCases {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Nodes nodes;
  private ServerSocket server;
  private InetSocketAddress local;

  abstract Underlay net() throws Exception;

  @BeforeEach
  void start() throws Exception {
    nodes = new Nodes(net());
    server = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
    server.setSoTimeout(PATIENCE_MS);
    Nodes.expose(nodes.b, "pg", ChannelKind.stream, (InetSocketAddress) server.getLocalSocketAddress(), "a");
    local = nodes.forward("pg", "b", ChannelKind.stream);
  }

  @AfterEach
  void stop() throws IOException {
    nodes.close();
    server.close();
    threads.shutdownNow();
  }

  @Test
  void noTailIsLostWhateverTheSize() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    List<Integer> sizes = new ArrayList<>(List.of(0, 1, 1_349, 1_350, 1_351, 65_535, 65_536, 65_537, 262_143, 262_144, 262_145, 3_000_000));
    random.ints(20, 0, 600_000).forEach(sizes::add);
    for (int size : sizes) {
      byte[] there = bytes(random, size);
      byte[] back = bytes(random, sizes.get(random.nextInt(sizes.size())));
      try (Socket app = connect(); Socket target = server.accept()) {
        Future<byte[]> atTarget = async(() -> target.getInputStream().readAllBytes());
        Future<byte[]> atApp = async(() -> app.getInputStream().readAllBytes());
        async(() -> sendAndFinish(target, back));
        sendAndFinish(app, there);
        assertThat(get(atTarget)).isEqualTo(there);
        assertThat(get(atApp)).isEqualTo(back);
      }
    }
    nodes.awaitQuiet();
  }

  @Test
  void theAppHalfClosesAndStillReads() throws Exception {
    try (Socket app = connect(); Socket target = server.accept()) {
      sendAndFinish(app, new byte[] {1, 2, 3});
      assertThat(target.getInputStream().readAllBytes()).containsExactly(1, 2, 3);
      assertStaysOpen(app);
      sendAndFinish(target, new byte[] {4, 5});
      assertThat(app.getInputStream().readAllBytes()).containsExactly(4, 5);
    }
    nodes.awaitQuiet();
  }

  @Test
  void theTargetHalfClosesAndStillReads() throws Exception {
    try (Socket app = connect(); Socket target = server.accept()) {
      sendAndFinish(target, new byte[] {1, 2, 3});
      assertThat(app.getInputStream().readAllBytes()).containsExactly(1, 2, 3);
      assertStaysOpen(target);
      sendAndFinish(app, new byte[] {4, 5});
      assertThat(target.getInputStream().readAllBytes()).containsExactly(4, 5);
    }
    nodes.awaitQuiet();
  }

  @Test
  void aTargetThatSpeaksFirstIsHeard() throws Exception {
    for (int i = 0; i < 50; i++) {
      Future<Socket> accepted = async(() -> {
        Socket target = server.accept();
        sendAndFinish(target, new byte[] {42});
        return target;
      });
      try (Socket app = connect()) {
        assertThat(app.getInputStream().readAllBytes()).containsExactly(42);
        get(accepted).close();
      }
    }
    nodes.awaitQuiet();
  }

  @Test
  void aResetOfTheAppReachesTheTarget() throws Exception {
    Socket app = connect();
    try (Socket target = server.accept()) {
      app.getOutputStream().write(new byte[100]);
      new DataInputStream(target.getInputStream()).readFully(new byte[100]);
      reset(app);
      assertReset(target);
    }
    nodes.awaitQuiet();
  }

  @Test
  void aResetOfTheTargetReachesTheApp() throws Exception {
    try (Socket app = connect()) {
      Socket target = server.accept();
      app.getOutputStream().write(new byte[100]);
      new DataInputStream(target.getInputStream()).readFully(new byte[100]);
      reset(target);
      assertReset(app);
    }
    nodes.awaitQuiet();
  }

  @Test
  void aResetAfterAHalfCloseIsStillAReset() throws Exception {
    try (Socket app = connect()) {
      Socket target = server.accept();
      sendAndFinish(app, new byte[10]);
      assertThat(target.getInputStream().readAllBytes()).hasSize(10);
      reset(target);
      assertReset(app);
    }
    nodes.awaitQuiet();
  }

  @Test
  void aResetWhileTheOtherSideIsStalledIsAReset() throws Exception {
    try (Socket app = connect()) {
      Socket target = server.accept();
      fill(app);
      reset(target);
      assertReset(app);
    }
    nodes.awaitQuiet();
  }

  @Test
  void theLinkIsLostAndBothSidesAreReset() throws Exception {
    try (Socket app = connect(); Socket target = server.accept()) {
      app.getOutputStream().write(1);
      assertThat(target.getInputStream().read()).isEqualTo(1);
      nodes.net.lose();
      assertReset(app);
      assertReset(target);
    }
    nodes.awaitQuiet();
  }

  @Test
  void aSlowReaderHoldsTheWriterBackAndNothingPilesUp() throws Exception {
    try (Socket app = connect(); Socket target = server.accept()) {
      long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
      long written = fill(app);
      assertThat(written).as("bytes that the path takes for a reader that does not read").isLessThan(24L << 20);
      long grown = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before;
      assertThat(grown).as("memory of the node").isLessThan(32L << 20);
      Future<Long> read = async(() -> count(target.getInputStream()));
      app.shutdownOutput();
      assertThat(get(read)).isEqualTo(written);
    }
    nodes.awaitQuiet();
  }

  /** Epoll hands over everything at once when the application has closed; none of it may be lost for a reader that is not ready. */
  @Test
  void whatAStalledAppLeftBehindArrives() throws Exception {
    Socket app = connect();
    try (Socket target = server.accept()) {
      long written = fill(app);
      app.close();
      long closed = System.nanoTime();
      Await.until("the close to be seen", Nodes.SOON, () -> System.nanoTime() - closed > 200_000_000);
      assertThat(count(target.getInputStream())).isEqualTo(written);
    }
    nodes.awaitQuiet();
  }

  @Test
  void outcomesAreToldApartAndTheAppSeesAReset() throws Exception {
    Nodes.expose(nodes.b, "private", ChannelKind.stream, (InetSocketAddress) server.getLocalSocketAddress(), "c");
    Socket dead = new Socket();
    dead.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // taken, and nobody listens
    Nodes.expose(nodes.b, "dead", ChannelKind.stream, (InetSocketAddress) dead.getLocalSocketAddress(), "a");
    assertReset(AppSockets.connect(nodes.forward("private", "b", ChannelKind.stream)));
    assertReset(AppSockets.connect(nodes.forward("nothing", "b", ChannelKind.stream)));
    assertReset(AppSockets.connect(nodes.forward("dead", "b", ChannelKind.stream)));
    assertReset(AppSockets.connect(nodes.forward("pg", "nobody", ChannelKind.stream)));
    nodes.net.down("b");
    assertReset(connect());
    dead.close();
    assertThat(nodes.a.counters())
        .containsEntry("connections_refused_refused", 1L)
        .containsEntry("connections_refused_unknown_service", 1L)
        .containsEntry("connections_refused_target_dead", 1L)
        .containsEntry("connections_refused_unknown_peer", 1L)
        .containsEntry("connections_refused_link_down", 1L);
    assertThat(nodes.b.counters()).containsEntry("targets_refused_target_dead", 1L);
    nodes.awaitQuiet();
  }

  @Test
  void manyShortConnections() throws Exception {
    Future<?> echo = async(() -> {
      for (int i = 0; i < 1_000; i++) {
        try (Socket target = server.accept()) {
          target.getOutputStream().write(target.getInputStream().readNBytes(64));
        }
      }
      return null;
    });
    byte[] ping = new byte[64];
    for (int i = 0; i < 1_000; i++) {
      try (Socket app = connect()) {
        app.getOutputStream().write(ping);
        assertThat(app.getInputStream().readNBytes(64)).hasSize(64);
      }
    }
    get(echo);
    nodes.awaitQuiet();
    assertThat(nodes.a.forwards().get(0).total()).isEqualTo(1_000);
  }

  @Test
  void manyAtOnceEachWithItsOwnBytes() throws Exception {
    List<Future<Boolean>> results = new ArrayList<>();
    async(() -> {
      while (!server.isClosed()) {
        Socket target = server.accept();
        async(() -> {
          try (target) {
            target.getInputStream().transferTo(target.getOutputStream());
          }
          return null;
        });
      }
      return null;
    });
    for (int i = 0; i < 64; i++) {
      int seed = i;
      results.add(async(() -> {
        byte[] sent = bytes(new SplittableRandom(seed), 100_000 + seed);
        try (Socket app = connect()) {
          async(() -> sendAndFinish(app, sent));
          return java.util.Arrays.equals(app.getInputStream().readAllBytes(), sent);
        }
      }));
    }
    for (Future<Boolean> result : results) {
      assertThat(get(result)).isTrue();
    }
    nodes.awaitQuiet();
  }

  @Test
  void removingAForwardCutsWhatGoesThroughIt() throws Exception {
    try (Socket app = connect(); Socket target = server.accept()) {
      app.getOutputStream().write(1);
      assertThat(target.getInputStream().read()).isEqualTo(1);
      nodes.a.close();
      assertReset(app);
      assertReset(target);
    }
    assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
  }

  @Test
  void leavingLetsStreamsFinishAndAcceptsNoMore() throws Exception {
    try (Socket app = connect(); Socket target = server.accept()) {
      app.getOutputStream().write(1);
      assertThat(target.getInputStream().read()).isEqualTo(1);
      Future<Void> left = nodes.a.leave(Duration.ofSeconds(30)).toCompletableFuture();
      Await.until("the listener to close", Nodes.SOON, () -> refusesConnections());
      assertThat(left).isNotDone();
      sendAndFinish(app, new byte[] {2, 3});
      assertThat(target.getInputStream().readAllBytes()).containsExactly(2, 3);
      sendAndFinish(target, new byte[] {4});
      assertThat(app.getInputStream().readAllBytes()).containsExactly(4);
      get(left);
    }
    nodes.awaitQuiet();
  }

  @Test
  void leavingCutsWhatDoesNotFinishInTime() throws Exception {
    try (Socket app = connect(); Socket target = server.accept()) {
      app.getOutputStream().write(1);
      assertThat(target.getInputStream().read()).isEqualTo(1);
      get(nodes.b.leave(Duration.ofMillis(200)).toCompletableFuture());
      assertReset(target);
      assertReset(app);
      assertReset(connect());
    }
    assertThat(nodes.a.counters()).containsEntry("connections_refused_leaving", 1L);
    nodes.awaitQuiet();
  }

  private boolean refusesConnections() {
    try (Socket refused = connect()) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private Socket connect() throws IOException {
    return AppSockets.connect(local);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static byte[] bytes(SplittableRandom random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private <T> Future<T> async(Callable<T> task) {
    return threads.submit(task);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }
}
