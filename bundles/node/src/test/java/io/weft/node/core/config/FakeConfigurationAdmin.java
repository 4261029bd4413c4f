package io.weft.node.core.config;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** As much of Configuration Admin as the node uses, in memory. */
final class FakeConfigurationAdmin {

  final Map<String, Map<String, Object>> configurations = new TreeMap<>();
  int writes;
  boolean broken;

  ConfigurationAdmin service() {
    return proxy(
        ConfigurationAdmin.class,
        (proxy, method, args) ->
            switch (method.getName()) {
              case "getConfiguration" -> configuration((String) args[0]);
              case "getFactoryConfiguration" -> configuration(args[0] + "~" + args[1]);
              case "listConfigurations" ->
                  configurations.keySet().stream().map(this::configuration).toArray(Configuration[]::new);
              default -> throw new UnsupportedOperationException(method.toString());
            });
  }

  private Configuration configuration(String pid) {
    return proxy(
        Configuration.class,
        (proxy, method, args) ->
            switch (method.getName()) {
              case "getPid" -> pid;
              case "updateIfDifferent" -> update(pid, args[0]);
              case "delete" -> configurations.remove(pid);
              default -> throw new UnsupportedOperationException(method.toString());
            });
  }

  private boolean update(String pid, Object properties) throws IOException {
    if (broken) {
      throw new IOException("disk full");
    }
    Dictionary<?, ?> dictionary = (Hashtable<?, ?>) properties;
    Map<String, Object> next = new HashMap<>();
    for (Object key : Collections.list(dictionary.keys())) {
      Object value = dictionary.get(key);
      next.put((String) key, value instanceof Object[] array ? java.util.List.of(array) : value);
    }
    boolean differs = !next.equals(configurations.put(pid, next));
    writes += differs ? 1 : 0;
    return differs;
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
