package io.weft.node.core.log;

import io.weft.node.LogLevels;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Applies the section {@code log} of {@code weft.yaml}, if there is one. What an operator set since is set again by the next edit. */
@Component(name = "weft.node.log", service = {}, immediate = true, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = LogConfig.class)
public final class FileLogSettings {

  private final LogLevels levels;
  private Map<String, String> own = Map.of();

  @Activate
  public FileLogSettings(LogConfig config, @Reference LogLevels levels) {
    this.levels = levels;
    apply(config);
  }

  @Modified
  void apply(LogConfig config) {
    Map<String, String> wanted = new TreeMap<>();
    for (String entry : config.levels()) {
      int equals = entry.indexOf('=');
      wanted.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    own.keySet().stream().filter(logger -> !wanted.containsKey(logger)).forEach(logger -> levels.set(logger, "default"));
    BackEnd.use(Map.of("format", config.format().name(), "level", config.level().name()));
    wanted.forEach(levels::set);
    own = wanted;
  }

  /** A node that stops goes on logging as it did; only without the section everything is as it is without it. */
  @Deactivate
  void close(int reason) {
    if (reason == ComponentConstants.DEACTIVATION_REASON_CONFIGURATION_DELETED) {
      own.keySet().forEach(logger -> levels.set(logger, "default"));
      BackEnd.use(Map.of());
    }
  }
}
