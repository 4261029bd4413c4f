package io.weft.support.dcs;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a backend; there only while there is work. */
public final class DcsThreads {

  private static final int WAITING_MAX = 10_000;
  private static final long LINGER_SECONDS = 10;

  private DcsThreads() {}

  /** @param backend the name of the bundle, such as {@code dcs.etcd} */
  public static ThreadPoolExecutor create(String backend, int threads) {
    AtomicInteger count = new AtomicInteger();
    ThreadPoolExecutor pool = new ThreadPoolExecutor(
        threads, threads, LINGER_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), task -> {
          Thread thread = new Thread(task, "weft-" + backend + "-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
