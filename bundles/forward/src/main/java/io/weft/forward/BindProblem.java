package io.weft.forward;

import java.net.InetSocketAddress;
import java.util.Locale;

/** Says in one line why an address cannot be listened on, and what to do. The kernel's words differ little between Netty's transports. */
final class BindProblem {

  private BindProblem() {}

  static String of(InetSocketAddress address, Throwable cause) {
    String text = LocalAddress.text(address);
    String words = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (words.contains("in use")) {
      return text + " is in use by another program: stop that or take another port";
    }
    if (words.contains("permission denied")) {
      return text + " is not permitted: ports below 1024 need privileges; take a higher one";
    }
    if (words.contains("cannot assign") || words.contains("can't assign")) {
      return text + " is not an address of this machine";
    }
    if (words.contains("too many open files")) {
      return text + ": too many open files; raise the limit (ulimit -n)";
    }
    return text + ": " + String.valueOf(cause.getMessage()).replaceAll("\\p{Cntrl}", " ");
  }
}
