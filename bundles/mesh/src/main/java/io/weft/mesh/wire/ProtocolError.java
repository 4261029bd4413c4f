package io.weft.mesh.wire;

/** The peer sent what it must not. Carries no stack trace: a peer decides how often it is thrown. */
public final class ProtocolError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ProtocolError(String message) {
    super(message, null, false, false);
  }
}
