package io.weft.catalog;

import io.weft.plugin.PluginKey;
import io.weft.plugin.PluginProblem;
import io.weft.plugin.PluginStanding;
import io.weft.plugin.PluginTrust;
import io.weft.plugin.PluginVerdict;
import java.nio.file.Path;
import java.util.List;

/** Refuses everything. */
final class NoTrust implements PluginTrust {

  @Override
  public PluginVerdict check(Path jar) {
    return new PluginVerdict(PluginStanding.REFUSED, PluginProblem.NOT_SIGNED, "", "", "", "", "", "it is not signed");
  }

  @Override
  public PluginVerdict installed(long bundleId) {
    return check(Path.of(""));
  }

  @Override
  public List<PluginKey> keys() {
    return List.of();
  }

  @Override
  public boolean unsignedAllowed() {
    return false;
  }
}
