package io.weft.mesh;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Weft: mesh.io", description = "The threads that move bytes.")
@interface MeshIoConfig {

  @AttributeDefinition(description = "Event loops, each a thread; a link stays on one. A change restarts all links. Applies at once.")
  int threads() default 1;

  @AttributeDefinition(description = "Use epoll where there is one, rather than NIO. A change restarts all links. Applies at once.")
  boolean epoll() default true;
}
