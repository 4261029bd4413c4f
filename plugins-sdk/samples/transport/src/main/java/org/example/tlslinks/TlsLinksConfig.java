package org.example.tlslinks;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code tls-links} of weft.yaml. */
@ObjectClassDefinition(name = "TLS links", description = "Links over TCP with TLS, where UDP does not get through.")
@interface TlsLinksConfig {

  @AttributeDefinition(description = "Where nodes are reached over TCP, the same on all of them: entries NAME=IP:PORT. A node listens at its own "
      + "entry; one that has none only calls others. Applies to new links.")
  String[] nodes();

  @AttributeDefinition(
      required = false,
      description = "Where this node listens, IP:PORT, if that is not its entry in nodes, such as 0.0.0.0:7460 behind a router that forwards. Applies at once.")
  String listen() default "";

  @AttributeDefinition(description = "Which ways to a peer are tried first: above 0, this one before UDP; below 0, this one if UDP leads nowhere. "
      + "Applies to new links.")
  int service_ranking() default -10;
}
