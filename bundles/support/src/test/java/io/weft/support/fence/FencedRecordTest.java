package io.weft.support.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FencedRecordTest {

  private static final Instant P1 = Instant.ofEpochSecond(10);
  private static final Instant P2 = Instant.ofEpochSecond(20);

  private final FencedRecord record = new FencedRecord();

  @Test
  void refusesWhoComesWithAnOlderToken() {
    assertThat(record.attempt("a", "j", P1, 5, 1).accepted()).isTrue();
    assertThat(record.attempt("b", "j", P1, 7, 2).accepted()).isTrue();
    assertThat(record.attempt("a", "j", P1, 5, 1).accepted()).isFalse();
    assertThat(record.attempt("a", "other", P1, 5, 1).accepted()).as("another job").isTrue();
    assertThat(record.latest(a -> a.job().equals("j")).orElseThrow().node()).isEqualTo("b");
    assertThat(record.tokens()).containsExactly(5L, 7L);
  }

  @Test
  void aCallThatWasOnItsWayIsNoViolation() {
    record.attempt("a", "j", P1, 5, 1);
    record.attempt("b", "j", P1, 7, 20);
    record.attempt("a", "j", P1, 5, 2); // asked in time, arrived late, refused
    assertThat(record.violations()).isEmpty();
    assertThat(record.runs()).isEqualTo(2);
  }

  @Test
  void seesWhoWasToldThatItMayActTooLate() {
    record.attempt("a", "j", P1, 5, 1);
    record.attempt("b", "j", P1, 7, 20);
    record.attempt("a", "j", P1, 5, 21);
    assertThat(record.violations()).anyMatch(line -> line.contains("a larger token was out"));
  }

  @Test
  void seesTwoWithOneToken() {
    record.attempt("a", "j", P1, 5, 1);
    record.attempt("b", "j", P2, 5, 2);
    assertThat(record.violations()).singleElement().asString().contains("two have one token");
  }

  @Test
  void seesRunsThatOverlap() {
    record.attempt("a", "j", P1, 5, 1);
    record.attempt("a", "j", P2, 5, 2);
    record.attempt("a", "j", P1, 5, 3);
    assertThat(record.violations()).singleElement().asString().contains("two runs overlap");
  }

  @Test
  void anEndpointAnswersWithWhatWasDecided() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    try (FencedEndpoint endpoint = new FencedEndpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        attempt -> heard.incrementAndGet())) {
      Map<String, String> call = Map.of("Weft-Node", "a", "Weft-Job", "j", "Weft-Period", P1.toString(), "Weft-Token", "5",
          "Weft-Asked", "1");
      assertThat(post(endpoint.port(), call)).isEqualTo(204);
      endpoint.record().attempt("b", "j", P1, 6, 2);
      assertThat(post(endpoint.port(), call)).isEqualTo(409);
      assertThat(post(endpoint.port(), Map.of("Weft-Node", "a"))).isEqualTo(400);
      assertThat(heard).hasValue(2);
    }
  }

  private static int post(int port, Map<String, String> headers) throws Exception {
    HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
    connection.setRequestMethod("POST");
    headers.forEach(connection::setRequestProperty);
    return connection.getResponseCode();
  }
}
