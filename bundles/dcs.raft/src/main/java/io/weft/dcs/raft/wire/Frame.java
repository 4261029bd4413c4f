package io.weft.dcs.raft.wire;

import java.nio.ByteBuffer;

/**
 * One message on a stream: {@code u32 length of the rest, u8 kind, u64 call, u8 type, payload}.
 *
 * @param call number of the call on this stream, chosen by who asks
 * @param type what is asked for; of a failure its code
 */
public record Frame(Kind kind, long call, int type, byte[] payload) {

  /** What it is. */
  public enum Kind { REQUEST, ANSWER, FAILURE }

  /** Bytes before the payload, without the length. */
  static final int HEAD = 10;

  int size() {
    return 4 + HEAD + payload.length;
  }

  void write(ByteBuffer into) {
    into.putInt(HEAD + payload.length).put((byte) kind.ordinal()).putLong(call).put((byte) type).put(payload);
  }
}
