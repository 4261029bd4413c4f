package io.weft.installer;

import io.weft.plugin.FeatureInfo;
import io.weft.plugin.NodeFeatures;
import io.weft.plugin.PluginRefused;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;

/** The launcher's features: it alone knows the distribution, and what the next start makes of them. */
@Component(name = "weft.installer.features")
public final class LaunchedFeatures implements NodeFeatures {

  private final Function<Map<String, Object>, Map<String, Object>> launcher;

  @Activate
  public LaunchedFeatures(@Reference(target = "(weft.provides=features)", cardinality = ReferenceCardinality.OPTIONAL)
      @Nullable Function<Map<String, Object>, Map<String, Object>> launcher) {
    this.launcher = launcher == null ? JournalledInstaller::none : launcher;
  }

  @Override
  public List<FeatureInfo> features() {
    try {
      return ((List<?>) ask(Map.of("do", "list")).getOrDefault("features", List.of())).stream().map(f -> feature((Map<?, ?>) f)).toList();
    } catch (PluginRefused e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  public FeatureInfo install(String name) throws PluginRefused {
    ask(Map.of("do", "install", "name", name));
    return find(name);
  }

  @Override
  public FeatureInfo remove(String name) throws PluginRefused {
    ask(Map.of("do", "remove", "name", name));
    return find(name);
  }

  private FeatureInfo find(String name) throws PluginRefused {
    return features().stream().filter(f -> f.name().equals(name)).findFirst()
        .orElseThrow(() -> new PluginRefused("the distribution has no feature '" + name + "'"));
  }

  private static FeatureInfo feature(Map<?, ?> map) {
    return new FeatureInfo(String.valueOf(map.get("name")), String.valueOf(map.get("title")), String.valueOf(map.get("description")),
        FeatureInfo.State.valueOf(String.valueOf(map.get("state"))), words(map.get("bundles")), words(map.get("own")));
  }

  private static List<String> words(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).toList();
  }

  private Map<String, Object> ask(Map<String, Object> request) throws PluginRefused {
    Map<String, Object> answer = launcher.apply(request);
    if (answer.get("error") instanceof String error) {
      throw new PluginRefused(error, Boolean.TRUE.equals(answer.get("denied")));
    }
    return answer;
  }
}
