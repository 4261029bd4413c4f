package io.weft.testkit.dcs;

import io.weft.dcs.Dcs;
import io.weft.testkit.RealTime;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The store in memory keeps the contract, so that what is tested on it holds elsewhere. */
class MemoryDcsTest extends DcsContract {

  @Override
  protected DcsRig open() {
    RealTime time = new RealTime();
    ExecutorService executor = Executors.newCachedThreadPool(task -> {
      Thread thread = new Thread(task, "memory-dcs");
      thread.setDaemon(true);
      return thread;
    });
    MemoryStore store = new MemoryStore(time, time);
    return new DcsRig() {
      @Override
      public String server() {
        return "memory";
      }

      @Override
      public Client client() {
        return new MemoryClient(new MemoryDcs(store, executor));
      }

      @Override
      public Duration ttl() {
        return Duration.ofMillis(800);
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
        time.close();
        executor.shutdownNow();
      }
    };
  }

  private record MemoryClient(MemoryDcs memory) implements DcsRig.Client {
    @Override
    public Dcs dcs() {
      return memory;
    }

    @Override
    public void block() {
      memory.line(MemoryDcs.Line.LOSES_ANSWERS);
    }

    @Override
    public void unblock() {
      memory.line(MemoryDcs.Line.UP);
    }

    @Override
    public void close() {
      memory.close();
    }
  }
}
