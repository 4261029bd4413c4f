package io.weft.testkit;

import io.weft.node.Setting;
import io.weft.node.Settings;
import java.util.ArrayList;
import java.util.List;

/** Settings as a test says they are. */
public final class FakeSettings implements Settings {

  public final List<Setting> all = new ArrayList<>();
  public final List<Setting> pendingRestart = new ArrayList<>();
  public final List<String> problems = new ArrayList<>();

  @Override
  public List<Setting> all() {
    return List.copyOf(all);
  }

  @Override
  public List<Setting> pendingRestart() {
    return List.copyOf(pendingRestart);
  }

  @Override
  public List<String> problems() {
    return List.copyOf(problems);
  }
}
