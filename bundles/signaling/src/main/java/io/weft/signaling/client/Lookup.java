package io.weft.signaling.client;

import io.weft.support.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Asks the system's name servers, on two threads that are there only while they have work. Addresses need no thread. */
final class Lookup implements AutoCloseable {

  private static final int THREADS = 2;
  private static final int WAITING_MAX = 64;
  private static final long LINGER_SECONDS = 5;

  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(THREADS, THREADS, LINGER_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), task -> {
        Thread thread = new Thread(task, "weft-signaling-lookup");
        thread.setDaemon(true);
        // The JDK looks for its DNS client through this loader, and a bundle's loader does not see it.
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        return thread;
      });

  Lookup() {
    pool.allowCoreThreadTimeOut(true);
  }

  /** At least one address, or {@link IOException}. Completes on any thread. */
  CompletableFuture<List<InetSocketAddress>> resolve(HostPort host) {
    var literal = host.socketAddress();
    if (literal.isPresent()) {
      return CompletableFuture.completedFuture(List.of(literal.get()));
    }
    CompletableFuture<List<InetSocketAddress>> found = new CompletableFuture<>();
    try {
      pool.execute(() -> ask(host, found));
    } catch (RejectedExecutionException e) {
      found.completeExceptionally(new IOException("too many names are being looked up", e));
    }
    return found;
  }

  private static void ask(HostPort host, CompletableFuture<List<InetSocketAddress>> found) {
    try {
      found.complete(
          Stream.of(InetAddress.getAllByName(host.host())).map(address -> new InetSocketAddress(address, host.port())).toList());
    } catch (UnknownHostException e) {
      found.completeExceptionally(new IOException("the name " + host.host() + " is not known", e));
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
