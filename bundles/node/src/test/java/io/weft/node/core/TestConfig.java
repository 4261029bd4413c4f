package io.weft.node.core;

import java.lang.annotation.Annotation;
import java.util.List;

/** A configuration of the node, as Declarative Services would make it. */
public record TestConfig(String fabric, String name, List<String> labels, String formation) implements NodeConfig {

  public static TestConfig of(String name, String... labels) {
    return new TestConfig("demo", name, List.of(labels), "secret:file/formation");
  }

  @Override
  public String node_name() {
    return name;
  }

  @Override
  public String[] node_labels() {
    return labels.toArray(String[]::new);
  }

  @Override
  public int node_vip() {
    return 0;
  }

  @Override
  public String identity_formation() {
    return formation;
  }

  @Override
  public Class<? extends Annotation> annotationType() {
    return NodeConfig.class;
  }
}
