package io.weft.launcher.log;

/** The names under which Logback's context holds what the node needs of the log. Only types of the JDK, so that bundles can call them. */
final class LogSeam {

  /** A {@code Consumer<Map<String, String>>}: format and level as weft.yaml has them; what the command line says stays. */
  static final String USE = "weft.log.use";

  /** A {@code Consumer<byte[]>}: a secret value that is not to be shown from now on. */
  static final String HIDE = "weft.log.hide";

  /** A {@code UnaryOperator<String>}: a text without such values. */
  static final String MASK = "weft.log.mask";

  /** A {@code Runnable}: writes the lines that were held back. */
  static final String RELEASE = "weft.log.release";

  private LogSeam() {}
}
