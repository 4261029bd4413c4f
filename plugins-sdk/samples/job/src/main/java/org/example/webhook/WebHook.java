package org.example.webhook;

import io.weft.coordination.Job;
import io.weft.coordination.JobRun;
import io.weft.coordination.JobSpec;
import io.weft.coordination.Schedule;
import io.weft.node.Node;
import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretUnavailable;
import io.weft.secret.Secrets;
import io.weft.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Posts {@code {"job", "period", "node", "token"}} to a URL, once per period in the whole fabric. The header Idempotency-Key is the same
 * whenever a period is called for again; the token lets the receiver refuse a node that lost its lease without noticing.
 */
@Component(name = "web-hook", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = WebHookConfig.class)
public final class WebHook implements Job {

  private static final String NAME = "web-hook";

  private final WebHookConfig config;
  private final URI url;
  private final Node node;
  private final Secrets secrets;
  private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
    Thread thread = new Thread(task, "web-hook");
    thread.setDaemon(true);
    return thread;
  });
  private final HttpClient client = HttpClient.newBuilder().executor(threads).version(HttpClient.Version.HTTP_1_1).build();

  /** @throws IllegalArgumentException if the URL is none; it is not repeated, since it may hold a secret */
  @Activate
  public WebHook(WebHookConfig config, @Reference Node node, @Reference Secrets secrets) {
    this.config = config;
    this.url = URI.create(config.url());
    this.node = node;
    this.secrets = secrets;
    if (url.getHost() == null || !"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
      throw new IllegalArgumentException("web-hook.url: expected http://host/... or https://host/...");
    }
  }

  @Deactivate
  void close() {
    threads.shutdownNow();
  }

  @Override
  public JobSpec spec() {
    return JobSpec.singleton(NAME, Schedule.every(Duration.ofSeconds(config.every_seconds())));
  }

  @Override
  public void run(JobRun run) throws IOException, InterruptedException, SecretUnavailable {
    Duration timeout = Duration.ofMillis(config.timeout_ms());
    Duration left = run.remaining().compareTo(timeout) < 0 ? run.remaining() : timeout;
    run.check(); // right before the step that only one may do; what is left is more than nothing then
    HttpRequest.Builder request = HttpRequest.newBuilder(url)
        .timeout(left.isZero() ? Duration.ofMillis(1) : left)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", run.job() + "/" + run.period())
        .POST(HttpRequest.BodyPublishers.ofString(Json.compact(Map.of(
            "job", run.job(), "period", run.period().toString(), "node", node.name(), "token", run.token()))));
    if (!config.authorization().isEmpty()) {
      try (Secret secret = secrets.resolve(SecretReference.parse(config.authorization()))) {
        request.header("Authorization", new String(secret.copy(), StandardCharsets.UTF_8).strip());
      }
    }
    run.progress("calling " + url.getHost(), 0.1);
    // An interrupt ends the call, and so the run.
    int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status / 100 != 2) {
      throw new IOException(url.getHost() + " answered " + status + " instead of 2xx");
    }
    run.progress(url.getHost() + " answered " + status, 1);
  }
}
