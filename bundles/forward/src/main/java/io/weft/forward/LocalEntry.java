package io.weft.forward;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** One entry of the section {@code forward}. */
@Component(name = "weft.forward.local", service = {}, immediate = true, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = LocalConfig.class, factory = true)
public final class LocalEntry {

  private final SplicedForwards forwards;
  private final LocalForward local;

  @Activate
  public LocalEntry(LocalConfig config, @Reference SplicedForwards forwards) {
    this.forwards = forwards;
    this.local = forwards.open(LocalSpec.of(config));
  }

  @Deactivate
  void close() {
    forwards.close(local);
  }
}
