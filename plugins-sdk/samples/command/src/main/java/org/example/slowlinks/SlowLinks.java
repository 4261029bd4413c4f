package org.example.slowlinks;

import io.weft.link.LinkInfo;
import io.weft.link.LinkState;
import io.weft.link.Links;
import io.weft.node.CommandFailure;
import io.weft.support.Json;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** {@code weft slow-links list}: which links answer too late. Ends with code 1 if there are any, so that monitoring can call it. */
@Component(name = "slow-links", property = {"osgi.command.scope=slow-links", "osgi.command.function=list"})
@Designate(ocd = SlowLinksConfig.class)
public final class SlowLinks implements Function {

  private static final String HELP = """
      List the links whose round trip takes too long; exit code 1 if there are any.

      Usage: weft slow-links list [--over MS] [--json]

        --over MS   milliseconds above which a link is slow; else slow-links.over.ms of weft.yaml
        --json      answer as JSON

      Examples:
        weft slow-links list
        weft slow-links list --over 50 --json
      """;

  private final SlowLinksConfig config;
  private final Links links;

  @Activate
  public SlowLinks(SlowLinksConfig config, @Reference Links links) {
    this.config = config;
    this.links = links;
  }

  @Override
  public @Nullable Object execute(CommandSession session, List<Object> arguments) {
    PrintStream out = session.getConsole();
    int over = config.over_ms();
    boolean json = false;
    for (int i = 0; i < arguments.size(); i++) {
      String word = String.valueOf(arguments.get(i));
      if (word.equals("--help") || word.equals("-h")) {
        out.print(HELP);
        return null;
      } else if (word.equals("--json")) {
        json = true;
      } else if (word.equals("--over") && i + 1 < arguments.size()) {
        over = milliseconds(String.valueOf(arguments.get(++i)));
      } else {
        throw new CommandFailure(CommandFailure.USAGE, "unexpected '" + word + "'; see weft slow-links list --help");
      }
    }
    print(out, over, json);
    return null; // printed already; a result would be printed by the shell
  }

  private void print(PrintStream out, int over, boolean json) {
    List<LinkInfo> up = links.links().stream().filter(l -> l.state() == LinkState.up || l.state() == LinkState.degraded).toList();
    List<LinkInfo> slow =
        up.stream().filter(l -> l.rttMillis() > over).sorted(Comparator.comparingDouble(LinkInfo::rttMillis).reversed()).toList();
    if (json) {
      out.println(Json.lines(Map.of("over_ms", over, "up", up.size(),
          "slow", slow.stream().map(l -> Map.of("peer", l.peer(), "rtt_ms", l.rttMillis())).toList())));
    } else if (slow.isEmpty()) {
      out.println(up.size() + " links are up, none of them slower than " + over + " ms");
    } else {
      slow.forEach(l -> out.println(String.format(java.util.Locale.ROOT, "%-24s %8.1f ms", l.peer(), l.rttMillis())));
    }
    if (!slow.isEmpty()) {
      throw new CommandFailure(CommandFailure.CHECK, slow.size() + " of " + up.size() + " links are slower than " + over + " ms");
    }
  }

  private static int milliseconds(String word) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw new CommandFailure(CommandFailure.USAGE, "--over takes whole milliseconds; see weft slow-links list --help");
    }
  }
}
