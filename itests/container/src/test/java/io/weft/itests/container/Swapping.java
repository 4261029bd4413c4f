package io.weft.itests.container;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.weft.itests.net.EchoServer;
import io.weft.itests.net.Requests;
import io.weft.link.LinkState;
import io.weft.link.Links;
import io.weft.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.inject.Inject;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** Discovery, secrets and forwarding are stopped, updated and started while requests run through the node: nobody may notice. */
public abstract class Swapping {

  private static final int ROUNDS = 5;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final List<String> SWAPPED = List.of("io.weft.discovery.basic", "io.weft.secret.basic");
  private static final String FORWARD = "io.weft.forward"; // its sockets pass from one version to the next

  @Inject
  private BundleContext context;

  @Inject
  private Links links;

  @Test
  public void noLinkDropsAndNoRequestFails() throws Exception {
    try (EchoServer echo = new EchoServer("127.0.0.1", Integer.getInteger("it.echo.port"))) {
      Await.until("the link", LONG, () -> links.link("b").map(l -> l.state() == LinkState.up).orElse(false));
      Await.until("the service", LONG, this::answers);
      long before = links.counters().get("links_up");
      try (Requests requests = new Requests("127.0.0.1", Integer.getInteger("it.forward.port"))) {
        awaitMore(requests);
        for (int round = 0; round < ROUNDS; round++) {
          for (String name : SWAPPED) {
            swap(bundle(name), requests);
          }
          bothGoneAtOnce(requests);
          handOver(bundle(FORWARD), requests);
        }
        requests.close();
        assertEquals("requests that failed", List.of(), List.copyOf(requests.failures()));
        assertTrue("requests were answered", requests.answered() > 1_000);
      }
      assertEquals(LinkState.up, links.link("b").orElseThrow().state());
      assertEquals("links that came up", before, (long) links.counters().get("links_up"));
    }
  }

  private static void swap(Bundle bundle, Requests requests) throws BundleException, IOException {
    bundle.stop();
    awaitMore(requests);
    bundle.start();
    awaitMore(requests);
    try (InputStream jar = URI.create(bundle.getLocation().replaceFirst("^reference:", "")).toURL().openStream()) {
      bundle.update(jar);
    }
    awaitMore(requests);
    assertEquals(bundle + " after the swap", Bundle.ACTIVE, bundle.getState());
  }

  /** What it has open waits ten seconds for the next version, so nothing waits for anything here while there is none. */
  private static void handOver(Bundle bundle, Requests requests) throws BundleException, IOException {
    bundle.stop();
    bundle.start();
    awaitMore(requests);
    try (InputStream jar = URI.create(bundle.getLocation().replaceFirst("^reference:", "")).toURL().openStream()) {
      bundle.update(jar);
    }
    awaitMore(requests);
    assertEquals(bundle + " after the swap", Bundle.ACTIVE, bundle.getState());
  }

  private void bothGoneAtOnce(Requests requests) throws BundleException {
    for (String name : SWAPPED) {
      bundle(name).stop();
    }
    awaitMore(requests);
    for (String name : SWAPPED) {
      bundle(name).start();
    }
    awaitMore(requests);
  }

  private boolean answers() {
    try (Socket socket = new Socket("127.0.0.1", Integer.getInteger("it.forward.port"))) {
      socket.getOutputStream().write(7);
      return socket.getInputStream().read() == 7;
    } catch (IOException e) {
      return false; // the peer is still starting
    }
  }

  private static void awaitMore(Requests requests) {
    long now = requests.answered();
    Await.until("more answers; failed so far: " + requests.failures(), LONG, () -> requests.answered() > now + 50);
  }

  private Bundle bundle(String name) {
    return Arrays.stream(context.getBundles()).filter(b -> name.equals(b.getSymbolicName())).findFirst().orElseThrow();
  }
}
