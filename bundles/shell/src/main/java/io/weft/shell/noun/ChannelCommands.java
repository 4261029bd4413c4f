package io.weft.shell.noun;

import io.weft.channel.ChannelInfo;
import io.weft.channel.Fabric;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Values;
import java.util.List;
import java.util.Map;

/** {@code channel:*}: what runs on the links. */
public final class ChannelCommands {

  private ChannelCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, ChannelCommands::list, Spec.of("channel", "list", "List open channels")
            .describe("A channel is one byte stream or datagram flow on a link.",
                "WAITING are bytes that arrived and that the reader has not taken; WINDOW are bytes that may be sent before the peer grants more.")
            .option("--peer", "PEER", "Only channels with this peer.", Values.PEERS)
            .option("--service", "SERVICE", "Only channels of this service.", Values.SERVICES)
            .example("weft channel list", "all channels")
            .example("weft channel list --peer b --service pg", "who reads slowly?")));
  }

  /** {@code {"channels": [{"id", "peer", "service", "kind", "origin", "opened", "bytes_sent", ...}]}}. */
  private static void list(Invocation in) {
    List<ChannelInfo> channels = in.services().need(Fabric.class).channels().stream()
        .filter(c -> in.option("--peer").map(c.peer()::equals).orElse(true))
        .filter(c -> in.option("--service").map(c.service()::equals).orElse(true)).toList();
    if (in.json()) {
      in.printJson(Map.of("channels", channels.stream().map(Views::channel).toList()));
    } else {
      in.out().table(Tables.channels(channels, in.services().now()), "no channel is open");
    }
  }
}
