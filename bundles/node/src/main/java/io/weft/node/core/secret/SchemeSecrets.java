package io.weft.node.core.secret;

import io.weft.node.Registration;
import io.weft.node.core.BoundedCalls;
import io.weft.node.core.log.BackEnd;
import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretSource;
import io.weft.secret.SecretUnavailable;
import io.weft.secret.Secrets;
import io.weft.support.Foreign;
import io.weft.support.Redactor;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the source that has the scheme, and gives up on one that hangs. */
@Component(name = "weft.node.secrets", service = {Secrets.class, SchemeSecrets.class})
public final class SchemeSecrets implements Secrets {

  /** Bytes of a value. */
  static final int SECRET_MAX = 64 * 1024;

  /** Names per scheme. */
  static final int NAMES_MAX = 1000;

  private static final Logger log = LoggerFactory.getLogger(SchemeSecrets.class);

  private record Ranked(int ranking, long id, String scheme, SecretSource source) {}

  private static final Comparator<Ranked> BEST_FIRST = Comparator.comparingInt(Ranked::ranking).reversed()
      .thenComparingLong(Ranked::id);

  private final Map<SecretSource, Ranked> sources = new ConcurrentHashMap<>();
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private final BoundedCalls calls = new BoundedCalls("weft-node-secret", 4);
  private final Duration bound;
  private final Consumer<byte[]> hide;
  private final UnaryOperator<String> mask;

  @Activate
  public SchemeSecrets() {
    this(Duration.ofSeconds(5));
  }

  /** What the log has for this outlives us, so that an update of this bundle forgets nothing. */
  SchemeSecrets(Duration bound) {
    this.bound = bound;
    Redactor own = new Redactor();
    boolean shared = BackEnd.hide().isPresent() && BackEnd.mask().isPresent();
    this.hide = shared ? BackEnd.hide().orElseThrow() : own::hide;
    this.mask = shared ? BackEnd.mask().orElseThrow() : own::mask;
  }

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, unbind = "removeSource")
  public void addSource(SecretSource source, Map<String, Object> properties) {
    int ranking = properties.get("service.ranking") instanceof Integer r ? r : 0;
    long id = properties.get("service.id") instanceof Long i ? i : 0;
    String scheme = Foreign.ask(source, SecretSource::scheme, "");
    if (scheme.isEmpty()) {
      log.warn("secret source ignored class={} reason=\"it has no scheme\"", source.getClass().getName());
      return;
    }
    sources.put(source, new Ranked(ranking, id, scheme, source));
    watchers.forEach(Runnable::run);
  }

  public void removeSource(SecretSource source) {
    sources.remove(source);
  }

  /** Calls {@code watcher} after each source that comes, for this bundle only; it must return at once. */
  public Registration watch(Runnable watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  /** Whether some source has that scheme. */
  public boolean knows(String scheme) {
    return best(scheme).isPresent();
  }

  @Override
  public Secret resolve(SecretReference reference) throws SecretUnavailable {
    SecretSource source =
        best(reference.scheme())
            .orElseThrow(
                () ->
                    new SecretUnavailable(
                        reference + ": no secret source with scheme '" + reference.scheme() + "' is running; there are "
                            + schemes()
                            + "; install the bundle that has it or change the reference"));
    Secret secret = ask(reference.toString(), () -> source.read(reference.name()));
    byte[] copy = secret.copy();
    hide.accept(copy);
    Arrays.fill(copy, (byte) 0);
    if (copy.length > SECRET_MAX) {
      secret.close();
      throw new SecretUnavailable(reference + ": has " + copy.length + " bytes, more than " + SECRET_MAX);
    }
    return secret;
  }

  private <T> T ask(String what, Callable<T> call) throws SecretUnavailable {
    Future<T> future;
    try {
      future = calls.submit(call);
    } catch (RejectedExecutionException e) {
      throw new SecretUnavailable(what + ": too many secrets are being read, or the node is stopping; try again", e);
    }
    try {
      T result = future.get(bound.toMillis(), TimeUnit.MILLISECONDS);
      if (result == null) {
        throw new SecretUnavailable(what + ": its source gave nothing, which is an error in that source");
      }
      return result;
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new SecretUnavailable(what + ": its source did not answer within " + bound.toMillis() + " ms; try again", e);
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new SecretUnavailable(what + ": interrupted while reading it", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SecretUnavailable unavailable) {
        throw unavailable;
      }
      // The message of a foreign exception may hold what was read, so it is neither repeated nor kept.
      throw new SecretUnavailable(what + ": its source failed with " + e.getCause().getClass().getName());
    }
  }

  @Override
  public Map<String, List<String>> names() {
    Map<String, List<String>> names = new TreeMap<>();
    for (Ranked ranked : sources.values()) {
      if (best(ranked.scheme).orElse(null) != ranked.source) {
        continue;
      }
      try {
        List<String> known = ask(ranked.scheme, ranked.source::names);
        names.put(ranked.scheme, known.stream().filter(Objects::nonNull).sorted().limit(NAMES_MAX).toList());
      } catch (SecretUnavailable e) {
        log.debug("secret names unknown scheme={} reason={}", ranked.scheme, e.getMessage());
        names.put(ranked.scheme, List.of());
      }
    }
    return Collections.unmodifiableMap(names);
  }

  @Override
  public String masked(String text) {
    return mask.apply(text);
  }

  private Optional<SecretSource> best(String scheme) {
    return sources.values().stream().filter(r -> r.scheme.equals(scheme)).sorted(BEST_FIRST).map(Ranked::source).findFirst();
  }

  private String schemes() {
    List<String> known = sources.values().stream().map(Ranked::scheme).distinct().sorted().toList();
    return known.isEmpty() ? "none" : String.join(", ", known);
  }

  @Deactivate
  public void close() {
    calls.close();
  }
}
