package io.weft.transport.quic;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A client's INITIAL of QUIC 1, taken apart and put together again (RFC 9001, 5 and appendix A), so that a test can send what no
 * codec would: a real ClientHello with a token that nobody minted.
 *
 * @param header the bytes up to the token length, with the packet number length in the first byte as it was
 * @param payload decrypted frames
 */
record InitialPacket(byte[] header, byte[] destination, long number, byte[] payload) {

  private static final byte[] SALT = HexFormat.of().parseHex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
  private static final int TAG = 16;
  private static final int SAMPLE = 16;

  private record Keys(byte[] key, byte[] iv, byte[] mask) {}

  /** The first INITIAL in this datagram. */
  static InitialPacket read(byte[] datagram) throws GeneralSecurityException {
    byte[] packet = datagram.clone();
    int at = 5;
    byte[] destination = Arrays.copyOfRange(packet, at + 1, at + 1 + packet[at]);
    at += 1 + destination.length;
    at += 1 + packet[at];
    byte[] header = Arrays.copyOf(packet, at);
    int tokenLength = packet[at++];
    at += tokenLength;
    int length = ByteBuffer.wrap(packet).getShort(at) & 0x3fff;
    at += 2;
    Keys keys = keys(destination);
    byte[] mask = mask(keys, Arrays.copyOfRange(packet, at + 4, at + 4 + SAMPLE));
    packet[0] ^= (byte) (mask[0] & 0x0f);
    int numberLength = (packet[0] & 3) + 1;
    long number = 0;
    for (int i = 0; i < numberLength; i++) {
      packet[at + i] ^= mask[1 + i];
      number = number << 8 | packet[at + i] & 0xff;
    }
    header[0] = packet[0];
    byte[] associated = Arrays.copyOf(packet, at + numberLength);
    byte[] sealed = Arrays.copyOfRange(packet, at + numberLength, at + length);
    return new InitialPacket(header, destination, number, crypt(Cipher.DECRYPT_MODE, keys, number, associated, sealed));
  }

  /** The same as the start of another connection. */
  InitialPacket to(int n) {
    byte[] other = destination.clone();
    ByteBuffer.wrap(other).putInt(n);
    byte[] otherHeader = header.clone();
    System.arraycopy(other, 0, otherHeader, 6, other.length);
    return new InitialPacket(otherHeader, other, number, payload);
  }

  /** The same with this token, padded to a datagram of this size. */
  byte[] withToken(byte[] token, int size) throws GeneralSecurityException {
    int numberLength = (header[0] & 3) + 1;
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.writeBytes(header);
    head.writeBytes(new byte[] {(byte) (0x40 | token.length >> 8), (byte) token.length});
    head.writeBytes(token);
    int rest = size - head.size() - 2;
    head.writeBytes(new byte[] {(byte) (0x40 | rest >> 8), (byte) rest});
    int at = head.size();
    for (int i = numberLength - 1; i >= 0; i--) {
      head.write((int) (number >> 8 * i));
    }
    byte[] associated = head.toByteArray();
    // Zeros are PADDING frames.
    byte[] plain = Arrays.copyOf(trimmed(), rest - numberLength - TAG);
    Keys keys = keys(destination);
    byte[] sealed = crypt(Cipher.ENCRYPT_MODE, keys, number, associated, plain);
    byte[] packet = Arrays.copyOf(associated, associated.length + sealed.length);
    System.arraycopy(sealed, 0, packet, associated.length, sealed.length);
    byte[] mask = mask(keys, Arrays.copyOfRange(packet, at + 4, at + 4 + SAMPLE));
    packet[0] ^= (byte) (mask[0] & 0x0f);
    for (int i = 0; i < numberLength; i++) {
      packet[at + i] ^= mask[1 + i];
    }
    return packet;
  }

  private byte[] trimmed() {
    int end = payload.length;
    while (end > 0 && payload[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(payload, end);
  }

  private static Keys keys(byte[] destination) throws GeneralSecurityException {
    byte[] initial = hmac(SALT, destination);
    byte[] client = expand(initial, "client in", 32);
    return new Keys(expand(client, "quic key", 16), expand(client, "quic iv", 12), expand(client, "quic hp", 16));
  }

  private static byte[] mask(Keys keys, byte[] sample) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keys.mask, "AES"));
    return cipher.doFinal(sample);
  }

  private static byte[] crypt(int mode, Keys keys, long number, byte[] associated, byte[] bytes) throws GeneralSecurityException {
    byte[] nonce = keys.iv.clone();
    for (int i = 0; i < 8; i++) {
      nonce[nonce.length - 1 - i] ^= (byte) (number >> 8 * i);
    }
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(keys.key, "AES"), new GCMParameterSpec(128, nonce));
    cipher.updateAAD(associated);
    return cipher.doFinal(bytes);
  }

  private static byte[] expand(byte[] secret, String label, int length) throws GeneralSecurityException {
    byte[] full = ("tls13 " + label).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    ByteBuffer info = ByteBuffer.allocate(2 + 1 + full.length + 1 + 1);
    info.putShort((short) length).put((byte) full.length).put(full).put((byte) 0).put((byte) 1);
    return Arrays.copyOf(hmac(secret, info.array()), length);
  }

  private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }
}
