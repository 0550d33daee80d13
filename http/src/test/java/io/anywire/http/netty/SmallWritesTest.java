package io.anywire.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SmallWritesTest {
  private final EmbeddedChannel channel = new EmbeddedChannel(new SmallWrites());

  @AfterEach
  void releases_everything() {
    channel.finishAndReleaseAll();
  }

  @Test
  void joins_small_writes_and_keeps_their_order_around_a_large_one() {
    List<ByteBuf> parts = List.of(bytes(3), bytes(4), bytes(4000), bytes(5), bytes(6));
    parts.forEach(channel::write);
    channel.flush();
    assertThat(lengthsOut()).containsExactly(7, 4000, 11);
    assertThat(parts.get(0).refCnt()).isZero();
  }

  @Test
  void lets_each_write_succeed_only_once_it_is_out() {
    ChannelFuture first = channel.write(bytes(1));
    ChannelFuture second = channel.write(bytes(2));
    assertThat(first.isDone()).isFalse();
    channel.flush();
    assertThat(first.isSuccess()).isTrue();
    assertThat(second.isSuccess()).isTrue();
  }

  @Test
  void fails_each_write_of_a_channel_that_closes() {
    ChannelFuture first = channel.write(bytes(1));
    ChannelFuture second = channel.write(bytes(2));
    channel.close();
    assertThat(first.cause()).isNotNull();
    assertThat(second.cause()).isNotNull();
  }

  @Test
  void holds_no_more_back_than_is_worth_joining() {
    for (int i = 0; i < 100; i++) {
      channel.write(bytes(512));
    }
    channel.flush();
    assertThat(lengthsOut()).hasSize(4).allMatch(length -> length <= 16 << 10);
  }

  private List<Integer> lengthsOut() {
    List<Integer> lengths = new ArrayList<>();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      lengths.add(out.readableBytes());
      out.release();
    }
    return lengths;
  }

  private static ByteBuf bytes(int length) {
    return Unpooled.buffer(length).writeZero(length);
  }
}
