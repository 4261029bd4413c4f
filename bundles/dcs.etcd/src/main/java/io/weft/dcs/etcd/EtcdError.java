package io.weft.dcs.etcd;

import io.weft.support.Json;
import io.weft.support.http.HttpReply;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** etcd answered, and said no. The code is one of gRPC. */
final class EtcdError extends IOException {

  static final int NOT_FOUND = 5;
  static final int UNAUTHENTICATED = 16;

  static final String WRONG_PASSWORD = "it refuses the user or the password (dcs.etcd.user, dcs.etcd.password)";
  static final String WANTS_USER = "it asks who this is; give dcs.etcd.user and dcs.etcd.password";
  static final String WANTS_NO_USER = "it knows no users; leave out dcs.etcd.user, or enable authentication there";
  static final String MAY_NOT = "the user may not do that; grant it read and write of the keys below dcs.etcd.prefix";

  private static final long serialVersionUID = 1L;
  /**
   * Invalid argument, not found, permission denied, exhausted, failed precondition, out of range, unimplemented, unauthenticated.
   */
  private static final Set<Integer> NOTHING_HAPPENED = Set.of(3, NOT_FOUND, 7, 8, 9, 11, 12, UNAUTHENTICATED);

  private final int code;

  private EtcdError(int code, String message) {
    super(message);
    this.code = code;
  }

  static EtcdError of(HttpReply reply) {
    try {
      Map<?, ?> body = EtcdJson.object(reply.text());
      String message = EtcdJson.text(body, body.containsKey("message") ? "message" : "error");
      return new EtcdError((int) EtcdJson.number(body, "code"), inWords(Json.compact(message).replace("\"", "")));
    } catch (IllegalArgumentException e) {
      return new EtcdError(2, "status " + reply.status() + ": " + reply.excerpt());
    }
  }

  /** What somebody has to change; what etcd says itself where nobody has to. */
  private static String inWords(String message) {
    return message.contains("invalid user ID or password") ? WRONG_PASSWORD
        : message.contains("user name is empty") ? WANTS_USER
        : message.contains("authentication is not enabled") ? WANTS_NO_USER
        : message.contains("permission denied") ? MAY_NOT : message;
  }

  int code() {
    return code;
  }

  /** Whether it is sure that nothing was changed. A time-out or a change of leader may come after the change was made. */
  boolean nothingHappened() {
    return NOTHING_HAPPENED.contains(code);
  }
}
