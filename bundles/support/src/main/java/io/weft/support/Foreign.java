package io.weft.support;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks what strangers offer. One that throws, whatever it throws, or answers with nothing keeps nobody else from being heard. */
public final class Foreign {

  private static final Logger log = LoggerFactory.getLogger(Foreign.class);

  private Foreign() {}

  /** What all of them have to say, one after the other. */
  public static <S, T> List<T> all(Collection<? extends S> strangers, Function<S, ? extends @Nullable Collection<? extends T>> question) {
    List<T> answers = new ArrayList<>();
    for (S stranger : strangers) {
      Collection<? extends T> answer = ask(stranger, question, List.of());
      answer.stream().filter(Objects::nonNull).forEach(answers::add);
    }
    return answers;
  }

  /** The answer, or what is given if there is none. */
  public static <S, T> T ask(S stranger, Function<S, ? extends @Nullable T> question, T otherwise) {
    try {
      T answer = question.apply(stranger);
      return answer == null ? otherwise : answer;
    } catch (RuntimeException | Error e) { // a stranger's Error is no less a stranger's
      log.warn("plugin not asked class={} reason=\"{}\"", stranger.getClass().getName(), e.toString());
      return otherwise;
    }
  }
}
