package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MeshIoTest {

  @Test
  void takesEpollWhereThereIsOne() throws Exception {
    MeshIo io = new MeshIo(FakeConfig.of(MeshIoConfig.class, Map.of()));
    assertThat(io.epoll()).isEqualTo(Epoll.isAvailable());
    assertThat(io.udp()).isEqualTo(Epoll.isAvailable() ? EpollDatagramChannel.class : NioDatagramChannel.class);
    assertThat(io.loops().submit(() -> Thread.currentThread().getName()).get(10, TimeUnit.SECONDS)).isEqualTo("weft-mesh-io-1");
    io.close();
  }

  @Test
  void takesNioIfToldTo() {
    MeshIo io = new MeshIo(FakeConfig.of(MeshIoConfig.class, Map.of("epoll", false, "threads", 2)));
    assertThat(io.epoll()).isFalse();
    assertThat(io.udp()).isEqualTo(NioDatagramChannel.class);
    assertThat(io.loops()).hasSize(2);
    io.close();
  }

  @Test
  void endsItsThreads() throws Exception {
    for (int i = 0; i < 2; i++) {
      MeshIo io = new MeshIo(1, true);
      Thread thread = io.loops().submit(Thread::currentThread).get(10, TimeUnit.SECONDS);
      io.close();
      Await.until("the thread to end", Duration.ofSeconds(10), () -> !thread.isAlive());
    }
  }

  @Test
  void saysWhichNumberOfThreadsIsGood() {
    assertThatThrownBy(() -> new MeshIo(0, true)).hasMessage("mesh.io threads is 0, it must be 1 to 64");
  }
}
