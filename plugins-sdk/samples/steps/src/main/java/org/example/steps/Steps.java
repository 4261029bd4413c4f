package org.example.steps;

import io.weft.coordination.Job;
import io.weft.coordination.JobRun;
import io.weft.coordination.JobSpec;
import io.weft.coordination.Schedule;
import io.weft.node.Node;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Work that takes several steps, each of them a call that only one node may make. It asks right before each step whether it still
 * may, and says in headers who calls ({@code Weft-Node}), for what ({@code Weft-Job}, {@code Weft-Period}) and under which token
 * ({@code Weft-Token}): whoever answers refuses, with 409, a smaller token than it has seen, because a node may lose its
 * lease between asking and calling. {@code Weft-Asked} is the monotonic clock of the machine, in nanoseconds, right before it
 * asked.
 */
@Component(name = "steps", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = StepsConfig.class)
public final class Steps implements Job {

  private final Node node;
  private final StepsConfig config;
  private final URL url;
  private final CountDownLatch gone = new CountDownLatch(1);

  /** @throws IOException if the URL is none */
  @Activate
  public Steps(StepsConfig config, @Reference Node node) throws IOException {
    this.node = node;
    this.config = config;
    this.url = URI.create(config.url()).toURL();
  }

  @Deactivate
  void close() {
    gone.countDown();
  }

  @Override
  public JobSpec spec() {
    return JobSpec.singleton("steps", Schedule.every(Duration.ofSeconds(config.every_seconds())));
  }

  @Override
  public void run(JobRun run) throws IOException, InterruptedException {
    for (int step = 1; step <= config.count(); step++) {
      if (step > 1 && gone.await(config.pause_ms(), TimeUnit.MILLISECONDS)) {
        throw new InterruptedException("the bundle was stopped");
      }
      long asked = System.nanoTime();
      run.check();
      call(run, asked);
      run.progress("step " + step + " of " + config.count(), (double) step / config.count());
    }
  }

  private void call(JobRun run, long asked) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    try {
      int timeout = (int) Math.max(1, Math.min(config.timeout_ms(), run.remaining().toMillis()));
      connection.setConnectTimeout(timeout);
      connection.setReadTimeout(timeout);
      connection.setRequestMethod("POST");
      connection.setRequestProperty("Connection", "close"); // a connection that is kept would keep a thread of the JDK
      connection.setRequestProperty("Weft-Job", run.job());
      connection.setRequestProperty("Weft-Node", node.name());
      connection.setRequestProperty("Weft-Period", run.period().toString());
      connection.setRequestProperty("Weft-Token", Long.toString(run.token()));
      connection.setRequestProperty("Weft-Asked", Long.toString(asked));
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(0); // or the JDK would send it a second time by itself
      connection.getOutputStream().close();
      int status = connection.getResponseCode();
      if (status / 100 != 2) {
        throw new IOException(url.getHost() + " answered " + status + " instead of 2xx");
      }
    } finally {
      connection.disconnect();
    }
  }
}
