package io.weft.shell.terminal;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jline.reader.LineReader;
import org.jline.reader.impl.DefaultHighlighter;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * Shows a command as soon as it is one, so that a typing error is seen before Enter. Gogo's own knows no commands of two words.
 */
final class CommandHighlighter extends DefaultHighlighter {

  private static final Pattern COMMAND = Pattern.compile("(?:^|[|;&])\\s*(?<first>[\\w:.-]+)(?:\\s+(?<second>[\\w.-]+))?");

  private final CommandSession session;

  CommandHighlighter(CommandSession session) {
    this.session = session;
  }

  @Override
  public AttributedString highlight(LineReader reader, String buffer) {
    if (reader.getSearchTerm() != null) {
      return super.highlight(reader, buffer);
    }
    Set<String> commands = InteractiveShell.commands(session);
    AttributedStringBuilder out = new AttributedStringBuilder();
    int done = 0;
    Matcher matcher = COMMAND.matcher(buffer);
    while (matcher.find()) {
      int end = end(matcher, commands);
      if (end > matcher.start("first")) {
        out.append(buffer, done, matcher.start("first"));
        out.styled(AttributedStyle.BOLD, buffer.substring(matcher.start("first"), end));
        done = end;
      }
    }
    return out.append(buffer, done, buffer.length()).toAttributedString();
  }

  /** Where the command ends that starts at the first word; -1 if it is none. */
  private int end(Matcher matcher, Set<String> commands) {
    String first = matcher.group("first");
    String second = matcher.group("second");
    if (second != null && commands.contains(first + ":" + second)) {
      return matcher.end("second");
    }
    boolean known = commands.contains(first) || commands.contains("weft:" + first) || session.get(first) instanceof Function;
    return known ? matcher.end("first") : -1;
  }
}
