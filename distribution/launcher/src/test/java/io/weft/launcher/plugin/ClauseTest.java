package io.weft.launcher.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.support.manifest.Clause;
import io.weft.testkit.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClauseTest {

  private static final String HEADER = "io.weft.node;version=\"[1.0,2)\",org.slf4j;org.slf4j.spi;version=2.0;resolution:=optional,"
      + "osgi.service;objectClass:List<String>=\"io.weft.dcs.Dcs,io.weft.node.HealthCheck\";uses:=\"a,b\"";

  @Test
  void readsPathsAndWords() {
    List<Clause> clauses = Clause.parse(HEADER);
    assertThat(clauses).hasSize(3);
    assertThat(clauses.get(0).get("version", "")).isEqualTo("[1.0,2)");
    assertThat(clauses.get(1).paths()).containsExactly("org.slf4j", "org.slf4j.spi");
    assertThat(clauses.get(1).get("resolution:", "")).isEqualTo("optional");
    assertThat(clauses.get(2).ofAnyType("objectClass", "")).isEqualTo("io.weft.dcs.Dcs,io.weft.node.HealthCheck");
    assertThat(Clause.parse(null)).isEmpty();
  }

  @Test
  void strangeHeadersAreClausesToo() {
    new Fuzz(5, List.of(HEADER.getBytes(StandardCharsets.UTF_8)), 400)
        .run(100_000, IOException.class, bytes -> Clause.parse(new String(bytes, StandardCharsets.UTF_8)));
  }
}
