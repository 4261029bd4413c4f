package io.weft.node.core.control;

/** What a client sent is not the control protocol. The session ends; the message is for the client. */
final class BadFrame extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BadFrame(String message) {
    super(message);
  }
}
