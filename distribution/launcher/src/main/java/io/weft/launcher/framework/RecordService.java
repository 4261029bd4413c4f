package io.weft.launcher.framework;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.osgi.framework.BundleContext;

/**
 * Lends the record of operators' bundles to the installer, in types of the JDK, because bundles do not see the classes of the launcher.
 * A request is a map with {@code do}; an answer has {@code error} if nothing was changed.
 */
final class RecordService implements Function<Map<String, Object>, Map<String, Object>> {

  /** The value of the service property {@link StartFailures#PROPERTY}. */
  static final String VALUE = "bundle.record";

  private final OperatorBundles operators;

  RecordService(OperatorBundles operators) {
    this.operators = operators;
  }

  void register(BundleContext context) {
    Dictionary<String, Object> properties = new Hashtable<>(Map.of(StartFailures.PROPERTY, VALUE));
    context.registerService(Function.class, this, properties);
  }

  @Override
  public Map<String, Object> apply(Map<String, Object> request) {
    try {
      return answer(request);
    } catch (IOException e) {
      return Map.of("error", "the record of installed bundles cannot be written: " + e.getMessage());
    } catch (ClassCastException | NullPointerException e) {
      return Map.of("error", "the request is not one that this launcher knows: " + e.getMessage());
    }
  }

  private Map<String, Object> answer(Map<String, Object> request) throws IOException {
    switch ((String) request.get("do")) {
      case "read" -> {
        Map<String, Object> state = new LinkedHashMap<>(operators.state().toMap());
        state.put("folder", operators.jars().folder().toString());
        return state;
      }
      case "stage" -> {
        return Map.of("jar", operators.jars().stage(Path.of((String) request.get("file"))));
      }
      case "begin" -> {
        operators.step(state -> state.begin(InstalledState.bundles((List<?>) request.get("bundles")),
            (String) request.get("what"), (Long) request.get("at"), InstalledState.strings((List<?>) request.get("known"))));
        operators.jars().unstage();
      }
      case "applied" -> operators.applied();
      case "keep" -> operators.step(state -> state.close((String) request.get("outcome")));
      case "back" -> operators.step(state -> state.putBack((String) request.get("why")));
      case "failing" -> operators.step(state -> failing(state, request));
      default -> {
        return Map.of("error", "this launcher does not know " + request.get("do"));
      }
    }
    return Map.of();
  }

  private static InstalledState failing(InstalledState state, Map<String, Object> request) {
    List<InstalledBundle> bundles = new ArrayList<>();
    for (InstalledBundle bundle : state.bundles()) {
      bundles.add(!bundle.location().equals(request.get("location")) ? bundle
          : bundle.failing(((Number) request.get("failures")).intValue(), (String) request.get("quarantine")));
    }
    return state.with(bundles);
  }
}
