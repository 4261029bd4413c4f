package io.weft.shell.terminal;

import io.weft.node.Node;
import io.weft.node.NodeState;
import io.weft.shell.frame.Services;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** {@code a ready> }: whose shell this is, and how it is. */
final class Prompt {

  private Prompt() {}

  static String of(Services services, Terminal terminal) {
    Optional<Node> node = services.find(Node.class);
    AttributedStringBuilder out = new AttributedStringBuilder();
    out.styled(AttributedStyle.BOLD, node.map(Node::name).orElse("weft"));
    node.map(Node::state).ifPresent(state -> out.append(" ").styled(
        AttributedStyle.DEFAULT.foreground(state == NodeState.ready ? AttributedStyle.GREEN : AttributedStyle.YELLOW),
        state.name()));
    return out.append("> ").toAnsi(terminal);
  }

  static String error(String line, Terminal terminal) {
    return new AttributedStringBuilder().styled(AttributedStyle.DEFAULT.foreground(AttributedStyle.RED), line).toAnsi(terminal);
  }
}
