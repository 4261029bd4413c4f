package io.weft.shell.frame;

import io.weft.billing.Billing;
import io.weft.billing.Drills;
import io.weft.channel.AccessRules;
import io.weft.channel.Fabric;
import io.weft.channel.Forwards;
import io.weft.coordination.Jobs;
import io.weft.coordination.Leases;
import io.weft.dcs.Dcs;
import io.weft.dcs.DcsMembers;
import io.weft.directory.PeerDirectory;
import io.weft.link.Links;
import io.weft.node.Health;
import io.weft.node.LogLevels;
import io.weft.node.Node;
import io.weft.node.Settings;
import io.weft.path.PathReports;
import io.weft.plugin.NodeFeatures;
import io.weft.plugin.PluginCatalog;
import io.weft.plugin.PluginInstaller;
import io.weft.plugin.PluginTrust;
import io.weft.relay.RelayServer;
import io.weft.secret.Secrets;
import io.weft.signaling.SignalBroker;
import io.weft.signaling.Signaling;
import io.weft.store.Failover;
import io.weft.store.Migrations;
import java.util.Map;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** Which bundle usually provides a service, so that a missing one can be explained. */
public final class Owners {

  private record Owner(String part, String bundle) {}

  private static final Owner NODE = new Owner("node", "io.weft.node");
  private static final Owner MESH = new Owner("mesh", "io.weft.mesh");
  private static final Owner COORDINATION = new Owner("coordination", "io.weft.coordination");
  private static final Owner CATALOG = new Owner("catalog", "io.weft.catalog");

  private static final Owner STORE = new Owner("the store", "io.weft.store.postgres");
  private static final Owner BILLING = new Owner("billing", "io.weft.billing");

  private static final Map<Class<?>, Owner> OWNERS = Map.ofEntries(
      Map.entry(Node.class, NODE),
      Map.entry(Settings.class, NODE),
      Map.entry(Secrets.class, NODE),
      Map.entry(Health.class, NODE),
      Map.entry(LogLevels.class, NODE),
      Map.entry(Links.class, MESH),
      Map.entry(Fabric.class, MESH),
      Map.entry(AccessRules.class, MESH),
      Map.entry(PeerDirectory.class, new Owner("directory", "io.weft.directory")),
      Map.entry(Forwards.class, new Owner("forward", "io.weft.forward")),
      Map.entry(PathReports.class, new Owner("path.ice", "io.weft.path.ice")),
      Map.entry(Leases.class, COORDINATION),
      Map.entry(Jobs.class, COORDINATION),
      Map.entry(Billing.class, BILLING),
      Map.entry(Drills.class, BILLING),
      Map.entry(Dcs.class, new Owner("a DCS", "")),
      Map.entry(DcsMembers.class, new Owner("a DCS that nodes of the fabric keep", "")),
      Map.entry(PluginTrust.class, CATALOG),
      Map.entry(PluginCatalog.class, CATALOG),
      Map.entry(PluginInstaller.class, new Owner("installer", "io.weft.installer")),
      Map.entry(NodeFeatures.class, new Owner("installer", "io.weft.installer")),
      Map.entry(RelayServer.class, new Owner("relay", "io.weft.relay")),
      Map.entry(Signaling.class, new Owner("signaling", "io.weft.signaling")),
      Map.entry(Migrations.class, STORE),
      Map.entry(Failover.class, STORE),
      Map.entry(SignalBroker.class, new Owner("the broker", "io.weft.signaling.server")),
      Map.entry(ServiceComponentRuntime.class, new Owner("the component runtime", "org.apache.felix.scr")));

  private Owners() {}

  static String part(Class<?> type) {
    Owner owner = OWNERS.get(type);
    return owner == null ? type.getSimpleName() : owner.part;
  }

  /** The symbolic name of the bundle, or empty if it could be any. */
  public static String bundle(Class<?> type) {
    Owner owner = OWNERS.get(type);
    return owner == null ? "" : owner.bundle;
  }
}
