package org.example.passstore;

import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.secret.Secret;
import io.weft.secret.SecretSource;
import io.weft.secret.SecretUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** {@code secret:pass-store/db/password} is what {@code pass show db/password} prints. No shell is involved. */
@Component(name = "pass-store")
@Designate(ocd = PassStoreConfig.class)
public final class PassStore implements SecretSource {

  private static final String SCHEME = "pass-store";
  private static final int SECRET_MAX = 64 * 1024;
  // No name can be an option, or lead out of the store.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_@][A-Za-z0-9_@.+-]{0,63}(/[A-Za-z0-9_@][A-Za-z0-9_@.+-]{0,63}){0,7}");

  private final List<String> command;
  private final boolean firstLine;
  private final Duration timeout;
  private final Timers timers;

  @Activate
  public PassStore(PassStoreConfig config, @Reference Timers timers) {
    this(List.of(config.command()), config.first_line(), Duration.ofMillis(config.timeout_ms()), timers);
  }

  PassStore(List<String> command, boolean firstLine, Duration timeout, Timers timers) {
    this.command = command;
    this.firstLine = firstLine;
    this.timeout = timeout;
    this.timers = timers;
  }

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public Secret read(String name) throws SecretUnavailable {
    if (!NAME.matcher(name).matches()) {
      throw new SecretUnavailable("secret:" + SCHEME + "/...: a name is made of A-Z a-z 0-9 _ @ . + - and single slashes between; "
          + "correct the reference");
    }
    List<String> words = new ArrayList<>(command);
    words.add(name);
    byte[] printed = run(name, words);
    try {
      int length = firstLine ? lineLength(printed) : printed.length;
      if (length == 0) {
        throw unavailable(name, command.get(0) + " printed nothing");
      }
      byte[] value = Arrays.copyOf(printed, length);
      try {
        return Secret.copyOf(value);
      } finally {
        Arrays.fill(value, (byte) 0);
      }
    } finally {
      Arrays.fill(printed, (byte) 0);
    }
  }

  private byte[] run(String name, List<String> words) throws SecretUnavailable {
    // What it says of its failures is dropped: nobody knows what is in there.
    ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      Registration limit = timers.after(timeout, Runnable::run, () -> end(process));
      try (InputStream out = process.getInputStream()) {
        process.getOutputStream().close();
        byte[] printed = out.readNBytes(SECRET_MAX + 1);
        if (printed.length > SECRET_MAX) {
          throw unavailable(name, "has more than " + SECRET_MAX + " bytes, which is too long for a secret");
        }
        int code = process.waitFor();
        if (code != 0) {
          throw unavailable(name, command.get(0) + " ended with code " + code + "; try: " + String.join(" ", words));
        }
        return printed;
      } finally {
        limit.close();
        end(process);
      }
    } catch (IOException e) {
      throw new SecretUnavailable(reference(name) + ": cannot run " + command.get(0) + "; install it, or correct pass-store.command", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SecretUnavailable(reference(name) + ": the reader was interrupted; try again", e);
    }
  }

  /** With all that it started, which would keep its output open. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static int lineLength(byte[] text) {
    int length = 0;
    while (length < text.length && text[length] != '\n' && text[length] != '\r') {
      length++;
    }
    return length;
  }

  private static SecretUnavailable unavailable(String name, String why) {
    return new SecretUnavailable(reference(name) + ": " + why);
  }

  private static String reference(String name) {
    return "secret:" + SCHEME + "/" + name;
  }

  /** Only the program knows. */
  @Override
  public List<String> names() {
    return List.of();
  }
}
