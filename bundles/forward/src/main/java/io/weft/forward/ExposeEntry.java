package io.weft.forward;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** One entry of the section {@code expose}. */
@Component(name = "weft.forward.expose", service = {}, immediate = true, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ExposeConfig.class, factory = true)
public final class ExposeEntry {

  private final SplicedForwards forwards;
  private final Exposed exposed;

  @Activate
  public ExposeEntry(ExposeConfig config, @Reference SplicedForwards forwards) {
    this.forwards = forwards;
    this.exposed = forwards.open(ExposeSpec.of(config));
  }

  @Deactivate
  void close() {
    forwards.close(exposed);
  }
}
