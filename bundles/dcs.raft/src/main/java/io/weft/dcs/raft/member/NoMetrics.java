package io.weft.dcs.raft.member;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.ratis.metrics.LongCounter;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.Timekeeper;
import org.apache.ratis.util.TimeDuration;

/** Ratis measures each entry a dozen times, which nobody reads and which takes a tenth of the time of a write. Here it does not. */
public final class NoMetrics extends MetricRegistries {

  private static final Timekeeper.Context NO_TIME = () -> 0;
  private static final Timekeeper NO_TIMER = () -> NO_TIME;
  private static final LongCounter NO_COUNTER = new LongCounter() {
    @Override
    public void inc(long n) {
      // nobody reads it
    }

    @Override
    public void dec(long n) {
      // nobody reads it
    }

    @Override
    public long getCount() {
      return 0;
    }
  };

  private record Registry(MetricRegistryInfo getMetricRegistryInfo) implements RatisMetricRegistry {

    @Override
    public Timekeeper timer(String name) {
      return NO_TIMER;
    }

    @Override
    public LongCounter counter(String name) {
      return NO_COUNTER;
    }

    @Override
    public boolean remove(String name) {
      return true;
    }

    @Override
    public <T> void gauge(String name, Supplier<Supplier<T>> gauge) {
      // nobody reads it
    }
  }

  @Override
  public void clear() {
    // there is nothing
  }

  @Override
  public RatisMetricRegistry create(MetricRegistryInfo info) {
    return new Registry(info);
  }

  @Override
  public boolean remove(MetricRegistryInfo key) {
    return true;
  }

  @Override
  public Optional<RatisMetricRegistry> get(MetricRegistryInfo info) {
    return Optional.empty();
  }

  @Override
  public Set<MetricRegistryInfo> getMetricRegistryInfos() {
    return Set.of();
  }

  @Override
  public Collection<RatisMetricRegistry> getMetricRegistries() {
    return List.of();
  }

  @Override
  public void addReporterRegistration(Consumer<RatisMetricRegistry> reporterRegistration, Consumer<RatisMetricRegistry> stopReporter) {
    // there is nothing to report
  }

  @Override
  public void enableJmxReporter() {
    // there is nothing to report
  }

  @Override
  public void enableConsoleReporter(TimeDuration rate) {
    // there is nothing to report
  }
}
