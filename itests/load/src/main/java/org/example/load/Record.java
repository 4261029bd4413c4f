package org.example.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What was answered, a line each: {@code w} (acknowledged) or {@code r}, key, number, when it was asked and when answered, on the monotonic
 * clock of the machine. A line that was written survives the process.
 */
final class Record implements AutoCloseable {

  private final FileChannel file;

  Record(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  void wrote(String key, long number, long asked) {
    line("w", key, number, asked);
  }

  void read(String key, long number, long asked) {
    line("r", key, number, asked);
  }

  private synchronized void line(String what, String key, long number, long asked) {
    String line = what + " " + key + " " + number + " " + asked + " " + System.nanoTime() + "\n";
    try {
      file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
