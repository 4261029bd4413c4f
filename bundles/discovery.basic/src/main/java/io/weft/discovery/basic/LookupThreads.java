package io.weft.discovery.basic;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The few threads on which all entries wait for name servers; there only while there is work. For this bundle only. */
@Component(name = "weft.discovery.basic.lookups", service = LookupThreads.class)
public final class LookupThreads {

  private static final int THREADS = 2;
  private static final int WAITING_MAX = 256;
  private static final long LINGER_SECONDS = 10;
  private static final long STOP_SECONDS = 2;

  private final ThreadPoolExecutor pool;

  @Activate
  public LookupThreads() {
    AtomicInteger count = new AtomicInteger();
    pool = new ThreadPoolExecutor(
        THREADS, THREADS, LINGER_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), task -> {
          Thread thread = new Thread(task, "weft-discovery.basic-lookup-" + count.incrementAndGet());
          thread.setDaemon(true);
          // The JDK looks for its DNS client through this loader, and a bundle's loader does not see it.
          thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
          return thread;
        });
    pool.allowCoreThreadTimeOut(true);
  }

  /** Whether the task will run. If not, too many wait; try again later. */
  boolean submit(Runnable task) {
    try {
      pool.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  @Deactivate
  void close() {
    pool.shutdownNow();
    try {
      pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS); // a name server that hangs cannot be interrupted; its thread ends later
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
