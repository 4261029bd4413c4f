package io.weft.node.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharedPartTest {

  private static final String A = digest("fabric: demo\nnode: {name: a}\npeers: [{name: b, vip: 2}, {name: c}]\n");

  @Test
  void isTheSameOnAllNodesThatAgree() {
    assertThat(A).hasSize(12).matches("[A-Za-z0-9_-]+").isEqualTo("H9zAcwEiFHG1");
    assertThat(digest("peers: [{name: c}, {name: a}]\nnode: {name: b, vip: 2}\nfabric: demo\n")).isEqualTo(A);
  }

  @Test
  void doesNotDependOnWhatIsLocal() {
    assertThat(
            digest(
                """
                fabric: demo
                node: {name: c, labels: {site: x}}
                peers: [{name: b, vip: 2, addresses: ["192.0.2.1:1"]}, {name: a}]
                expose: [{service: pg, tcp: "127.0.0.1:1", allow: [a]}]
                """))
        .isEqualTo(A);
  }

  @Test
  void changesWithWhatIsShared() {
    assertThat(digest("fabric: other\nnode: {name: a}\npeers: [{name: b, vip: 2}, {name: c}]\n")).isNotEqualTo(A);
    assertThat(digest("fabric: demo\nnode: {name: a}\npeers: [{name: b, vip: 3}, {name: c}]\n")).isNotEqualTo(A);
    assertThat(digest("fabric: demo\nnode: {name: a}\npeers: [{name: b, vip: 2}]\n")).isNotEqualTo(A);
  }

  private static String digest(String yaml) {
    ConfigModel model = TestSchema.model(yaml);
    assertThat(model.problems()).isEmpty();
    return model.sharedDigest();
  }
}
