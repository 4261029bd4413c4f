package io.weft.support.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.CommandFailure;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailureTest {

  @Test
  void carriesTheExitCodeThroughWrappers() {
    Exception wrapped = new ExecutionException(new InvocationTargetException(new CommandFailure(3, "mesh is not running")));
    assertThat(Failure.of("link:list", wrapped)).isEqualTo(new Failure(3, "mesh is not running", true));
  }

  @Test
  void anythingElseIsOneLine() {
    Exception wrapped = new ExecutionException(new IllegalStateException("a\nb\u001b[31m"));
    assertThat(Failure.of("x:y", wrapped)).isEqualTo(new Failure(1, "x:y failed: IllegalStateException: a b [31m", false));
    assertThat(Failure.of("x:y", new NullPointerException())).isEqualTo(new Failure(1, "x:y failed: NullPointerException",
        false));
  }

  @Test
  void wrongArgumentsOfAPlainCommandAreAUsageError() {
    Exception coerce = new IllegalArgumentException("Cannot coerce plain(String) to any of [(String, int)]");
    assertThat(Failure.of("t:plain", coerce)).isEqualTo(new Failure(2,
        "t:plain does not take these arguments; it takes [(String, int)]", true));
  }

  @Test
  void survivesCircularCauses() {
    Exception a = new Exception("a");
    Exception b = new Exception("b", a);
    a.initCause(b);
    assertThat(Failure.of("x:y", a).exitCode()).isEqualTo(1);
  }
}
