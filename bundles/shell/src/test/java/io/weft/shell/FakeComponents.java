package io.weft.shell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.Promises;

/** Three components: one runs, one waits for a service, one has no configuration. */
public final class FakeComponents implements ServiceComponentRuntime {

  private final List<ComponentDescriptionDTO> descriptions = new ArrayList<>();

  FakeComponents() {
    for (String name : List.of("weft.directory", "weft.mesh", "weft.forward.expose")) {
      ComponentDescriptionDTO d = new ComponentDescriptionDTO();
      d.name = name;
      d.bundle = new BundleDTO();
      d.bundle.symbolicName = "io." + name.replace(".expose", "");
      d.implementationClass = "Some";
      d.serviceInterfaces = new String[] {"io.weft.Some"};
      d.configurationPid = new String[] {name};
      d.configurationPolicy = "optional";
      ReferenceDTO r = new ReferenceDTO();
      r.name = "timers";
      r.interfaceName = "io.weft.node.Timers";
      r.cardinality = "1..1";
      r.policy = "static";
      d.references = new ReferenceDTO[] {r};
      descriptions.add(d);
    }
  }

  @Override
  public Collection<ComponentDescriptionDTO> getComponentDescriptionDTOs(Bundle... bundles) {
    return descriptions;
  }

  @Override
  public ComponentDescriptionDTO getComponentDescriptionDTO(Bundle bundle, String name) {
    return descriptions.stream().filter(d -> d.name.equals(name)).findFirst().orElse(null);
  }

  @Override
  public Collection<ComponentConfigurationDTO> getComponentConfigurationDTOs(ComponentDescriptionDTO description) {
    ComponentConfigurationDTO c = new ComponentConfigurationDTO();
    c.description = description;
    c.state = ComponentConfigurationDTO.ACTIVE;
    if (description.name.equals("weft.forward.expose")) {
      return List.of();
    }
    if (description.name.equals("weft.mesh")) {
      c.state = ComponentConfigurationDTO.UNSATISFIED_REFERENCE;
      UnsatisfiedReferenceDTO u = new UnsatisfiedReferenceDTO();
      u.name = "timers";
      u.target = "(kind=wheel)";
      c.unsatisfiedReferences = new UnsatisfiedReferenceDTO[] {u};
    }
    return List.of(c);
  }

  @Override
  public boolean isComponentEnabled(ComponentDescriptionDTO description) {
    return true;
  }

  @Override
  public Promise<Void> enableComponent(ComponentDescriptionDTO description) {
    return Promises.resolved(null);
  }

  @Override
  public Promise<Void> disableComponent(ComponentDescriptionDTO description) {
    return Promises.resolved(null);
  }
}
