package io.weft.relay.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.Transaction;
import io.weft.testkit.FakeConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where clients may have packets sent: a table of addresses, and the codes on the wire. */
class PolicyTest {

  private static final List<String> NEVER = List.of(
      "0.0.0.0", "127.0.0.1", "127.8.8.8", "169.254.169.254", "169.254.3.4", "224.0.0.1", "239.1.2.3", "255.255.255.255", "240.0.0.1",
      "100.100.100.200", "168.63.129.16", "198.51.100.10", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
      "fe80::1", "ff02::1", "fd00:ec2::254", "2001:db8::10");
  private static final List<String> PRIVATE = List.of("10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fc00::1", "fd12:3456::1");
  private static final List<String> PUBLIC = List.of("203.0.113.7", "8.8.8.8", "172.32.0.1", "2001:db8::7", "2600::1");

  private static PeerPolicy policy(Map<String, Object> settings) throws Exception {
    return PeerPolicy.of(FakeConfig.of(RelayConfig.class, settings),
        Set.of(InetAddress.getByName("198.51.100.10"), InetAddress.getByName("2001:db8::10")));
  }

  private static boolean allows(PeerPolicy policy, String address) throws Exception {
    return policy.allows(InetAddress.getByName(address));
  }

  @Test
  void onlyPublicAddressesOfOthersByDefault() throws Exception {
    PeerPolicy policy = policy(Map.of());
    for (String address : NEVER) {
      assertThat(allows(policy, address)).as(address).isFalse();
    }
    for (String address : PRIVATE) {
      assertThat(allows(policy, address)).as(address).isFalse();
    }
    for (String address : PUBLIC) {
      assertThat(allows(policy, address)).as(address).isTrue();
    }
  }

  @Test
  void privateOnesIfTheOperatorSaysSo() throws Exception {
    PeerPolicy policy = policy(Map.of("allow_private", true, "deny_ranges", new String[] {"10.0.0.0/24", "203.0.113.0/24"}));
    for (String address : NEVER) {
      assertThat(allows(policy, address)).as(address).isFalse();
    }
    assertThat(allows(policy, "10.0.1.1")).isTrue();
    assertThat(allows(policy, "fd12:3456::1")).isTrue();
    assertThat(allows(policy, "10.0.0.1")).as("denied in particular").isFalse();
    assertThat(allows(policy, "203.0.113.7")).isFalse();
    PeerPolicy some = policy(Map.of("allow_ranges", new String[] {"192.168.1.0/24"}));
    assertThat(allows(some, "192.168.1.1")).isTrue();
    assertThat(allows(some, "192.168.2.1")).isFalse();
  }

  @Test
  void theCodeOnTheWireIsForbidden() throws Exception {
    // The relay lends an address of its own that clients of the test never reach; it stands on loopback nonetheless.
    try (RelayRig rig = new RelayRig(Map.of("allow_ranges", new String[0], "external_address", "198.51.100.10")); TestClient client = TestClient.of(rig, "a")) {
      client.allocated();
      int channel = 0x4001;
      for (String address : List.of("10.0.0.1", "169.254.169.254", "224.0.0.1", "0.0.0.0", "127.0.0.2", "192.168.0.1", "255.255.255.255")) {
        InetSocketAddress peer = new InetSocketAddress(address, 4_000);
        assertThat(client.permit(peer).errorCode()).as(address).isEqualTo(403);
        assertThat(client.bind(channel, peer).errorCode()).as(address).isEqualTo(403);
      }
      assertThat(client.permit(new InetSocketAddress("203.0.113.7", 4_000)).kind()).isEqualTo(Kind.success);
      assertThat(client.bind(channel, new InetSocketAddress("203.0.113.7", 0)).errorCode()).as("no port").isEqualTo(403);
      assertThat(client.ask(Stun.CREATE_PERMISSION, w -> w.bytes(Stun.XOR_PEER_ADDRESS, new byte[7])).errorCode()).isEqualTo(400);
      assertThat(client.ask(Stun.CREATE_PERMISSION, w -> w.address(Stun.XOR_PEER_ADDRESS, new InetSocketAddress("203.0.113.8", 1))
          .address(Stun.XOR_PEER_ADDRESS, new InetSocketAddress("127.0.0.1", 1))).errorCode()).as("one of two").isEqualTo(403);
      assertThat(rig.count(Count.PEERS_FORBIDDEN)).isGreaterThanOrEqualTo(15);
    }
  }

  @Test
  void anIpv4AddressInIpv6FormIsForbidden() throws Exception {
    try (RelayRig rig = new RelayRig(); TestClient client = TestClient.of(rig, "a")) {
      client.allocated();
      // The mask is the cookie and the transaction, so the disguise has to be made for each request: with transaction zero it is plain.
      byte[] masked = HexFormat.of().parseHex("00022112" + "00".repeat(16));
      byte[] plain = HexFormat.of().parseHex("00000000000000000000ffff7f000001");
      byte[] mask = HexFormat.of().parseHex("2112a442" + "000000000000000000000000");
      for (int i = 0; i < 16; i++) {
        masked[4 + i] = (byte) (plain[i] ^ mask[i]);
      }
      assertThat(client.askOnce(Stun.CREATE_PERMISSION, w -> w.bytes(Stun.XOR_PEER_ADDRESS, masked),
          new Transaction(0, 0)).errorCode()).isEqualTo(403);
    }
  }
}
