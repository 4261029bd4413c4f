package io.weft.launcher.demo;

import java.io.IOException;

/** Requests without a pause, each on a connection of its own half of the time, while something else happens to the node. */
final class SteadyRequests implements AutoCloseable {

  private final Traffic traffic;
  private final String url;
  private final Thread thread;
  private volatile boolean running = true;
  private volatile int done;
  private volatile int failed;
  private volatile String lastFailure = "";

  SteadyRequests(Traffic traffic, String url) {
    this.traffic = traffic;
    this.url = url;
    this.thread = new Thread(this::run, "weft-launcher-demo-requests");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (running) {
      try {
        // A new client now and then: requests on a connection that is open already would show less.
        Traffic client = done % 2 == 0 ? traffic : new Traffic();
        if (!client.get(url).equals(DemoServices.GREETING)) {
          throw new IOException("a wrong answer");
        }
      } catch (IOException e) {
        failed++;
        lastFailure = String.valueOf(e.getMessage());
      } catch (InterruptedException e) {
        return;
      }
      done++;
    }
  }

  int done() {
    return done;
  }

  int failed() {
    return failed;
  }

  String lastFailure() {
    return lastFailure;
  }

  @Override
  public void close() throws InterruptedException {
    running = false;
    thread.join(10_000);
  }
}
