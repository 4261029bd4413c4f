package io.weft.billing.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weft.support.Json;
import io.weft.support.JsonReader;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A node of a chain on loopback, whose blocks a test makes and takes back. */
final class EvmStandIn implements AutoCloseable {

  static final String TOKEN = "0x" + "aa".repeat(20);
  static final String VAULT = "0x" + "Bb".repeat(20);

  private record Sent(String transaction, String from, BigInteger amount) {}

  private record Block(String hash, List<Sent> sent) {}

  private final List<Block> blocks = new ArrayList<>();
  private final HttpServer server;
  private int fork;
  private int hidden;
  volatile long chain = 5;
  volatile boolean lying;
  volatile int asked;

  EvmStandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    mine(1);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** Blocks without anything in them. */
  synchronized EvmStandIn mine(int count) {
    for (int i = 0; i < count; i++) {
      blocks.add(new Block(hash("block " + blocks.size() + " of fork " + fork), new ArrayList<>()));
    }
    return this;
  }

  /** A block with transfers in one transaction. */
  synchronized EvmStandIn send(String transaction, String from, String... amounts) {
    mine(1);
    for (String amount : amounts) {
      blocks.get(blocks.size() - 1).sent().add(new Sent(hash(transaction), from, new BigInteger(amount)));
    }
    return this;
  }

  /** The last blocks never were. */
  synchronized EvmStandIn takeBack(int count) {
    blocks.subList(blocks.size() - count, blocks.size()).clear();
    fork++;
    return this;
  }

  /** The last blocks are not known here so far. */
  synchronized void behind(int count) {
    hidden = count;
  }

  static String hash(String text) {
    return "0x" + String.format("%064x", new BigInteger(1, text.getBytes(StandardCharsets.UTF_8)).mod(BigInteger.TWO.pow(250)));
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    asked++;
    Map<?, ?> request = (Map<?, ?>) JsonReader.read(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    List<?> parameters = (List<?>) request.get("params");
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("jsonrpc", "2.0");
    answer.put("id", 1);
    answer.put("result", switch (String.valueOf(request.get("method"))) {
      case "eth_chainId" -> hex(chain);
      case "eth_blockNumber" -> hex(blocks.size() - 1L);
      case "eth_getBlockByNumber" -> block(number(parameters.get(0)));
      case "eth_getTransactionReceipt" -> receipt(String.valueOf(parameters.get(0)));
      default -> logs((Map<?, ?>) parameters.get(0));
    });
    byte[] body = Json.compact(answer).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private Object block(int number) {
    if (number >= blocks.size() - hidden) {
      return null;
    }
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("number", hex(number));
    block.put("hash", blocks.get(number).hash());
    block.put("timestamp", hex(1_767_225_600L + number));
    return block;
  }

  private Object logs(Map<?, ?> filter) {
    List<Object> logs = new ArrayList<>();
    for (int n = number(filter.get("fromBlock")); n <= Math.min(number(filter.get("toBlock")), blocks.size() - 1); n++) {
      int index = n + fork; // another place in the block on another fork
      for (Sent sent : blocks.get(n).sent()) {
        Map<String, Object> log = new LinkedHashMap<>();
        log.put("address", TOKEN);
        log.put("topics", List.of(EvmRpc.TRANSFER, "0x" + "0".repeat(24) + sent.from().substring(2), "0x" + "0".repeat(24)
            + "bb".repeat(20)));
        log.put("data", "0x" + String.format("%064x", sent.amount()));
        log.put("blockNumber", hex(n));
        log.put("blockHash", lying ? hash("another") : blocks.get(n).hash());
        log.put("transactionHash", sent.transaction());
        log.put("logIndex", hex(index++));
        log.put("removed", false);
        logs.add(log);
        if (sent.transaction().equals(hash("twice"))) {
          logs.add(log);
        }
      }
    }
    return logs;
  }

  private Object receipt(String transaction) {
    List<Object> logs = ((List<?>) logs(Map.of("fromBlock", "0x0", "toBlock", hex(blocks.size() - 1L - hidden)))).stream()
        .filter(log -> transaction.equals(((Map<?, ?>) log).get("transactionHash"))).map(Object.class::cast).toList();
    return logs.isEmpty() ? null : Map.of("transactionHash", transaction, "status", "0x1", "logs", logs);
  }

  private static int number(Object hex) {
    return Integer.parseInt(String.valueOf(hex).substring(2), 16);
  }

  private static String hex(long number) {
    return "0x" + Long.toHexString(number);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
