package io.weft.node.core.succession;

import io.weft.node.Registration;
import io.weft.node.Succession;
import io.weft.node.core.succession.Estates.Owner;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** The succession of the bundle that uses it: the framework says which one that is. */
@Component(name = "weft.node.succession", service = Succession.class, scope = ServiceScope.BUNDLE)
public final class BundleSuccession implements Succession {

  private final Estates estates;
  private final Bundle user;
  private final BundleContext framework;

  @Activate
  public BundleSuccession(ComponentContext context, @Reference Estates estates) {
    this.estates = estates;
    this.user = context.getUsingBundle();
    this.framework = context.getBundleContext();
  }

  @Override
  public Optional<Registration> leave(Estate estate) {
    boolean stops = user.getState() == Bundle.STOPPING;
    boolean allStops = framework.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.STOPPING;
    return stops && !allStops ? estates.leave(owner(), estate) : Optional.empty();
  }

  @Override
  public Optional<Estate> claim() {
    return estates.claim(owner());
  }

  private Owner owner() {
    return new Owner(user.getBundleId(), String.valueOf(user.getSymbolicName()));
  }
}
