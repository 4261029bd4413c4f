package io.weft.transport.quic.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class ClosingAllocatorTest {

  @Test
  void givesSoManyAndNoMore() {
    ClosingAllocator allocator = new ClosingAllocator(PooledByteBufAllocator.DEFAULT);
    for (int i = 0; i < ClosingAllocator.MAX; i++) {
      ByteBuf buffer = allocator.directBuffer(1_350);
      assertThat(buffer.isDirect()).isTrue();
      assertThat(buffer.capacity()).isEqualTo(1_350);
      buffer.release();
    }
    assertThatThrownBy(() -> allocator.directBuffer(1_350)).isInstanceOf(IllegalStateException.class);
  }
}
