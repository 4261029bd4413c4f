package io.weft.path.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.path.CandidateKind;
import io.weft.path.NatKind;
import io.weft.path.ice.CandidateFilter.PrivateAddresses;
import io.weft.path.ice.check.Checker.Base;
import io.weft.path.ice.check.Credentials;
import io.weft.path.ice.check.RemoteAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CandidateFilterTest {

  private static final Set<InetSocketAddress> OWN = Set.of(at("198.51.100.7", 7450));

  private final CandidateFilter filter = new CandidateFilter(false, PrivateAddresses.scoped);

  private static InetSocketAddress at(String ip, int port) {
    return new InetSocketAddress(ip, port);
  }

  @ParameterizedTest
  @CsvSource({
      "127.0.0.1, loopback", "127.9.9.9, loopback", "::1, loopback", "0.0.0.0, not_unicast", "::, not_unicast", "224.0.0.1, not_unicast",
      "ff02::1, not_unicast", "255.255.255.255, not_unicast", "240.0.0.1, not_unicast", "169.254.169.254, link_local",
      "169.254.1.1, link_local", "fe80::1, link_local", "fec0::1, disguised", "64:ff9b::7f00:1, disguised", "2002:7f00:1::1, disguised",
      "2001:0:1::1, disguised", "0.1.2.3, loopback", "100.100.100.200, metadata", "fd00:ec2::254, metadata", "192.168.1.9, other_scope",
      "10.1.2.3, other_scope", "172.31.255.1, other_scope", "100.64.0.1, other_scope", "fd12::1, other_scope", "203.0.113.9, ''",
      "172.32.0.1, ''", "2001:db8::9, ''", "198.51.100.7, own"})
  void refuses(String ip, String why) {
    assertThat(filter.refusal(at(ip, 7450), OWN, false)).isEqualTo(why);
  }

  /** The JDK makes an IPv4 address of what looks like one in IPv6 clothes, so that what is under them counts. */
  @Test
  void looksUnderTheClothes() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    mapped[12] = 127;
    mapped[15] = 1;
    assertThat(filter.refusal(new InetSocketAddress(InetAddress.getByAddress(mapped), 7450), OWN, true)).isEqualTo("loopback");
    byte[] compatible = new byte[16];
    compatible[12] = 10;
    compatible[15] = 1;
    assertThat(filter.refusal(new InetSocketAddress(InetAddress.getByAddress(compatible), 7450), OWN, true)).isEqualTo("disguised");
  }

  @Test
  void leavesWellKnownPortsAlone() {
    assertThat(filter.refusal(at("203.0.113.9", 53), OWN, true)).isEqualTo("low_port");
  }

  @Test
  void goesByTheScopeAndTheConfiguration() {
    InetSocketAddress inside = at("10.1.2.3", 7450);
    assertThat(filter.refusal(inside, OWN, true)).isEmpty();
    assertThat(new CandidateFilter(false, PrivateAddresses.all).refusal(inside, OWN, false)).isEmpty();
    assertThat(new CandidateFilter(false, PrivateAddresses.none).refusal(inside, OWN, true)).isEqualTo("other_scope");
    assertThat(new CandidateFilter(true, PrivateAddresses.scoped).refusal(at("127.0.0.1", 7450), OWN, false)).isEmpty();
  }

  @Test
  void labelsDecideFirst() {
    assertThat(Scope.byLabels(Map.of("site", "x", "nat_group", "g"), description("x", "h"))).isEqualTo(Scope.other);
    assertThat(Scope.byLabels(Map.of("site", "x"), description("x", "h"))).isEqualTo(Scope.same);
    assertThat(Scope.byLabels(Map.of("site", "x"), description("y", ""))).isEqualTo(Scope.other);
    assertThat(Scope.byLabels(Map.of(), description("y", "g"))).isEqualTo(Scope.unknown);
  }

  @Test
  void whoeverIsSeenAtTheSameAddressIsBehindTheSameNat() {
    List<RemoteAddress> ours = List.of(new RemoteAddress(CandidateKind.srflx, at("203.0.113.1", 1111), 1));
    assertThat(Scope.byPublicAddress(ours, List.of(new RemoteAddress(CandidateKind.srflx, at("203.0.113.1", 2222), 1)))).isEqualTo(Scope.same);
    assertThat(Scope.byPublicAddress(ours, List.of(new RemoteAddress(CandidateKind.srflx, at("203.0.113.2", 1111), 1)))).isEqualTo(Scope.other);
    assertThat(Scope.byPublicAddress(ours, List.of(new RemoteAddress(CandidateKind.host, at("10.0.0.2", 1111), 1)))).isEqualTo(Scope.unknown);
    assertThat(Scope.isNear(new RemoteAddress(CandidateKind.host, at("10.0.0.2", 1), 1), List.of(new Base(at("10.0.0.9", 2))))).isTrue();
    assertThat(Scope.isNear(new RemoteAddress(CandidateKind.host, at("10.0.1.2", 1), 1), List.of(new Base(at("10.0.0.9", 2))))).isFalse();
  }

  private static Description description(String site, String group) {
    return new Description(Credentials.draw(new Random(1)), 1, 0, 0, site, group, "", NatKind.unknown);
  }
}
