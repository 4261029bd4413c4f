package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.weft.itests.Command;
import io.weft.itests.net.Ports;
import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import io.weft.testkit.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The samples of the four kinds of billing, in a node that keeps books: what each of them says moves money, or hears of it. */
class BillingPluginsIT {

  private static final Duration SOON = Duration.ofMinutes(2);
  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH").withZone(ZoneOffset.UTC);
  private static final List<String> PLUGINS = List.of("usage-files", "tier-plan", "bank-statements", "low-balance");
  private static final String PAYER = "DE89370400440532013000";

  private final List<String> notices = new CopyOnWriteArrayList<>();
  private PostgresServer server;
  private ProcessFabric fabric;
  private HttpServer listener;

  @AfterEach
  void stop() {
    if (fabric != null) {
      fabric.close();
    }
    if (listener != null) {
      listener.stop(0);
    }
    if (server != null) {
      server.close(); // null where the machine has none, and all of this is skipped
    }
  }

  @Test
  void usageIsMeteredRatedAndChargedAndTransfersArrive() throws Exception {
    server = new PostgresServer("fsync=off");
    listen();
    NodeProcess node = start();
    usage(node, 150);
    statement(node, "1.xml", transfer("tx-1", "20.00"));
    Await.until("the plugins to be there", SOON, () -> {
      String status = node.ask("billing", "status").out();
      return status.contains("tier-plan") && status.contains("calls");
    });
    Path accounts = Files.writeString(node.home().resolve("accounts.csv"), PAYER + ",0\n");
    Command.Result opened = node.ask("billing", "import", accounts.toString(), "--since", hour(-2), "--credit", "100", "--yes");
    assertThat(opened.exitCode()).as(opened.err()).isZero();

    // 50 of 150 calls are beyond what is free, at 0.01 each; by the plan that ships they would cost nothing.
    Await.until("two hours to be charged", SOON,
        () -> query("SELECT count(*) FROM weft_billing.periods WHERE done_at IS NOT NULL").matches("[2-4]"));
    assertThat(query("SELECT string_agg(DISTINCT account || ' ' || trim_scale(amount), ';') FROM weft_billing.entries "
        + "WHERE type = 'charge'")).isEqualTo("1 -0.5");

    statement(node, "2.xml", transfer("tx-1", "20.00") + transfer("tx-2", "5.00")); // the first one again
    Await.until("the transfers to be credited", SOON,
        () -> query("SELECT count(*) FROM weft_billing.entries WHERE type = 'deposit'").equals("2"));
    assertThat(query("SELECT string_agg(reference || ' ' || trim_scale(amount), ';' ORDER BY reference) "
        + "FROM weft_billing.entries WHERE type = 'deposit' AND account = 1")).matches("bank:[0-9a-f]+/tx-1 20;bank:[0-9a-f]+/tx-2 5");
    assertThat(query("SELECT trim_scale(balance - 25 + 0.5 * (SELECT count(*) FROM weft_billing.entries WHERE type = 'charge')) "
        + "FROM weft_billing.accounts WHERE number = 1")).isEqualTo("0");

    Await.until("the notice of a low balance", SOON, () -> !notices.isEmpty());
    assertThat(notices.get(0)).contains("\"account\":1", "\"below\":\"50\"").doesNotContain(PAYER);
    assertThat(node.log()).doesNotContain(PAYER);
    assertThat(node.ask("billing", "verify").exitCode()).isZero();
  }

  private void listen() throws IOException {
    listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    listener.createContext("/low", exchange -> {
      notices.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
    });
    listener.start();
  }

  private NodeProcess start() throws IOException {
    NodeConfig config = new NodeConfig("books", "127.0.0.1:" + Ports.freeUdp())
        .line("plugins: {unsigned: allow}")
        .line("store.postgres: {url: \"" + server.url() + "\", connections: 4}")
        .line("billing: {settle.seconds: 0, deduction.every.seconds: 1, deposit.every.seconds: 1}")
        .line("usage-files: {meter: calls, folder: data/usage}")
        .line("tier-plan: {meter: calls, unit: 1, tiers: [\"100=0\", \"*=7.2\"]}")
        .line("bank-statements: {name: bank, folder: data/statements, currency: EUR}")
        .line("low-balance: {url: \"http://127.0.0.1:" + listener.getAddress().getPort() + "/low\", below: \"50\"}");
    fabric = ProcessFabric.alone(config);
    NodeProcess node = fabric.node("books").features("core,node,ops,billing");
    for (String folder : List.of("deploy", "data/usage", "data/statements")) {
      Files.createDirectories(node.home().resolve(folder));
    }
    for (String plugin : PLUGINS) {
      Files.copy(Distribution.home().resolve("samples/" + plugin + ".jar"), node.home().resolve("deploy/" + plugin + ".jar"));
    }
    return node.start().awaitReady();
  }

  /** Also of hours to come, since one may begin while this goes on. */
  private static void usage(NodeProcess node, int calls) throws IOException {
    for (int hours = -2; hours <= 1; hours++) {
      Files.writeString(node.home().resolve("data/usage/" + hour(hours) + ".csv"), "1," + calls + "\n2,100\n");
    }
  }

  private static String hour(int from) {
    return HOUR.format(Instant.now().plus(Duration.ofHours(from)));
  }

  private static String transfer(String reference, String amount) {
    return """
        <Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-01-31</Dt></BookgDt>
        <AcctSvcrRef>%s</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><DbtrAcct><Id><IBAN>%s</IBAN></Id></DbtrAcct></RltdPties>
        </TxDtls></NtryDtls></Ntry>""".formatted(amount, reference, PAYER);
  }

  private static void statement(NodeProcess node, String name, String entries) throws IOException {
    Path folder = node.home().resolve("data/statements");
    Files.writeString(folder.resolve(name + ".part"), """
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
        <Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>%s</Stmt></BkToCstmrStmt></Document>
        """.formatted(entries));
    Files.move(folder.resolve(name + ".part"), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private String query(String sql) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(server.url());
    try (Connection connection = source.getConnection(); Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }
}
