package io.weft.testkit;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.util.Map;

/** Configuration annotations as a component gets them: the defaults, but for what the test says. */
public final class FakeConfig {

  private FakeConfig() {}

  /** @param values by the name of the annotation's method, of its type */
  public static <A extends Annotation> A of(Class<A> type, Map<String, Object> values) {
    for (String name : values.keySet()) {
      try {
        type.getDeclaredMethod(name);
      } catch (NoSuchMethodException e) {
        throw new IllegalArgumentException(type.getSimpleName() + " has no " + name, e);
      }
    }
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) ->
        switch (method.getName()) {
          case "toString" -> "@" + type.getSimpleName() + values;
          case "annotationType" -> type;
          case "hashCode" -> System.identityHashCode(proxy);
          case "equals" -> proxy == arguments[0];
          default -> values.getOrDefault(method.getName(), method.getDefaultValue());
        }));
  }
}
