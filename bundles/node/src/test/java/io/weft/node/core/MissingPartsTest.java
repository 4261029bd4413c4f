package io.weft.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

class MissingPartsTest {

  private final List<Bundle> bundles = new ArrayList<>();
  private final List<ComponentConfigurationDTO> components = new ArrayList<>();
  private final Set<Long> refused = new HashSet<>();
  private int frameworkState = Bundle.ACTIVE;
  private MissingParts parts;

  @BeforeEach
  void prepare() {
    BundleContext context =
        proxy(BundleContext.class, (proxy, method, args) ->
            switch (method.getName()) {
              case "getBundle" -> args[0].equals(0L) ? bundle("framework", frameworkState, true)
                  : bundles.stream().filter(b -> args[0].equals(b.getBundleId())).findFirst().orElse(null);
              case "getBundles" -> bundles.toArray(Bundle[]::new);
              case "getServiceReferences" -> List.of(proxy(ServiceReference.class, (p, m, a) -> "a reference"));
              case "getService" -> (LongFunction<String>) id -> refused.contains(id) ? "it is not signed" : "";
              default -> throw new UnsupportedOperationException(method.toString());
            });
    ServiceComponentRuntime runtime =
        proxy(ServiceComponentRuntime.class, (proxy, method, args) ->
            switch (method.getName()) {
              case "getComponentDescriptionDTOs" -> components.stream().map(c -> c.description).toList();
              case "getComponentConfigurationDTOs" -> components.stream().filter(c -> c.description == args[0]).toList();
              default -> throw new UnsupportedOperationException(method.toString());
            });
    parts = new MissingParts(context, runtime);
  }

  @Test
  void nothingIsMissingWhenAllThatIsWantedIsThere() {
    bundles.add(bundle("io.weft.mesh", Bundle.ACTIVE, true));
    bundles.add(bundle("stopped.by.the.operator", Bundle.RESOLVED, false));
    component("weft.mesh", ComponentConfigurationDTO.ACTIVE, "weft.mesh");
    component("weft.directory", ComponentConfigurationDTO.SATISFIED, null);
    component("weft.discovery.basic.dns", ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION, null);
    component("com.example.optional", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, null);

    assertThat(parts.find(Set.of("weft.mesh"))).isEmpty();
  }

  @Test
  void aFrameworkOrBundleThatStillStartsIsNamed() {
    frameworkState = Bundle.STARTING;
    bundles.add(bundle("io.weft.mesh", Bundle.INSTALLED, true));

    assertThat(parts.find(Set.of())).containsExactly("the framework is starting", "bundle io.weft.mesh did not start");
  }

  @Test
  void whatMayNotRunIsNotWaitedFor() {
    bundles.add(bundle("com.acme.unsigned", Bundle.INSTALLED, true));
    assertThat(parts.find(Set.of())).containsExactly("bundle com.acme.unsigned did not start");
    refused.add((long) "com.acme.unsigned".length());
    assertThat(parts.find(Set.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plugin:", "deploy:"})
  void aBadPluginDoesNotHoldUpTheNode(String where) {
    Bundle plugin = bundle("com.acme.bad", where + "bad", Bundle.RESOLVED, true);
    bundles.add(plugin);
    ComponentConfigurationDTO component = component("weft.like.ours", ComponentConfigurationDTO.FAILED_ACTIVATION, "com.acme.bad");
    component.description.bundle.id = plugin.getBundleId();
    component.failure = "java.lang.IllegalStateException: no";

    assertThat(parts.find(Set.of())).isEmpty();
    assertThat(parts.find(Set.of("com.acme.bad"))).as("but what is configured is meant to be there")
        .containsExactly("weft.like.ours failed: java.lang.IllegalStateException: no");
  }

  @Test
  void aComponentThatWaitsOrFailedIsNamedWithTheReason() {
    component("weft.mesh", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, null).unsatisfiedReferences =
        new UnsatisfiedReferenceDTO[] {reference("identity")};
    component("weft.forward", ComponentConfigurationDTO.FAILED_ACTIVATION, null).failure = "java.io.IOException: no\n\tat x";
    component("com.example.x", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "com.example.x").unsatisfiedReferences =
        new UnsatisfiedReferenceDTO[] {reference("dcs")};

    assertThat(parts.find(Set.of("com.example.x")))
        .containsExactly("weft.mesh waits for identity", "weft.forward failed: java.io.IOException: no", "com.example.x waits for dcs");
  }

  @Test
  void aConfigurationThatNobodyTookYetIsNamed() {
    component("weft.discovery.basic.static", ComponentConfigurationDTO.ACTIVE, "weft.discovery.basic.static~b");

    assertThat(parts.find(Set.of("weft.discovery.basic.static~b", "weft.discovery.basic.static~c")))
        .containsExactly("nobody takes the configuration of weft.discovery.basic.static~c");
  }

  private ComponentConfigurationDTO component(String name, int state, String pid) {
    ComponentConfigurationDTO component = new ComponentConfigurationDTO();
    component.description = new ComponentDescriptionDTO();
    component.description.name = name;
    component.description.bundle = new BundleDTO();
    component.state = state;
    component.properties = pid == null ? Map.of() : Map.of("service.pid", pid);
    component.unsatisfiedReferences = new UnsatisfiedReferenceDTO[0];
    components.add(component);
    return component;
  }

  private static UnsatisfiedReferenceDTO reference(String name) {
    UnsatisfiedReferenceDTO reference = new UnsatisfiedReferenceDTO();
    reference.name = name;
    return reference;
  }

  private static Bundle bundle(String name, int state, boolean wanted) {
    return bundle(name, "file:" + name, state, wanted);
  }

  private static Bundle bundle(String name, String location, int state, boolean wanted) {
    Dictionary<String, String> headers = new Hashtable<>();
    BundleStartLevel level =
        proxy(BundleStartLevel.class, (proxy, method, args) ->
            switch (method.getName()) {
              case "isPersistentlyStarted" -> wanted;
              case "isActivationPolicyUsed" -> true;
              default -> throw new UnsupportedOperationException(method.toString());
            });
    return proxy(Bundle.class, (proxy, method, args) ->
        switch (method.getName()) {
          case "getState" -> state;
          case "getLocation" -> location;
          case "getHeaders" -> headers;
          case "getSymbolicName" -> name;
          case "getBundleId" -> (long) name.length();
          case "adapt" -> level;
          default -> throw new UnsupportedOperationException(method.toString());
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
