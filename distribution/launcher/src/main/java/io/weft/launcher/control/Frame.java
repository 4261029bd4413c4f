package io.weft.launcher.control;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * One frame of the control socket: {@code u8 type, u32 length, payload}; see docs/internals.md.
 *
 * @param payload at most {@link #PAYLOAD_MAX} bytes; not copied
 */
record Frame(int type, byte[] payload) {

  static final int EXEC = 1;
  static final int SHELL = 2;
  static final int STDIN = 3;
  static final int RESIZE = 4;
  static final int INTERRUPT = 5;
  static final int STDOUT = 16;
  static final int STDERR = 17;
  static final int EXIT = 18;

  static final int PAYLOAD_MAX = 1 << 20;

  /** Not what a node sends. */
  static final class Malformed extends IOException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /** Returns null at the end of the stream, if that is between frames. */
  static Frame read(InputStream in) throws IOException {
    int type = in.read();
    if (type < 0) {
      return null;
    }
    DataInputStream data = new DataInputStream(in);
    try {
      int length = data.readInt();
      if (length < 0 || length > PAYLOAD_MAX) {
        throw new Malformed("a frame of " + Integer.toUnsignedString(length) + " bytes; at most " + PAYLOAD_MAX);
      }
      byte[] payload = data.readNBytes(length);
      if (payload.length < length) {
        throw new EOFException("the node closed the connection within a frame");
      }
      return new Frame(type, payload);
    } catch (EOFException e) {
      throw new Malformed("the node closed the connection within a frame");
    }
  }

  static void write(OutputStream out, int type, byte[] payload, int length) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(5 + length);
    frame.put((byte) type).putInt(length).put(payload, 0, length);
    out.write(frame.array());
    out.flush();
  }
}
