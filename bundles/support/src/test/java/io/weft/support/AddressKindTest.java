package io.weft.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AddressKindTest {

  @Test
  void addressesAreOfTheirKind() throws Exception {
    Map<AddressKind, List<String>> table = Map.of(
        AddressKind.unspecified, List.of("0.0.0.0", "0.1.2.3", "::"),
        AddressKind.loopback, List.of("127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"),
        AddressKind.link_local, List.of("169.254.0.1", "fe80::1", "febf::1"),
        AddressKind.multicast, List.of("224.0.0.1", "239.255.255.255", "ff02::1"),
        AddressKind.reserved, List.of("240.0.0.1", "255.255.255.255", "192.0.0.8"),
        AddressKind.metadata, List.of("169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"),
        AddressKind.embedded, List.of("::7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1", "::ffff:0:7f00:1"),
        AddressKind.private_use, List.of("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd12::1", "fec0::1"),
        AddressKind.global, List.of("203.0.113.7", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:db8::1", "2600::1"));
    for (Map.Entry<AddressKind, List<String>> row : table.entrySet()) {
      for (String address : row.getValue()) {
        assertThat(AddressKind.of(InetAddress.getByName(address))).as(address).isEqualTo(row.getKey());
      }
    }
  }

  @Test
  void rangesAreReadStrictly() throws Exception {
    IpRange odd = IpRange.parse("10.32.0.0/11");
    assertThat(odd.contains(InetAddress.getByName("10.63.255.255"))).isTrue();
    assertThat(odd.contains(InetAddress.getByName("10.64.0.0"))).isFalse();
    assertThat(odd).hasToString("10.32.0.0/11");
    assertThat(IpRange.parse("0.0.0.0/0").contains(InetAddress.getByName("203.0.113.7"))).isTrue();
    assertThat(IpRange.parse("192.0.2.1").contains(InetAddress.getByName("192.0.2.1"))).isTrue();
    for (String no : List.of("", "10.0.0.0/33", "10.0.0/8", "fc00::/129", "x/8", "10.0.0.0/-1", "10.0.0.0/", "::ffff:10.0.0.0/104")) {
      assertThatThrownBy(() -> IpRange.parse(no)).as(no).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected");
    }
  }
}
