package io.weft.billing.source;

import io.weft.support.Json;
import io.weft.support.JsonReader;
import io.weft.support.http.HttpReply;
import io.weft.support.http.HttpServers;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A node of an Ethereum-like chain, asked by JSON-RPC over HTTP. What it says is checked, since it is not ours. */
final class EvmRpc {

  /** A block that is in the chain now. */
  record Block(long number, String hash, long time) {}

  /** A transfer of the token, as its contract logged it. */
  record Transfer(long block, String blockHash, String transaction, long index, String from, BigInteger amount) {}

  /** {@code Transfer(address,address,uint256)}. */
  static final String TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

  private static final int NUMBER_DIGITS = 16;
  private static final int OK = 200;

  private final HttpServers servers;
  private final String path;

  EvmRpc(URI url, Duration timeout, Executor executor) {
    this.path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    this.servers = new HttpServers(List.of(url.resolve("/")), timeout, null, executor);
  }

  long chainId() throws IOException, InterruptedException {
    return number(call("eth_chainId"), "the chain id");
  }

  long head() throws IOException, InterruptedException {
    return number(call("eth_blockNumber"), "the newest block");
  }

  /** Empty if the node does not have it (yet). */
  Optional<Block> block(long number) throws IOException, InterruptedException {
    Object answer = call("eth_getBlockByNumber", hex(number), false);
    if (answer == null) {
      return Optional.empty();
    }
    Map<?, ?> block = map(answer, "a block");
    if (number(block.get("number"), "the number of a block") != number) {
      throw new MalformedDeposits("another block than the one that was asked for");
    }
    return Optional.of(new Block(number, word(block.get("hash"), "the hash of a block"),
        number(block.get("timestamp"), "a time")));
  }

  /** Transfers of the token to the vault in these blocks. */
  List<Transfer> transfers(String token, String vault, long from, long to) throws IOException, InterruptedException {
    Map<String, Object> filter = new LinkedHashMap<>();
    filter.put("fromBlock", hex(from));
    filter.put("toBlock", hex(to));
    filter.put("address", token);
    List<@Nullable Object> topics = new ArrayList<>();
    topics.add(TRANSFER);
    topics.add(null);
    topics.add(topic(vault));
    filter.put("topics", topics);
    if (!(call("eth_getLogs", filter) instanceof List<?> logs)) {
      throw new MalformedDeposits("expected a list of logs");
    }
    List<Transfer> transfers = new ArrayList<>();
    for (Object log : logs) {
      Map<?, ?> map = map(log, "a log");
      if (!Boolean.TRUE.equals(map.get("removed"))) {
        transfers.add(transfer(map, token, vault, from, to));
      }
    }
    return transfers;
  }

  /** How many transfers of the token to the vault this transaction made; none if it is in no block, or failed. */
  long transfersIn(String transaction, String token, String vault) throws IOException, InterruptedException {
    Object answer = call("eth_getTransactionReceipt", transaction);
    if (answer == null) {
      return 0;
    }
    Map<?, ?> receipt = map(answer, "a receipt");
    if (!transaction.equals(word(receipt.get("transactionHash"), "a transaction"))) {
      throw new MalformedDeposits("another transaction than the one that was asked for");
    }
    if (number(receipt.get("status"), "the status of a transaction") != 1 || !(receipt.get("logs") instanceof List<?> logs)) {
      return 0;
    }
    Set<Long> found = new HashSet<>();
    for (Object log : logs) {
      Map<?, ?> map = map(log, "a log");
      if (isTransfer(map, token, vault)) {
        found.add(number(map.get("logIndex"), "the index of a log"));
      }
    }
    return found.size();
  }

  private static boolean isTransfer(Map<?, ?> log, String token, String vault) {
    return log.get("topics") instanceof List<?> topics && topics.size() == 3 && TRANSFER.equals(topics.get(0))
        && topic(vault).equalsIgnoreCase(String.valueOf(topics.get(2)))
            && token.equalsIgnoreCase(String.valueOf(log.get("address")));
  }

  /** Whatever the node was asked for: only what we wanted is taken. */
  private static Transfer transfer(Map<?, ?> log, String token, String vault, long from, long to) throws MalformedDeposits {
    if (!isTransfer(log, token, vault) || !(log.get("topics") instanceof List<?> topics)) {
      throw new MalformedDeposits("a log of something else than a transfer to the vault");
    }
    long block = number(log.get("blockNumber"), "the block of a log");
    if (block < from || block > to) {
      throw new MalformedDeposits("a log of block " + block + ", which was not asked for");
    }
    String sender = word(topics.get(1), "a topic");
    return new Transfer(block, word(log.get("blockHash"), "the block of a log"),
        word(log.get("transactionHash"), "a transaction"),
        number(log.get("logIndex"), "the index of a log"), "0x" + sender.substring(sender.length() - 40),
        new BigInteger(word(log.get("data"), "an amount").substring(2), 16));
  }

  private @Nullable Object call(String method, Object... parameters) throws IOException, InterruptedException {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("jsonrpc", "2.0");
    request.put("id", 1);
    request.put("method", method);
    request.put("params", List.of(parameters));
    byte[] body = Json.compact(request).getBytes(StandardCharsets.UTF_8);
    HttpReply reply;
    try {
      reply = servers.send("POST", path, body, Map.of("Content-Type", "application/json")).get();
    } catch (ExecutionException e) {
      throw new IOException(method + ": " + e.getCause().getMessage(), e.getCause());
    }
    if (reply.status() != OK) {
      throw new IOException(method + ": the node answers with HTTP " + reply.status());
    }
    return result(method, new String(reply.body(), StandardCharsets.UTF_8));
  }

  static @Nullable Object result(String method, String text) throws MalformedDeposits {
    Object answer;
    try {
      answer = JsonReader.read(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedDeposits(method + ": " + e.getMessage(), e);
    }
    Map<?, ?> map = map(answer, "an answer");
    if (map.get("error") instanceof Map<?, ?> error) {
      throw new MalformedDeposits(method + ": the node answers with error "
          + (error.get("code") instanceof Long code ? code : 0));
    }
    if (!map.containsKey("result")) {
      throw new MalformedDeposits(method + ": neither a result nor an error");
    }
    return map.get("result");
  }

  private static Map<?, ?> map(@Nullable Object value, String what) throws MalformedDeposits {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new MalformedDeposits("expected " + what);
  }

  static long number(@Nullable Object value, String what) throws MalformedDeposits {
    if (value instanceof String text && text.matches("0x[0-9a-fA-F]{1," + NUMBER_DIGITS + "}")) {
      try {
        return Long.parseLong(text.substring(2), 16);
      } catch (NumberFormatException e) {
        throw new MalformedDeposits(what + " is too large", e);
      }
    }
    throw new MalformedDeposits("expected " + what + " as 0x and hexadecimal digits");
  }

  /** 32 bytes in lower case. */
  private static String word(@Nullable Object value, String what) throws MalformedDeposits {
    if (value instanceof String text && text.matches("0x[0-9a-fA-F]{64}")) {
      return text.toLowerCase(Locale.ROOT);
    }
    throw new MalformedDeposits("expected " + what + " as 0x and 64 hexadecimal digits");
  }

  private static String topic(String address) {
    return "0x" + "0".repeat(24) + address.substring(2).toLowerCase(Locale.ROOT);
  }

  private static String hex(long number) {
    return "0x" + Long.toHexString(number);
  }
}
