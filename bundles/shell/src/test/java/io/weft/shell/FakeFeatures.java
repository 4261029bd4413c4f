package io.weft.shell;

import io.weft.plugin.FeatureInfo;
import io.weft.plugin.FeatureInfo.State;
import io.weft.plugin.NodeFeatures;
import io.weft.plugin.PluginRefused;
import java.util.List;

/** One feature that is in the node, and one that is not. */
final class FakeFeatures implements NodeFeatures {

  private static FeatureInfo etcd(State state) {
    List<String> bundles = List.of("io.weft:io.weft.dcs.etcd:0.1.0");
    return new FeatureInfo("dcs-etcd", "DCS on etcd", "Coordination on an etcd that is there already.", state, bundles, bundles);
  }

  @Override
  public List<FeatureInfo> features() {
    return List.of(new FeatureInfo("core", "Core", "The container.", State.started, List.of("org.apache.felix:org.apache.felix.scr:2.2.18"),
        List.of()), etcd(State.available));
  }

  @Override
  public FeatureInfo install(String name) throws PluginRefused {
    return change(name, State.added);
  }

  @Override
  public FeatureInfo remove(String name) throws PluginRefused {
    return change(name, State.available);
  }

  private static FeatureInfo change(String name, State to) throws PluginRefused {
    if (!name.equals("dcs-etcd")) {
      throw new PluginRefused("feature '" + name + "' was asked for when the node was started");
    }
    return etcd(to);
  }
}
