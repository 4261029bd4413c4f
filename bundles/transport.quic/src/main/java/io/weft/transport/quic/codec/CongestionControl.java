package io.weft.transport.quic.codec;

/** How the codec decides how much may be in flight. */
public enum CongestionControl {
  bbr,
  cubic,
  reno
}
