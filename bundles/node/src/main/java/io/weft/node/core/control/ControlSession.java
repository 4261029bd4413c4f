package io.weft.node.core.control;

import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.command.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.felix.service.command.CommandProcessor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client, one command or one shell. Three threads: this one reads frames, one runs the command, one sends what it prints.
 * The reader never waits for the command, so that an interrupt or the end of the client is noticed at once.
 */
final class ControlSession implements Runnable {

  static final Duration HEADER_TIMEOUT = Duration.ofSeconds(5);

  /** How long a cancelled command may take to end by itself; then its caller gets its exit code anyway. */
  static final Duration CANCEL_GRACE = Duration.ofSeconds(1);

  /** How long a client may take to close after it was told everything. */
  static final Duration LINGER = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(ControlSession.class);

  private final SocketChannel channel;
  private final Supplier<@Nullable CommandProcessor> processor;
  private final Timers timers;
  private final Executor executor;
  private final FrameWriter writer;
  private final InputPipe input = new InputPipe();
  private final Runnable ended;
  private volatile @Nullable Execution execution;
  private volatile boolean sent;
  private volatile boolean stopped;

  /**
   * @param executor lends threads; a session needs three
   * @param ended called once, when the connection is closed
   */
  ControlSession(SocketChannel channel, Supplier<@Nullable CommandProcessor> processor, Timers timers, Executor executor,
      Runnable ended) {
    this.channel = channel;
    this.processor = processor;
    this.timers = timers;
    this.executor = executor;
    this.ended = ended;
    this.writer = new FrameWriter(channel);
  }

  @Override
  public void run() {
    Registration timeout = timers.after(HEADER_TIMEOUT, Runnable::run, () -> {
      if (execution == null) {
        reject(2, "no request came within " + HEADER_TIMEOUT.toSeconds() + " s");
      }
    });
    try (channel) {
      try {
        read();
      } catch (BadFrame e) {
        log.debug("control request refused reason={}", e.getMessage());
        reject(2, String.valueOf(e.getMessage())); // first: a command that ends because it was cancelled must not speak before us
        cancel();
        discard();
      }
    } catch (IOException | RejectedExecutionException e) {
      log.debug("control session ended reason={}", e.toString()); // we are done, the client went, or the node closes
    } finally {
      cancel();
      writer.abort();
      timeout.close();
      ended.run();
    }
  }

  private void read() throws IOException {
    ControlFrames frames = new ControlFrames();
    ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    while (channel.read(buffer.clear()) >= 0) {
      frames.feed(buffer.flip());
      for (ControlFrames.Frame frame = frames.next(); frame != null; frame = frames.next()) {
        handle(ControlRequest.parse(frame));
      }
    }
  }

  /** Reads to the end, so that a client that is still writing does not take our last words for a broken connection. */
  private void discard() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    while (channel.read(buffer) >= 0) {
      buffer.clear();
    }
  }

  private void handle(ControlRequest request) {
    Execution current = execution;
    if (request instanceof ControlRequest.Exec || request instanceof ControlRequest.Shell) {
      if (current != null) {
        throw new BadFrame("one request per connection");
      }
      start(request);
      return;
    }
    if (current == null) {
      throw new BadFrame("expected a command or a shell first");
    }
    if (request instanceof ControlRequest.Stdin stdin) {
      if (stdin.bytes().length == 0) {
        input.end();
      } else {
        input.feed(stdin.bytes());
      }
    } else if (request instanceof ControlRequest.Resize resize) {
      current.resize(resize.columns(), resize.rows());
    } else if (!current.interrupt()) {
      cancel();
    }
  }

  private void start(ControlRequest request) {
    OutputStream out = writer.stream(ControlFrames.STDOUT);
    OutputStream err = writer.stream(ControlFrames.STDERR);
    Execution started = new Execution(request, processor.get(), input, out, err);
    execution = started;
    executor.execute(() -> {
      int code = started.run();
      input.end();
      writer.finish(ControlFrames.encode(ControlFrames.EXIT, new byte[] {(byte) code}));
    });
  }

  private void cancel() {
    input.end();
    Execution current = execution;
    if (current != null && current.cancel()) {
      timers.after(CANCEL_GRACE, Runnable::run, current::abandon);
    }
  }

  /** Ends the session with a line for the client. Does not wait. */
  private void reject(int code, String message) {
    writer.finish(lastWords(code, message));
  }

  static byte[] lastWords(int code, String message) {
    byte[] line = ControlFrames.encode(ControlFrames.STDERR, (Failure.oneLine(message) + "\n").getBytes(StandardCharsets.UTF_8));
    byte[] exit = ControlFrames.encode(ControlFrames.EXIT, new byte[] {(byte) code});
    return ByteBuffer.allocate(line.length + exit.length).put(line).put(exit).array();
  }

  /** Sends what the command prints, to the last word; run it beside {@link #run}. */
  void write() {
    try {
      writer.run();
      channel.shutdownOutput();
      sent = true;
      if (stopped) {
        channel.close();
      } else {
        timers.after(LINGER, Runnable::run, this::close); // the client closes first, as a rule
      }
    } catch (IOException e) {
      log.debug("control client is gone reason={}", e.toString());
      close();
    }
  }

  private void close() {
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("control client not closed reason={}", e.toString());
    }
  }

  /** Whether the calling thread runs this session's command. */
  boolean isCurrent() {
    Execution current = execution;
    return current != null && current.isCurrent();
  }

  /** Cancels the command and tells the client why. Does not wait. */
  void stop(String why) {
    stopped = true;
    reject(3, why);
    cancel();
    if (sent) {
      close();
    }
  }
}
