package io.weft.signaling.server;

import io.weft.support.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer of the broker.
 *
 * @param body JSON, or empty
 * @param allow the method that would have been right, or empty
 * @param close whether the connection ends with it
 * @param lost called if it turns out that the client did not get it
 */
record Answer(int status, String body, String allow, boolean close, Runnable lost) {

  static Answer done() {
    return new Answer(204, "", "", false, () -> {});
  }

  static Answer found(String body, Runnable lost) {
    return new Answer(200, body, "", false, lost);
  }

  /** @param code stable, for clients; also the name under which it is counted */
  static Answer refused(int status, String code, String message) {
    return new Answer(status, error(code, message), "", status == 429 || status == 401, () -> {});
  }

  static Answer wrongMethod(String allow) {
    return new Answer(405, error("method", "this path takes " + allow + " only"), allow, false, () -> {});
  }

  private static String error(String code, String message) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("error", code);
    map.put("message", message);
    return Json.compact(map);
  }
}
