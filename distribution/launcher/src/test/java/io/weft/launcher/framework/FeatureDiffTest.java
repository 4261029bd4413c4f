package io.weft.launcher.framework;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.launcher.framework.AppliedBundles.Applied;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeatureDiffTest {

  private static final String OURS = "reference:file:///dist/";
  private static final PlannedBundle A = new PlannedBundle("g:a", Path.of("/dist/a-2.jar"), 20, true, "");
  private static final String A_AT = A.location();
  private static final String OLD_A = "reference:file:///old/a-1.jar";

  @Test
  void nothingToDoIfAllIsAsItWas() {
    assertThat(diff(Map.of(A_AT, true), List.of(new Applied("g:a", A_AT, "f"))).isEmpty()).isTrue();
  }

  @Test
  void whatIsNotThereIsInstalledAlsoIfItOnceWas() {
    assertThat(diff(Map.of(), List.of()).install()).containsExactly(A);
    assertThat(diff(Map.of(), List.of(new Applied("g:a", A_AT, "f"))).install()).containsExactly(A);
  }

  @Test
  void aJarThatChangedInPlaceIsUpdated() {
    FeatureDiff diff = diff(Map.of(A_AT, true), List.of(new Applied("g:a", A_AT, "older")));
    assertThat(diff.update()).containsExactly(A);
    assertThat(diff.install()).isEmpty();
  }

  @Test
  void whatNoFeatureNamesAnyMoreGoesAndWhatWasStoppedStaysStopped() {
    FeatureDiff diff = diff(Map.of(OLD_A, false), List.of(new Applied("g:a", OLD_A, "f")));
    assertThat(diff.uninstall()).containsExactly(OLD_A);
    assertThat(diff.install()).containsExactly(A);
    assertThat(diff.keepStopped()).containsExactly("g:a");
    assertThat(diff(Map.of(OLD_A, true), List.of(new Applied("g:a", OLD_A, "f"))).keepStopped()).isEmpty();
  }

  @Test
  void whatOperatorsInstalledStays() {
    Map<String, Boolean> present = Map.of(A_AT, true, "mvn:g/x/1", true, "reference:file:///other/x.jar", true, "file:/home/deploy/y.jar", true);
    assertThat(diff(present, List.of(new Applied("g:a", A_AT, "f"))).isEmpty()).isTrue();
  }

  @Test
  void anUnfinishedStartIsFinishedEvenIfTheRecordIsLost() {
    FeatureDiff diff = diff(Map.of(A_AT, false, OURS + "gone.jar", true), List.of());
    assertThat(diff.adopt()).containsExactly(A);
    assertThat(diff.uninstall()).containsExactly(OURS + "gone.jar");
    assertThat(diff.keepStopped()).isEmpty();
  }

  private static FeatureDiff diff(Map<String, Boolean> present, List<Applied> applied) {
    return FeatureDiff.between(List.of(A), present, applied, Map.of(A_AT, "f"), OURS);
  }
}
