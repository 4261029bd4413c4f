package io.weft.shell.terminal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.CommandFailure;
import io.weft.shell.Sample;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class WatchTest {

  private final CommandSession session = new Sample().rig.processor.createSession(InputStream.nullInputStream(),
      OutputStream.nullOutputStream(), OutputStream.nullOutputStream());

  @Test
  void repeatsUntilInterrupted() {
    List<List<Object>> calls = new ArrayList<>();
    Watch watch = new Watch((s, args) -> {
      calls.add(args);
      if (calls.size() == 2) {
        Thread.currentThread().interrupt();
      }
      return null;
    });
    assertThatThrownBy(() -> watch.execute(session, List.of("1", "link", "list"))).isInstanceOf(InterruptedException.class);
    Assertions.assertThat(calls).containsExactly(List.of("link", "list"), List.of("link", "list"));
  }

  @Test
  void needsACommandAndASensibleTime() {
    Watch watch = new Watch((s, args) -> null);
    for (List<Object> bad : List.<List<Object>>of(List.of(), List.of("5"), List.of("0", "status"), List.of("9999", "status"))) {
      assertThatThrownBy(() -> watch.execute(session, bad)).isInstanceOf(CommandFailure.class).hasMessageContaining("watch 5 link list");
    }
  }
}
