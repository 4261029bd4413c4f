package io.weft.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;

/** Copying what somebody else decides the length of. */
final class Copies {

  private Copies() {}

  static long bounded(InputStream in, OutputStream out, long max, BooleanSupplier late) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      size += n;
      if (size > max) {
        throw new IOException("it has more than " + max + " bytes");
      }
      if (late.getAsBoolean()) {
        throw new IOException("it takes too long");
      }
      out.write(buffer, 0, n);
    }
    return size;
  }
}
