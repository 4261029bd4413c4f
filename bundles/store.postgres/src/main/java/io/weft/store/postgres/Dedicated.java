package io.weft.store.postgres;

import io.weft.store.Database;
import io.weft.store.StoreUnavailable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Connections beside the pool. Those that are open when the store stops are cut. */
final class Dedicated {

  private static final int PURPOSE_MAX = 32;

  private final Connector connector;
  private final Semaphore places = new Semaphore(Database.DEDICATED_MAX);
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

  Dedicated(Connector connector) {
    this.connector = connector;
  }

  Connection open(String purpose) throws StoreUnavailable {
    if (purpose.isEmpty() || purpose.length() > PURPOSE_MAX) {
      throw new IllegalArgumentException("the purpose of a connection has 1 to " + PURPOSE_MAX + " characters");
    }
    if (!places.tryAcquire()) {
      throw new StoreUnavailable("all " + Database.DEDICATED_MAX + " connections beside the pool are in use");
    }
    boolean done = false;
    try {
      Connection connection = connector.connect(purpose);
      open.add(connection);
      done = true;
      return counted(connection);
    } finally {
      if (!done) {
        places.release();
      }
    }
  }

  /** Closing it gives its place back, once. */
  private Connection counted(Connection connection) {
    return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method,
        words) -> {
      boolean ends = method.getName().equals("close") || method.getName().equals("abort");
      if (ends && open.remove(connection)) {
        places.release();
      }
      try {
        return method.invoke(connection, words);
      } catch (InvocationTargetException e) {
        throw e.getCause() == null ? e : e.getCause();
      }
    });
  }

  void close() {
    for (Connection connection : open) {
      if (open.remove(connection)) {
        places.release();
        Connector.discard(connection);
      }
    }
  }
}
