package org.example.someplugin;

import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;

import io.weft.testkit.exam.ExamNode;
import java.util.Arrays;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The jar inside a framework, in a node: it resolves, its component gets what it asks for and the configuration of {@code src/node}, and it
 * stops and starts again. This test runs in the framework, by Pax Exam, which needs JUnit 4.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SomePluginIT {

  private static final long SOON_MILLIS = 60_000;

  @Inject
  private BundleContext context;

  @Configuration
  public Option[] node() {
    return ExamNode.withPlugin();
  }

  @Test
  public void itsServiceComesAndGoesWithIt() throws Exception {
    assertNotNull("the service of the component some-plugin", service());
    Bundle bundle = Arrays.stream(context.getBundles()).filter(b -> b.getSymbolicName().endsWith(".some-plugin")).findFirst().orElseThrow();
    bundle.stop();
    assertNull("services of the bundle, when it is stopped", bundle.getRegisteredServices());
    bundle.start();
    assertNotNull("the service, when it is started again", service());
  }

  /** Asking for it makes the component, which would fail here if its constructor did. */
  private Object service() throws Exception {
    ServiceTracker<Object, Object> tracker = new ServiceTracker<>(context, context.createFilter("(component.name=some-plugin)"), null);
    tracker.open(true);
    try {
      return tracker.waitForService(SOON_MILLIS);
    } finally {
      tracker.close();
    }
  }
}
