package org.example.plugin;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;

/**
 * Offers everything that a node takes from plugins, and none of it is any good. By the name of the bundle, all methods throw, all return nothing,
 * or the object is of another type than it says. Properties are of types that nobody expects, and commands have names that are taken.
 */
public final class RegistersNonsense implements BundleActivator, PrototypeServiceFactory<Object> {

  private static final List<String> TYPES = List.of("discovery.DiscoverySource", "node.Examination", "node.HealthCheck", "node.ListenerSource",
      "node.CounterSource", "path.PathSource", "secret.SecretSource", "store.SchemaSource", "transport.Transport", "coordination.Job",
      "dcs.DcsMembers", "billing.BalanceListener", "billing.DepositSource", "billing.MeterSource");

  @Override
  public void start(BundleContext context) throws ClassNotFoundException {
    Bundle api = Arrays.stream(context.getBundles()).filter(b -> "io.weft.api".equals(b.getSymbolicName())).findFirst().orElseThrow();
    String how = context.getBundle().getSymbolicName();
    for (String name : TYPES) {
      Class<?> type;
      try {
        type = api.loadClass("io.weft." + name);
      } catch (ClassNotFoundException e) {
        continue; // not in this version
      }
      context.registerService(type.getName(), how.endsWith("impostor") ? (Object) this : good(type, how), properties());
    }
    Hashtable<String, Object> commands = new Hashtable<>();
    commands.put("osgi.command.scope", "link");
    commands.put("osgi.command.function", new Object[] {"list", "list", "", " ", 7, "a\nb"});
    context.registerService(Object.class, new Object(), commands);
    context.registerService(Object.class, new Object(), new Hashtable<>(java.util.Map.of("osgi.command.scope", 7, "osgi.command.function", 'x')));
  }

  private static Object good(Class<?> type, String how) {
    return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
      switch (method.getName()) {
        case "hashCode":
          return System.identityHashCode(proxy);
        case "equals":
          return proxy == arguments[0];
        case "toString":
          return "nonsense";
        default:
          if (how.endsWith("thrower")) {
            throw new LinkageError("nonsense from " + type.getSimpleName() + "." + method.getName());
          }
          Class<?> result = method.getReturnType();
          return result == boolean.class ? (Object) false : result == int.class ? (Object) 0 : result == long.class ? (Object) 0L : null;
      }
    });
  }

  private static Hashtable<String, Object> properties() {
    Hashtable<String, Object> properties = new Hashtable<>();
    for (String key : List.of("service.ranking", "weft.kind", "weft.name", "weft.provides", "weft.observes", "scheme", "kind", "name", "tags",
        "osgi.command.scope", "osgi.command.function", "component.name", "component.id", "service.pid")) {
      properties.put(key, key.length() % 2 == 0 ? new int[] {1, 2} : new StringBuilder("nonsense"));
    }
    return properties;
  }

  @Override
  public void stop(BundleContext context) {}

  /** Something of another type. */
  @Override
  public Object getService(Bundle bundle, ServiceRegistration<Object> registration) {
    return "a text";
  }

  @Override
  public void ungetService(Bundle bundle, ServiceRegistration<Object> registration, Object service) {}
}
