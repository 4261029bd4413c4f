package io.weft.support.stun;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Values of address attributes. The address of an XOR type is masked with the cookie and the transaction, against NATs that rewrite it. */
final class Addresses {

  private static final int MASK_AT = 4;

  private Addresses() {}

  static boolean isXor(int type) {
    return type == Stun.XOR_MAPPED_ADDRESS || type == Stun.XOR_PEER_ADDRESS || type == Stun.XOR_RELAYED_ADDRESS;
  }

  /**
   * @param message the whole message: its cookie and transaction are the mask
   * @return null if it is malformed. An IPv4 address in IPv6 form counts as malformed too: on no wire is it an address, and what looks
   *     like one thing to a filter and like another to the system has opened relays before.
   */
  static @Nullable InetSocketAddress read(byte[] message, int at, int length, int type) {
    if (length != 8 && length != 20 || (message[at + 1] & 0xff) != (length == 8 ? Stun.FAMILY_IPV4 : Stun.FAMILY_IPV6)) {
      return null;
    }
    boolean xor = isXor(type);
    byte[] address = new byte[length - 4];
    for (int i = 0; i < address.length; i++) {
      address[i] = (byte) (message[at + 4 + i] ^ (xor ? message[MASK_AT + i] : 0));
    }
    int port = Bytes.int16(message, at + 2) ^ (xor ? Stun.COOKIE >>> 16 : 0);
    try {
      InetAddress ip = InetAddress.getByAddress(address);
      return ip.getAddress().length == address.length ? new InetSocketAddress(ip, port) : null;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }

  static byte[] value(InetSocketAddress socket, int type, byte[] message) {
    byte[] address = socket.getAddress().getAddress();
    boolean xor = isXor(type);
    byte[] value = new byte[4 + address.length];
    value[1] = (byte) (socket.getAddress() instanceof Inet4Address ? Stun.FAMILY_IPV4 : Stun.FAMILY_IPV6);
    Bytes.int16(value, 2, socket.getPort() ^ (xor ? Stun.COOKIE >>> 16 : 0));
    for (int i = 0; i < address.length; i++) {
      value[4 + i] = (byte) (address[i] ^ (xor ? message[MASK_AT + i] : 0));
    }
    return value;
  }
}
