package io.weft.node.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigRulesTest {

  private static final String SELF = "fabric: demo\nnode: {name: a, vip: 1}\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`[{name: b}, {name: b}]` | [1].name: the peer 'b' is listed twice, first in line 3; keep one entry",
        "`[{name: a}]` | [0].name: is this node itself; list only the others",
        "`[{name: B}]` | [0].name: 'B' is not a peer name; use 1 to 63 of a-z, 0-9 and '-', with no '-' at either end",
        "`[{name: \"\"}]` | [0].name: '' is not a peer name; use 1 to 63 of a-z, 0-9 and '-', with no '-' at either end",
        "`[{addresses: []}]` | [0].name: is missing; add it",
        "`[{name: b, vip: 0}]` | [0].vip: must be 1 to 254, but is '0'; choose a number in that range, or remove the key for "
            + "none",
        "`[{name: b, vip: 255}]` | [0].vip: must be 0 to 254, but is '255'; choose a number in that range",
        "`[{name: b, vip: -1}]` | [0].vip: must be 0 to 254, but is '-1'; choose a number in that range",
        "`[{name: b, vip: 2}, {name: c, vip: 2}]` | [1].vip: is 2, which is that of peer b already; give each its own",
        "`[{name: b, vip: 1}]` | [0].vip: is 1, which is that of this node already; give each its own",
        "`[{name: b, addresses: [\"192.0.2.7:0\"]}]`"
            + " | [0].addresses: '192.0.2.7:0': the port is not a number from 1 to 65535; correct it",
        "`[{name: b, addresses: [\"192.0.2.7:65536\"]}]`"
            + " | [0].addresses: '192.0.2.7:65536': the port is not a number from 1 to 65535; correct it",
        "`[{name: b, addresses: [\"b.example.org:7450\"]}]`"
            + " | [0].addresses: 'b.example.org:7450' has a name where an IP address is needed; for names use the section "
                + "discovery.basic.dns",
        "`[{name: b, addresses: [\"192.0.2.7:1\", \"192.0.2.7:1\"]}]` | [0].addresses: '192.0.2.7:1' is listed twice; keep one",
        "`[{name: b, labels: {\"\": x}}]`"
            + " | [0].labels: '=x' is not a label; write key: value, the key of letters, digits and ._/-, the value up to 128 "
                + "characters",
        "`[{name: b, labels: [\"a=1\", \"a=2\"]}]` | [0].labels: has the label 'a' twice; keep one",
      })
  void peers(String peers, String problem) {
    assertThat(TestSchema.model(SELF + "peers: " + peers).problems())
        .extracting(p -> p.at("weft.yaml"))
        .containsExactly("weft.yaml:3: peers" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`{service: pg, tcp: \"127.0.0.1:1\", udp: \"127.0.0.1:1\", allow: [b]}`"
            + " | [0].udp: comes with 'tcp' in one entry; write an entry for each",
        "`{service: pg, allow: [b]}` | [0]: does not say where the service is; add tcp, udp or http with host:port",
        "`{service: PG, tcp: \"127.0.0.1:1\", allow: [b]}`"
            + " | [0].service: 'PG' is not a service name; use 1 to 63 of a-z, 0-9 and '-', with no '-' at either end",
        "`{tcp: \"127.0.0.1:1\", allow: [b]}` | [0].service: is missing; add it",
        "`{service: pg, tcp: \"127.0.0.1\", allow: [b]}`"
            + " | [0].tcp: '127.0.0.1': expected host:port such as 192.0.2.7:7450 or [2001:db8::7]:7450; correct it",
        "`{service: pg, tcp: \"db.example.org:1\", allow: [b]}`"
            + " | [0].tcp: 'db.example.org:1' has a name where an IP address is needed; write one such as 127.0.0.1:1",
        "`{service: pg, tcp: \"service:1\", allow: [b]}`"
            + " | [0].tcp: needs a number for the address of the service; add vip: 1 to 254 to this entry",
        "`{service: pg, tcp: \"peer:1\", allow: [b]}`"
            + " | [0].tcp: is an address of a peer; a service is exposed where it runs, so write an address of this side",
        "`{service: pg, tcp: \"127.0.0.1:1\", allow: [b, b]}` | [0].allow: 'b' is listed twice; keep one",
        "`{service: pg, tcp: \"127.0.0.1:1\", allow: [zebra]}`"
            + " | [0].allow: 'zebra' is not in the section peers; list it there, or remove it here; '*' allows every member",
        "`{service: pg, tcp: \"127.0.0.1:1\", allow: [\"b c\"]}`"
            + " | [0].allow: 'b c' is no peer name; use 1 to 63 of a-z, 0-9 and '-'",
        "`{service: pg, tcp: \"127.0.0.1:1\", allow: [b]}, {service: pg, http: \"127.0.0.1:2\", allow: [b]}`"
            + " | [1].service: the service 'pg' is exposed twice over tcp, first in line 4; keep one entry",
        "`{service: pg, tcp: \"127.0.0.1:1\", allow: [b], vip: 5}, {service: web, http: \"127.0.0.1:2\", allow: [b], vip: 5}`"
            + " | [1].vip: is 5, which is that of service pg already; give each service its own",
      })
  void exposed(String entries, String problem) {
    assertThat(TestSchema.problems("expose: [" + entries + "]")).containsExactly("weft.yaml:4: expose" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`{service: pg, at: zebra, tcp: \"127.0.0.1:1\"}`"
            + " | [0].at: 'zebra' is not in the section peers; list it there, or write 'any'",
        "`{service: pg, at: a, tcp: \"127.0.0.1:1\"}` | [0].at: is this node itself; name a peer, or write 'any'",
        "`{service: pg, at: b}` | [0]: does not say where to listen; add tcp, udp or http with host:port",
        "`{service: pg, at: b, tcp: \"127.0.0.1:70000\"}`"
            + " | [0].tcp: '127.0.0.1:70000': the port is not a number from 1 to 65535; correct it",
        "`{service: pg, at: b, tcp: \"db.example.org:1\"}`"
            + " | [0].tcp: 'db.example.org:1' has a name where an IP address is needed; write an address of this machine, "
                + "peer:PORT or"
            + " service:PORT",
        "`{service: pg, at: b, tcp: \"peer:1\"}`"
            + " | [0].tcp: needs a number for the address of b; add vip: 1 to 254 to that peer, the same on all nodes",
        "`{service: pg, tcp: \"peer:1\"}` | [0].tcp: needs the address of one peer, but 'at' is 'any'; name the peer there",
        "`{service: pg, tcp: \"service:1\"}`"
            + " | [0].tcp: needs a number for the address of the service; add vip: 1 to 254 to this entry",
        "`{service: pg, tcp: \"127.0.0.1:1\"}, {service: web, http: \"127.0.0.1:1\"}`"
            + " | [1].http: tcp port 1 of 127.0.0.1 is taken by forward[0].tcp in line 4; choose another",
        "`{service: pg, tcp: \"0.0.0.0:1\"}, {service: web, http: \"127.0.0.1:1\"}`"
            + " | [1].http: tcp port 1 of 127.0.0.1 is taken by forward[0].tcp in line 4; choose another",
        "`{service: pg, tcp: \"service:1\", vip: 5}, {service: web, tcp: \"127.10.0.5:1\"}`"
            + " | [1].tcp: tcp port 1 of 127.10.0.5 is taken by forward[0].tcp in line 4; choose another",
        "`{service: dns, udp: \"127.0.0.1:7450\"}`"
            + " | [0].udp: udp port 7450 of 127.0.0.1 is taken by transport.quic.listen in line 5; choose another",
      })
  void forwards(String entries, String problem) {
    assertThat(TestSchema.problems("forward: [" + entries + "]\ntransport.quic: {listen: \"0.0.0.0:7450\"}"))
        .containsExactly("weft.yaml:4: forward" + problem);
  }

  @Test
  void goodOnesAreGood() {
    assertThat(
            TestSchema.model(
                """
                fabric: demo
                node: {name: a, vip: 1}
                peers: [{name: b, vip: 2}]
                transport.quic: {listen: "[::]:0"}
                expose: [{service: pg, tcp: "service:5432", vip: 9, allow: ["*"]}, {service: pg, udp: "localhost:5432", allow: [b]}]
                forward:
                  - {service: pg, at: b, tcp: "peer:5432"}
                  - {service: pg, tcp: "service:5432", vip: 9}
                  - {service: web, http: "localhost:80"}
                  - {service: dns, udp: "127.0.0.1:80"}
                """)
                .problems())
        .isEmpty();
  }

  @Test
  void peersThatAreDiscoveredMayBeNamed() {
    String yaml = "expose: [{service: pg, tcp: \"127.0.0.1:1\", allow: [d]}]\n";
    assertThat(TestSchema.problems(yaml + "discovery.basic.dns: [{peer: d, host: d.example.org}]\n")).isEmpty();

    ConfigModel open = TestSchema.model("fabric: demo\nnode: {name: a}\n" + yaml + "discovery.lan: {enabled: true}\n");
    assertThat(open.problems()).isEmpty();
    assertThat(open.warnings())
        .extracting(w -> w.at("weft.yaml"))
        .containsExactly("weft.yaml:3: expose[0].allow: 'd' is not in the section peers; it counts once it is discovered");
  }

  @Test
  void aServiceThatNobodyMayUseIsNoted() {
    assertThat(TestSchema.model("fabric: demo\nnode: {name: a}\nexpose: [{service: pg, tcp: \"127.0.0.1:1\"}]\n").warnings())
        .extracting(w -> w.at("weft.yaml"))
        .containsExactly("weft.yaml:3: expose[0].allow: is empty, so nobody may use this service; list the peers that may");
  }

  @Test
  void log() {
    assertThat(TestSchema.problems("log: {format: json, levels: {io.weft.mesh: debug, root: warn}}")).isEmpty();
    assertThat(TestSchema.problems("log: {format: xml}"))
        .containsExactly("weft.yaml:4: log.format: must be one of text, json, but is 'xml'; choose one of them");
    assertThat(TestSchema.problems("log: {levels: {io.weft.mesh: loud}}"))
        .containsExactly("weft.yaml:4: log.levels: 'io.weft.mesh=loud' is not the level of a logger; write {io.weft.mesh: debug}, the level "
            + "one of error, warn, info, debug, trace");
  }
}
