package io.weft.support.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("isAvailable")
class EpollReadsTest {

  private final EpollDatagramChannel channel = new EpollDatagramChannel();
  private final EpollReads.Reads reads = (EpollReads.Reads) new EpollReads(256, true).newHandle();

  @AfterEach
  void close() {
    channel.unsafe().closeForcibly();
  }

  static boolean isAvailable() {
    return Epoll.isAvailable() && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
  }

  @Test
  void readsJoinedPacketsAsLongAsTheyComeJoined() {
    read(100_000, 20);

    assertThat(reads.joined()).isTrue();
    assertThat(reads.guess()).isEqualTo(EpollReads.READ_SIZE);
  }

  @Test
  void readsManyInACallWhereTheyComeOneByOne() {
    read(1_100, 1);

    assertThat(reads.joined()).isFalse();
    assertThat(channel.config().getOption(EpollChannelOption.UDP_GRO)).isFalse();
    assertThat(reads.guess()).isGreaterThan(EpollReads.READ_SIZE);
  }

  @Test
  void triesAgainNowAndThen() {
    read(1_100, 1);
    read(200_000, 32);
    reads.reset(channel.config());
    assertThat(reads.joined()).isTrue();

    read(10_000, 20);
    assertThat(reads.joined()).as("after a trial in which they came joined").isTrue();
  }

  @Test
  void leavesNoJoinedPacketsBehind() {
    turn(20, 27_000);
    for (int i = 0; i < 5_000; i++) {
      turn(1, 1_350);
    }
    assertThat(reads.joined()).as("while packets wait").isTrue();

    turn(1, -1);
    assertThat(reads.joined()).as("when none waits").isFalse();
  }

  @Test
  void neverAsksForWhatTheKernelCannotDo() {
    EpollReads.Reads plain = (EpollReads.Reads) new EpollReads(256, false).newHandle();
    for (int i = 0; i < 300_000; i++) {
      plain.reset(channel.config());
      plain.incMessagesRead(1);
    }

    assertThat(plain.joined()).isFalse();
  }

  private void read(int packets, int perCall) {
    for (int i = 0; i < packets; i += perCall) {
      turn(perCall, -1);
    }
  }

  /** @param last bytes that the last read of the turn got; less than one if none waited any more */
  private void turn(int packets, int last) {
    reads.reset(channel.config());
    reads.incMessagesRead(packets);
    reads.lastBytesRead(last);
    reads.readComplete();
  }
}
