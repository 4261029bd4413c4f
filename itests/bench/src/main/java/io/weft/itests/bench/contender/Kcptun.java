package io.weft.itests.bench.contender;

import io.weft.itests.Machine;
import io.weft.itests.bench.Wire;
import java.util.Collection;
import java.util.List;

/** Streams over UDP with forward error correction (10 + 3 packets), as Debian packages it: made for loss, and paid for with traffic. */
public final class Kcptun implements Contender {

  private static final List<String> SETTINGS = List.of(
      "--crypt", "aes-128", "--key", "bench", "--mode", "fast3", "--nocomp", "--datashard", "10", "--parityshard", "3", "--mtu", "1350",
      "--sndwnd", "4096", "--rcvwnd", "4096", "--sockbuf", "8388608", "--smuxbuf", "8388608");
  private static final int WIRE_PORT = 29_900;

  private final Daemons daemons;

  public Kcptun(Wire wire, int port) {
    Machine.needs("kcptun-server", "kcptun-client");
    daemons = new Daemons(wire, "kcptun");
    daemons.startInB(words("kcptun-server", "-t", "127.0.0.1:" + port, "-l", Wire.ADDRESS_B + ":" + WIRE_PORT));
    daemons.startInA(words("kcptun-client", "-r", Wire.ADDRESS_B + ":" + WIRE_PORT, "-l", "127.0.0.1:" + port));
    Reachable.await(wire, "127.0.0.1", port);
  }

  private static String[] words(String... first) {
    String[] words = java.util.Arrays.copyOf(first, first.length + SETTINGS.size());
    for (int i = 0; i < SETTINGS.size(); i++) {
      words[first.length + i] = SETTINGS.get(i);
    }
    return words;
  }

  @Override
  public String name() {
    return "kcptun";
  }

  @Override
  public Collection<ProcessHandle> processes() {
    return daemons.handles();
  }

  @Override
  public void close() {
    daemons.close();
  }
}
