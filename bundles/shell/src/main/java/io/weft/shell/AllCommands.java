package io.weft.shell;

import io.weft.shell.frame.Command;
import io.weft.shell.frame.Services;
import io.weft.shell.noun.AccessCommands;
import io.weft.shell.noun.BillingChanges;
import io.weft.shell.noun.BillingCommands;
import io.weft.shell.noun.BrokerCommands;
import io.weft.shell.noun.BundleChanges;
import io.weft.shell.noun.BundleCommands;
import io.weft.shell.noun.CatalogCommands;
import io.weft.shell.noun.ChannelCommands;
import io.weft.shell.noun.ComponentCommands;
import io.weft.shell.noun.ConfigCommands;
import io.weft.shell.noun.DoctorCommand;
import io.weft.shell.noun.DcsCommands;
import io.weft.shell.noun.DcsMemberCommands;
import io.weft.shell.noun.DcsMigrateCommand;
import io.weft.shell.noun.DcsSnapshotCommands;
import io.weft.shell.noun.DcsWatchCommand;
import io.weft.shell.noun.DrillCommands;
import io.weft.shell.noun.FailoverCommand;
import io.weft.shell.noun.FeatureCommands;
import io.weft.shell.noun.ForwardCommands;
import io.weft.shell.noun.HealthCommands;
import io.weft.shell.noun.HelpCommand;
import io.weft.shell.noun.JobCommands;
import io.weft.shell.noun.LeaseCommands;
import io.weft.shell.noun.LinkCommands;
import io.weft.shell.noun.ListenerCommands;
import io.weft.shell.noun.LogCommands;
import io.weft.shell.noun.MigrateCommand;
import io.weft.shell.noun.NodeCommands;
import io.weft.shell.noun.PathCommands;
import io.weft.shell.noun.PeerCommands;
import io.weft.shell.noun.PluginCommands;
import io.weft.shell.noun.PluginListCommand;
import io.weft.shell.noun.RelayCommands;
import io.weft.shell.noun.SecretCommands;
import io.weft.shell.noun.ServiceCommands;
import io.weft.shell.noun.StatusCommand;
import io.weft.shell.noun.WhyCommands;
import io.weft.shell.terminal.ShellCommand;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Every command there is. */
final class AllCommands {

  private static final List<Function<Services, List<Command>>> NOUNS = List.of(
      StatusCommand::all, DoctorCommand::all, HelpCommand::all, ShellCommand::all, NodeCommands::all, LinkCommands::all,
      ChannelCommands::all, ServiceCommands::all, BrokerCommands::all, ForwardCommands::all, PeerCommands::all, PathCommands::all,
      RelayCommands::all, CatalogCommands::all, SecretCommands::all, AccessCommands::all, HealthCommands::all,
      ConfigCommands::all, ListenerCommands::all, LogCommands::all, BundleCommands::all, BundleChanges::all, ComponentCommands::all,
      PluginCommands::all, PluginListCommand::all, WhyCommands::all, FeatureCommands::all,
      LeaseCommands::all, JobCommands::all, DcsCommands::all, DcsMemberCommands::all,
      DcsWatchCommand::all, DcsSnapshotCommands::all, DcsMigrateCommand::all, MigrateCommand::all, FailoverCommand::all,
      BillingCommands::all, BillingChanges::all, DrillCommands::all);

  private AllCommands() {}

  /** By name, sorted. */
  static Map<String, Command> of(Services services) {
    Map<String, Command> all = new TreeMap<>();
    NOUNS.forEach(n -> n.apply(services).forEach(c -> all.put(c.spec().name(), c)));
    return all;
  }
}
