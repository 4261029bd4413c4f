package io.weft.channel;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The access rules of this node. Any thread; does not block. */
@ProviderType
public interface AccessRules {

  /** Every service exposed here with who may use it. What is not listed is refused. */
  List<ExposedService> rules();

  /** What would be decided now; opens nothing. The peer need not exist. */
  AccessDecision test(String peer, String service, ChannelKind kind);
}
