package io.weft.dcs.raft.wire;

import io.weft.dcs.raft.wire.CallFailed.Kind;
import io.weft.support.Causes;
import java.nio.charset.StandardCharsets;

/** Failures as frames: the type is the ordinal of the kind, the payload the message. */
final class Failures {

  private static final int MESSAGE_MAX = 500;

  private Failures() {}

  static Frame encode(long call, Throwable failure) {
    Throwable cause = Causes.of(failure);
    // What nobody thought of may have happened half-way.
    Kind kind = cause instanceof CallFailed f ? f.kind() : Kind.INDETERMINATE;
    String message = cause instanceof CallFailed ? String.valueOf(cause.getMessage()) : cause.toString();
    String cut = message.length() > MESSAGE_MAX ? message.substring(0, MESSAGE_MAX) : message;
    return new Frame(Frame.Kind.FAILURE, call, kind.ordinal(), cut.getBytes(StandardCharsets.UTF_8));
  }

  static CallFailed decode(Frame frame) {
    Kind[] kinds = Kind.values();
    Kind kind = frame.type() < kinds.length ? kinds[frame.type()] : Kind.INDETERMINATE;
    return new CallFailed(kind, new String(frame.payload(), StandardCharsets.UTF_8));
  }
}
