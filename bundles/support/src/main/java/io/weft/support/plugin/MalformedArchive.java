package io.weft.support.plugin;

import java.util.regex.Pattern;

/** A jar that breaks a rule. The message is one line for people, with names from the jar made printable. */
public final class MalformedArchive extends Exception {

  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 80;
  // What could rearrange a line on a terminal.
  private static final Pattern ODD = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}]");

  MalformedArchive(String message) {
    super(message);
  }

  static String printable(String text) {
    return ODD.matcher(text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text).replaceAll("?");
  }

  static boolean isPrintable(String text) {
    return !ODD.matcher(text).find();
  }
}
