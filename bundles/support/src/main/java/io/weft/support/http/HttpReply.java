package io.weft.support.http;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/** An answer, whatever its status. */
public record HttpReply(int status, HttpHeaders headers, byte[] body) {

  public boolean isOk() {
    return status / 100 == 2;
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The beginning of the text in one line, for messages. */
  public String excerpt() {
    String text = text().strip();
    return (text.length() > 200 ? text.substring(0, 200) + "..." : text).replaceAll("\\p{Cntrl}", " ");
  }
}
