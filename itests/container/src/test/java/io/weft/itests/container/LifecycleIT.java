package io.weft.itests.container;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsStatus;
import io.weft.link.LinkState;
import io.weft.link.Links;
import io.weft.node.ListenerSource;
import io.weft.node.Node;
import io.weft.node.NodeState;
import io.weft.relay.RelayServer;
import io.weft.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.ExamFactory;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.nat.internal.NativeTestContainerFactory;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Each of our bundles is stopped and started twice in a node that works: it must work again, and nothing may be left over. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
@ExamFactory(NativeTestContainerFactory.class)
public class LifecycleIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int CYCLES = 2;

  /** Longer than links of a transport that was updated go on: until the last stream on them is over, such as one between members of a store. */
  private static final Duration LEFT = Duration.ofSeconds(90);

  @Inject
  private BundleContext context;

  @Configuration
  public Option[] configuration() {
    return Containers.nodeWithPeerAndStore();
  }

  @Test
  public void twoCyclesLeaveNothingBehind() throws Exception {
    awaitWorking();
    assertTrue("enough bundles of ours: " + ours(), ours().size() >= 8);
    for (Bundle bundle : ours()) {
      cycle(bundle); // what is loaded only once, such as native libraries, is there from now on
    }
    Map<String, Integer> before = settled();
    List<String> problems = new ArrayList<>();
    for (Bundle bundle : ours()) {
      for (int i = 0; i < CYCLES; i++) {
        cycle(bundle);
      }
      try {
        Await.until("no more than before", LEFT, () -> difference(before, held()).isEmpty());
      } catch (AssertionError e) {
        problems.add(bundle.getSymbolicName() + " left " + difference(before, held()));
      }
    }
    assertEquals("left behind", List.of(), problems);
  }

  private void cycle(Bundle bundle) throws Exception {
    bundle.stop();
    assertNull("services of " + bundle + " after it stopped", bundle.getRegisteredServices());
    bundle.start();
    awaitWorking();
  }

  private List<Bundle> ours() {
    return Arrays.stream(context.getBundles())
        .filter(b -> b.getSymbolicName().startsWith("io.weft.") && !b.getSymbolicName().startsWith("io.weft.itests"))
        .filter(b -> b.getState() == Bundle.ACTIVE)
        .toList();
  }

  /** Ready, with its link, a relay and a broker for others, and a store for which both nodes are needed. */
  private void awaitWorking() {
    Await.until("the node to be ready", LONG, () -> service(Node.class, node -> node.state() == NodeState.ready));
    Await.until("the relay", LONG, () -> service(RelayServer.class, relay -> !relay.status().listeners().isEmpty()));
    Await.until("the broker", LONG, this::brokerListens);
    Await.until("the link", LONG, () -> service(Links.class, links -> links.link("b").map(l -> l.state() == LinkState.up).orElse(false)));
    Await.until("the store", LONG, () -> service(Dcs.class, LifecycleIT::serves));
  }

  private static boolean serves(Dcs dcs) {
    try {
      return dcs.status().toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS).state() == DcsStatus.State.SERVING;
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the store says nothing of itself", e);
    }
  }

  private boolean brokerListens() throws InvalidSyntaxException {
    for (ServiceReference<ListenerSource> reference : context.getServiceReferences(ListenerSource.class, null)) {
      ListenerSource source = context.getService(reference);
      try {
        if (source != null && source.listeners().stream().anyMatch(listener -> listener.role().equals("signaling"))) {
          return true;
        }
      } finally {
        context.ungetService(reference);
      }
    }
    return false;
  }

  private <T> boolean service(Class<T> type, java.util.function.Predicate<T> test) {
    ServiceReference<T> reference = context.getServiceReference(type);
    T service = reference == null ? null : context.getService(reference);
    if (service == null) {
      return false;
    }
    try {
      return test.test(service);
    } finally {
      context.ungetService(reference);
    }
  }

  /** What is held when it no longer changes. */
  private Map<String, Integer> settled() throws Exception {
    List<Map<String, Integer>> seen = new ArrayList<>();
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    Await.until("the node to settle", LONG, () -> {
      Map<String, Integer> now = held();
      if (!seen.isEmpty() && !seen.get(seen.size() - 1).equals(now)) {
        seen.clear();
      }
      seen.add(now);
      return seen.size() > 50 && System.nanoTime() > end;
    });
    return seen.get(0);
  }

  /** Threads by name without their numbers, open descriptors by kind, services by type. */
  private Map<String, Integer> held() throws IOException, InvalidSyntaxException {
    Map<String, Integer> counts = new TreeMap<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      String name = thread.getName();
      if (name.startsWith("weft")) {
        counts.merge("thread " + name.replaceAll("\\d+", "N"), 1, Integer::sum);
      } else if (name.contains("StateMachineUpdater")) { // each server of Ratis has one, whoever leads
        counts.merge("thread of a Raft server", 1, Integer::sum);
      }
    }
    try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
      for (Path fd : fds.toList()) {
        String target = Files.isSymbolicLink(fd) ? Files.readSymbolicLink(fd).toString() : "";
        if (target.startsWith("socket:") || target.startsWith("anon_inode:")) {
          counts.merge("descriptor " + target.replaceAll(":\\[\\d+]", ""), 1, Integer::sum);
        }
      }
    }
    for (ServiceReference<?> reference : context.getAllServiceReferences(null, null)) {
      if (reference.getBundle() != null && reference.getBundle().getSymbolicName().startsWith("io.weft.")) {
        counts.merge("service " + ((String[]) reference.getProperty(Constants.OBJECTCLASS))[0], 1, Integer::sum);
      }
    }
    return counts;
  }

  /** What there is more of than before; of services, also less. Threads and sockets that work only now and then may have ended. */
  private static Map<String, Integer> difference(Map<String, Integer> before, Map<String, Integer> after) {
    Map<String, Integer> difference = new TreeMap<>(after);
    before.forEach((key, count) -> difference.merge(key, -count, Integer::sum));
    difference.entrySet().removeIf(e -> e.getValue() == 0 || e.getValue() < 0 && !e.getKey().startsWith("service "));
    return difference;
  }
}
