package org.example.csvpeers;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.discovery.Observation;
import io.weft.discovery.Observer;
import io.weft.node.Registration;
import io.weft.path.Candidate;
import io.weft.testkit.Fuzz;
import io.weft.testkit.ManualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file and what is told of it. */
class CsvPeersTest {

  private static final String GOOD = """
      # name, addresses, labels
      b, 192.0.2.7:7450 [2001:db8::7]:7450, site=home area=eu
      c
      """;

  @TempDir
  Path home;

  private final ManualTime time = new ManualTime();
  private final List<String> told = new ArrayList<>();
  private CsvPeers source;

  @BeforeEach
  void open() {
    source = new CsvPeers(home.resolve("peers.csv"), Duration.ofSeconds(2), time);
  }

  @Test
  void aLineIsAPeer() {
    Observation b = PeerTable.parse(GOOD).peers().get("b");
    assertThat(b.candidates()).containsExactly(Candidate.udp("192.0.2.7", 7450), Candidate.udp("2001:db8::7", 7450));
    assertThat(b.labels()).containsEntry("site", "home").containsEntry("area", "eu");
    assertThat(PeerTable.parse(GOOD).peers().get("c").candidates()).isEmpty();
    assertThat(PeerTable.parse(GOOD).problems()).isEmpty();
  }

  @Test
  void anEditedFileIsTold() throws IOException {
    write("b,192.0.2.7:7450\nc,192.0.2.8:7450");
    try (Registration watch = source.watch(observer())) {
      write("c,192.0.2.8:7450\nd,192.0.2.9:7450");
      time.advance(Duration.ofSeconds(3));
      assertThat(told).containsExactly("found b", "found c", "lost b", "found d");
    }
  }

  @Test
  void aFileThatIsGoneTakesNobodyAway() throws IOException {
    write("b,192.0.2.7:7450");
    try (Registration watch = source.watch(observer())) {
      Files.delete(home.resolve("peers.csv"));
      time.advance(Duration.ofSeconds(3));
      assertThat(told).containsExactly("found b");
      assertThat(source.check()).singleElement().satisfies(r -> assertThat(r.message()).contains("cannot be read"));
    }
  }

  @Test
  void aWrongLineIsLeftOutAndSaid() throws IOException {
    write("b,192.0.2.7:7450\nB!\nc,host.example:1\nb\nd,192.0.2.9:7450,nonsense");
    try (Registration watch = source.watch(observer())) {
      assertThat(told).containsExactly("found b");
      assertThat(source.check()).singleElement()
          .satisfies(r -> assertThat(r.message()).contains("line 2: ", "line 3: ", "line 4: ", "line 5: "));
    }
  }

  @Test
  void strangeFilesAreNoMoreThanProblems() {
    new Fuzz(7, List.of(GOOD.getBytes(StandardCharsets.UTF_8)), 400)
        .run(100_000, IOException.class, bytes -> PeerTable.parse(new String(bytes, StandardCharsets.UTF_8)));
  }

  private void write(String text) throws IOException {
    Files.writeString(home.resolve("peers.csv"), text);
  }

  private Observer observer() {
    return new Observer() {
      @Override
      public void found(Observation observation) {
        told.add("found " + observation.peer());
      }

      @Override
      public void lost(String peer) {
        told.add("lost " + peer);
      }
    };
  }
}
