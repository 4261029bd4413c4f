package io.weft.support.stun;

/** The numbers of STUN and TURN, as the IANA registers have them. */
public final class Stun {

  public static final int HEADER = 20;
  public static final int COOKIE = 0x2112a442;
  public static final int DEFAULT_PORT = 3478;
  public static final int DEFAULT_TLS_PORT = 5349;

  /** A message that carries no relayed data is never longer. */
  public static final int LENGTH_MAX = 1_280;

  /** One that carries data (Send and Data indications) is never longer than a datagram. */
  public static final int DATA_LENGTH_MAX = 65_535;

  public static final int ATTRIBUTES_MAX = 32;

  public static final int BINDING = 0x001;
  public static final int ALLOCATE = 0x003;
  public static final int REFRESH = 0x004;
  public static final int SEND = 0x006;
  public static final int DATA = 0x007;
  public static final int CREATE_PERMISSION = 0x008;
  public static final int CHANNEL_BIND = 0x009;

  public static final int MAPPED_ADDRESS = 0x0001;
  public static final int CHANGE_REQUEST = 0x0003;
  public static final int USERNAME = 0x0006;
  public static final int MESSAGE_INTEGRITY = 0x0008;
  public static final int ERROR_CODE = 0x0009;
  public static final int UNKNOWN_ATTRIBUTES = 0x000a;
  public static final int CHANNEL_NUMBER = 0x000c;
  public static final int LIFETIME = 0x000d;
  public static final int XOR_PEER_ADDRESS = 0x0012;
  public static final int DATA_VALUE = 0x0013;
  public static final int REALM = 0x0014;
  public static final int NONCE = 0x0015;
  public static final int XOR_RELAYED_ADDRESS = 0x0016;
  public static final int REQUESTED_ADDRESS_FAMILY = 0x0017;
  public static final int EVEN_PORT = 0x0018;
  public static final int REQUESTED_TRANSPORT = 0x0019;
  public static final int DONT_FRAGMENT = 0x001a;
  public static final int MESSAGE_INTEGRITY_SHA256 = 0x001c;
  public static final int XOR_MAPPED_ADDRESS = 0x0020;
  public static final int RESERVATION_TOKEN = 0x0022;
  public static final int PADDING = 0x0026;
  public static final int RESPONSE_PORT = 0x0027;
  public static final int SOFTWARE = 0x8022;
  public static final int ALTERNATE_SERVER = 0x8023;
  public static final int FINGERPRINT = 0x8028;
  public static final int RESPONSE_ORIGIN = 0x802b;
  public static final int OTHER_ADDRESS = 0x802c;

  /** Ours: the clock of a relay in unix seconds, told to whom it refuses only because the clocks differ. Others skip it. */
  public static final int RELAY_CLOCK = 0xc058;

  /** Attributes below are such that who does not know them must refuse the message. */
  public static final int COMPREHENSION_OPTIONAL = 0x8000;

  /** The number of UDP in {@link #REQUESTED_TRANSPORT}. */
  public static final int UDP = 17;

  public static final int FAMILY_IPV4 = 1;
  public static final int FAMILY_IPV6 = 2;

  private Stun() {}

  /** The four kinds of message; their order is that of the two class bits. */
  public enum Kind {
    request,
    indication,
    success,
    error
  }
}
