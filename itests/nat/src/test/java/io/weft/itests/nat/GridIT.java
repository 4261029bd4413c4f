package io.weft.itests.nat;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.lab.NatFabric;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every kind of NAT with every other: which way a link goes, and how soon after both nodes know of each other. A cell that is too
 * slow, because other work keeps the machine busy, is measured a second time; one that goes the wrong way, or nowhere, fails.
 */
class GridIT {

  /** What a host's NATs, all of them together, do: another port for each destination, or entry only from where it sent to. */
  private record Kind(boolean mapsByDestination, boolean filtersByPort) {

    boolean meetsDirectly(Kind other) {
      return !(mapsByDestination && other.filtersByPort || other.mapsByDestination && filtersByPort);
    }
  }

  private static final Kind OPEN = new Kind(false, false);
  private static final Kind CONE = new Kind(false, true);
  private static final Kind SYMMETRIC = new Kind(true, true);

  /** Hosts of grid.toml. */
  private static final Map<String, Kind> HOSTS = new LinkedHashMap<>();

  static {
    HOSTS.put("full", OPEN);
    HOSTS.put("restr", OPEN);
    HOSTS.put("port", CONE);
    HOSTS.put("remap", CONE);
    HOSTS.put("sym", SYMMETRIC);
    HOSTS.put("seq", SYMMETRIC);
    HOSTS.put("cgn", SYMMETRIC);
    HOSTS.put("hair1", CONE);
    HOSTS.put("hair2", CONE);
    HOSTS.put("pub", OPEN);
  }

  private static final Map<String, Kind> KINDS = Map.of("full", OPEN, "restricted", OPEN, "port-restricted", CONE, "remap", CONE,
      "symmetric", SYMMETRIC, "sequential", SYMMETRIC);

  private static final Duration DIRECT_MAX = Duration.ofSeconds(3);
  private static final Duration RELAYED_MAX = Duration.ofSeconds(5);

  /** Beyond this a cell has failed, however slow the machine is. */
  private static final Duration GIVE_UP = Duration.ofSeconds(30);

  private static final long PACE = 50_000_000;

  private static NatFabric fabric;

  private final List<String> cells = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  /** One cell while it is measured. */
  private static final class Cell {

    final String one;
    final String two;
    final String title;
    final String wanted;
    Duration took;
    long begins;
    long looked;

    Cell(String one, String two, String title, boolean direct) {
      this.one = one;
      this.two = two;
      this.title = title;
      this.wanted = direct ? "direct" : "relayed";
    }

    boolean isGood() {
      return took != null && took.compareTo(wanted.equals("direct") ? DIRECT_MAX : RELAYED_MAX) <= 0;
    }

    String seen() {
      return took == null ? "NOT: " + fabric.route(one, two) : took.toMillis() + " ms";
    }
  }

  @BeforeAll
  static void start() {
    fabric = NatFabric.up("grid", "grid", node -> { }, HOSTS.keySet().toArray(String[]::new));
    fabric.warmUp(rounds(List.copyOf(HOSTS.keySet())).get(0).stream().map(cell -> List.of(cell.one, cell.two)).toList());
  }

  @AfterAll
  static void stop() {
    if (fabric != null) {
      fabric.close();
    }
  }

  @Test
  void everyPairFindsTheWayThatPhysicsAllows() {
    for (List<Cell> round : rounds(List.copyOf(HOSTS.keySet()))) {
      measure(round);
    }
    sameKind("full", "restricted", "port-restricted");
    sameKind("remap", "symmetric", "sequential");
    System.out.println("NAT grid: " + (cells.size() - wrong.size()) + " of " + cells.size() + " cells as they should be");
    assertThat(wrong).as("cells that are not as they should be").isEmpty();
  }

  /** Two routers of each of these kinds, with the hosts behind them. */
  private void sameKind(String... kinds) {
    List<String> hosts = List.of("full", "restr", "port", "remap", "sym", "seq");
    List<Cell> round = new ArrayList<>();
    for (int i = 0; i < kinds.length; i++) {
      String one = hosts.get(2 * i);
      String two = hosts.get(2 * i + 1);
      fabric.lab().nat("r-" + one, kinds[i]);
      fabric.lab().nat("r-" + two, kinds[i]);
      Kind kind = KINDS.get(kinds[i]);
      round.add(new Cell(one, two, kinds[i] + " - " + kinds[i], kind.meetsDirectly(kind)));
    }
    fabric.restart(hosts);
    fabric.warmUp(round.stream().map(cell -> List.of(cell.one, cell.two)).toList());
    measure(round);
  }

  /** All pairs, in rounds in which each host has one partner: the first host stays, the others go round. */
  private static List<List<Cell>> rounds(List<String> hosts) {
    List<List<Cell>> rounds = new ArrayList<>();
    int n = hosts.size();
    for (int r = 0; r < n - 1; r++) {
      List<Cell> round = new ArrayList<>();
      for (int i = 0; i < n / 2; i++) {
        String one = i == 0 ? hosts.get(0) : hosts.get(1 + (r + i - 1) % (n - 1));
        String two = hosts.get(1 + (r + n - 2 - i) % (n - 1));
        round.add(new Cell(one, two, one + " - " + two, HOSTS.get(one).meetsDirectly(HOSTS.get(two))));
      }
      rounds.add(round);
    }
    return rounds;
  }

  /**
   * Measures a round. A cell that went the right way but too late is measured once more, alone: the machine may have been busy. One
   * that went the wrong way, or nowhere, is not.
   */
  private void measure(List<Cell> round) {
    attempt(round);
    for (Cell cell : round) {
      if (cell.took != null && !cell.isGood()) {
        System.out.println(cell.title + " again; it was " + cell.seen());
        fabric.disconnect(cell.one, cell.two);
        cell.took = null;
        attempt(List.of(cell));
      }
      judge(cell);
    }
  }

  /** The clock starts for a cell when both of its nodes know of each other. */
  private void attempt(List<Cell> round) {
    for (Cell cell : round) {
      cell.begins = fabric.areKnown(cell.one, cell.two) ? System.nanoTime() : 0;
      fabric.connect(cell.one, cell.two);
    }
    try {
      Await.until("a round of pairs", GIVE_UP, () -> {
        round.stream().filter(cell -> cell.took == null).forEach(this::look);
        return round.stream().allMatch(cell -> cell.took != null);
      });
    } catch (AssertionError late) {
      System.out.println(late.getMessage()); // told cell by cell below
    }
  }

  private void look(Cell cell) {
    long now = System.nanoTime();
    if (now - cell.looked < PACE) {
      return; // who measures must not be the load
    }
    if (cell.begins == 0 && fabric.areKnown(cell.one, cell.two)) {
      cell.begins = now;
    }
    if (cell.begins != 0 && fabric.linked(cell.one, cell.two, cell.wanted)) {
      cell.took = Duration.ofNanos(now - cell.begins);
    }
    cell.looked = System.nanoTime();
  }

  private void judge(Cell cell) {
    String line = String.format("%-36s %-8s %s", cell.title, cell.wanted, cell.seen());
    cells.add(line);
    System.out.println(line);
    if (!cell.isGood()) {
      wrong.add(line + "\n" + fabric.explain(cell.one, cell.two));
    }
  }
}
