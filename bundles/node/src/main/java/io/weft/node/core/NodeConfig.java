package io.weft.node.core;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The sections {@code fabric}, {@code node} and {@code identity} of {@code weft.yaml}. */
@ObjectClassDefinition(name = "Weft: node", description = "Who this node is.")
public @interface NodeConfig {

  @AttributeDefinition(description =
      "The fabric (trust domain) that this node belongs to; the same on all its nodes. Applies after a restart.")
  String fabric();

  @AttributeDefinition(description = "Name of this node, unique in the fabric. Applies after a restart.")
  String node_name();

  @AttributeDefinition(
      description = "What others should know about this node, such as site, area and nat_group; at most 32. Applies at once.",
      required = false)
  String[] node_labels() default {};

  @AttributeDefinition(
      description =
          "The number that other nodes give this one as vip among their peers, 1 to 254, or 0 for none. Only needed so that all "
              + "nodes compute"
              + " the same shared digest. Applies after a restart.",
      min = "0",
      max = "254")
  int node_vip() default 0;

  @AttributeDefinition(
      description =
          "Where the formation secret is, from which the keys of all nodes of the fabric follow; at least 16 bytes, the same on "
              + "all nodes."
              + " Applies after a restart.",
      type = AttributeType.PASSWORD)
  String identity_formation() default "secret:file/formation";
}
