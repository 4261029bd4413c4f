package org.example.filestore;

import io.weft.dcs.Dcs;
import io.weft.support.SerialLoop;
import io.weft.testkit.RealTime;
import io.weft.testkit.dcs.DcsRig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One store, and clients whose disk can be made to hang. */
final class FileStoreRig implements DcsRig {

  private final RealTime time = new RealTime();
  private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
    Thread thread = new Thread(task, "file-store-test");
    thread.setDaemon(true);
    return thread;
  });
  private final LocalStore store;

  FileStoreRig(Path file) throws IOException {
    store = new LocalStore(new StoreFile(file, false), time, threads);
  }

  @Override
  public String server() {
    return "file-store";
  }

  @Override
  public Client client() {
    HangingDisk disk = new HangingDisk(new SerialLoop("disk", threads, 100_000));
    return new FileClient(new FileStore(store, "a", time, time, disk, threads, s -> {}), disk);
  }

  @Override
  public Duration ttl() {
    return Duration.ofSeconds(2);
  }

  @Override
  public boolean canCompact() {
    return true;
  }

  @Override
  public void compact() {
    store.compact();
  }

  @Override
  public void close() {
    store.close();
    time.close();
    threads.shutdownNow();
  }

  private record FileClient(FileStore files, HangingDisk disk) implements Client {

    @Override
    public Dcs dcs() {
      return files;
    }

    @Override
    public void block() {
      disk.hang(true);
    }

    @Override
    public void unblock() {
      disk.hang(false);
    }

    @Override
    public void close() {
      files.close();
    }
  }

  /** While it hangs, what comes waits. */
  private static final class HangingDisk implements Executor {

    private final Executor executor;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean hanging;

    HangingDisk(Executor executor) {
      this.executor = executor;
    }

    @Override
    public synchronized void execute(Runnable task) {
      if (hanging) {
        waiting.add(task);
      } else {
        executor.execute(task);
      }
    }

    synchronized void hang(boolean now) {
      hanging = now;
      while (!hanging && !waiting.isEmpty()) {
        executor.execute(waiting.remove());
      }
    }
  }
}
