package io.weft.billing.source;

import io.weft.billing.Deposit;
import io.weft.billing.DepositBatch;
import io.weft.billing.DepositSource;
import io.weft.node.Names;
import io.weft.support.dcs.DcsThreads;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transfers of a token to a vault on an Ethereum-like chain. A block counts when so many others are on top of it. Should the
 * chain change below that all the same, the source goes back and gives everything again; what it gave before keeps its id, and so
 * is credited once.
 */
@Component(name = "weft.billing.deposits.evm", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = EvmSource.Config.class, factory = true)
public final class EvmSource implements DepositSource {

  private static final Logger log = LoggerFactory.getLogger(EvmSource.class);
  private static final int BACK = 4;
  private static final Pattern ID = Pattern.compile("([0-9]{1,18}):(0x[0-9a-f]{64})(?::([0-9]{1,9}))?");

  private final Config config;
  private final EvmRpc rpc;
  private final ExecutorService executor = DcsThreads.create("billing-evm", 1);

  /** One entry of section {@code billing.deposits.evm}. */
  @ObjectClassDefinition(
      name = "Weft: deposits from a chain",
      description = "Transfers of a token to a vault on an Ethereum-like chain, by JSON-RPC.")
  @interface Config {

    @AttributeDefinition(description =
        "Name of the source, a part of the reference of every credit: never change it. Applies at once.")
    String name();

    @AttributeDefinition(description = "Where a node of the chain is asked, such as http://127.0.0.1:8545/. Applies at once.")
    String url();

    @AttributeDefinition(min = "1", description = "Id of the chain; a node of another one is refused. Applies at once.")
    long chain_id();

    @AttributeDefinition(description = "Address of the contract of the token, 0x and 40 hexadecimal digits. Applies at once.")
    String contract();

    @AttributeDefinition(description = "Address that deposits are sent to, 0x and 40 hexadecimal digits. Applies at once.")
    String vault();

    @AttributeDefinition(required = false, min = "0", max = "18", description = "Decimals of the token. Applies at once.")
    int decimals() default 18;

    @AttributeDefinition(
        required = false,
        min = "0",
        max = "10000",
        description = "How many blocks have to be on top of one before it counts. Applies at once.")
    int confirmations() default 12;

    @AttributeDefinition(required = false, min = "0",
        description = "The first block to look into. Applies when nothing was read so far.")
    long start_block() default 0;

    @AttributeDefinition(
        required = false,
        min = "1",
        max = "100000",
        description = "Most blocks that are asked for at once. Applies at once.")
    int blocks_max() default 1_000;

    @AttributeDefinition(
        required = false,
        min = "200",
        max = "60000",
        description = "Milliseconds after which an answer is no longer waited for. Applies at once.")
    int timeout_ms() default 10_000;
  }

  @Activate
  public EvmSource(Config config) {
    Names.check("billing.deposits.evm.name", config.name());
    this.config = config;
    address("contract", config.contract());
    address("vault", config.vault());
    this.rpc = new EvmRpc(url(config.url()), Duration.ofMillis(config.timeout_ms()), executor);
  }

  private static void address(String key, String text) {
    if (!text.matches("0x[0-9a-fA-F]{40}")) {
      throw new IllegalArgumentException("billing.deposits.evm." + key + ": expected 0x and 40 hexadecimal digits");
    }
  }

  private static URI url(String text) {
    try {
      URI url = URI.create(text);
      if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null
          && url.getUserInfo() == null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("billing.deposits.evm.url: expected one such as http://127.0.0.1:8545/", e);
    }
    throw new IllegalArgumentException("billing.deposits.evm.url: expected one such as http://127.0.0.1:8545/");
  }

  @Deactivate
  void close() {
    executor.shutdownNow();
  }

  @Override
  public String name() {
    return config.name();
  }

  /** The last block that was read; the hash is empty before there was one. */
  private record Cursor(long block, String hash) {

    static Cursor parse(String text, long start) {
      String[] parts = text.split(" ");
      return parts.length == 2 && parts[0].matches("[0-9]{1,18}") ? new Cursor(Long.parseLong(parts[0]), parts[1])
          : new Cursor(start - 1, "");
    }

    String text() {
      return hash.isEmpty() ? "" : block + " " + hash;
    }
  }

  @Override
  public DepositBatch read(String cursor, int max) throws IOException, InterruptedException {
    chain();
    long last = rpc.head() - config.confirmations();
    Cursor at = back(Cursor.parse(cursor, config.start_block()));
    long to = Math.min(last, at.block() + config.blocks_max());
    if (to <= at.block()) {
      return new DepositBatch(List.of(), at.text(), false); // also a node that is behind the one that was asked before
    }
    List<EvmRpc.Transfer> transfers = transfers(at.block() + 1, to);
    while (transfers.size() > max && to > at.block() + 1) {
      to = at.block() + 1 + (to - at.block() - 1) / 2;
      transfers = transfers(at.block() + 1, to);
    }
    EvmRpc.Block end = block(to);
    return new DepositBatch(deposits(transfers), new Cursor(to, end.hash()).text(), to < last);
  }

  /** To where the chain is still the one that was read, if it changed. */
  private Cursor back(Cursor at) throws IOException, InterruptedException {
    if (at.hash().isEmpty()) {
      return at;
    }
    Optional<EvmRpc.Block> now = rpc.block(at.block());
    if (now.isEmpty() || now.get().hash().equals(at.hash())) {
      return at;
    }
    long to = Math.max(config.start_block() - 1, at.block() - Math.max(1L, (long) config.confirmations() * BACK));
    log.warn("chain changed below what was final source={} block={} again_from={} "
        + "what=\"deposits that are gone from it stay credited; billing verify names them after the next reconciliation\"",
        config.name(), at.block(), to + 1);
    return new Cursor(to, to < 0 ? "" : rpc.block(to).map(EvmRpc.Block::hash).orElse(""));
  }

  private List<EvmRpc.Transfer> transfers(long from, long to) throws IOException, InterruptedException {
    return rpc.transfers(config.contract(), config.vault(), from, to);
  }

  private EvmRpc.Block block(long number) throws IOException, InterruptedException {
    return rpc.block(number).orElseThrow(() ->
        new IOException("the node does not have block " + number + "; it is asked again later"));
  }

  /** Logs that are not of the blocks that are in the chain now come from a node in the middle of a change: asked again later. */
  private List<Deposit> deposits(List<EvmRpc.Transfer> transfers) throws IOException, InterruptedException {
    Map<Long, EvmRpc.Block> blocks = new HashMap<>();
    Map<String, Integer> perTransaction = new HashMap<>();
    List<Deposit> deposits = new ArrayList<>();
    List<EvmRpc.Transfer> ordered = new ArrayList<>(new LinkedHashSet<>(transfers)); // some nodes tell a log twice
    ordered.sort(Comparator.comparingLong(EvmRpc.Transfer::block).thenComparingLong(EvmRpc.Transfer::index));
    for (EvmRpc.Transfer transfer : ordered) {
      EvmRpc.Block block = blocks.get(transfer.block());
      if (block == null) {
        block = block(transfer.block());
        blocks.put(transfer.block(), block);
      }
      if (!block.hash().equals(transfer.blockHash())) {
        throw new IOException("block " + transfer.block() + " changed while it was read; it is asked again later");
      }
      int nth = perTransaction.merge(transfer.transaction(), 1, Integer::sum);
      if (transfer.amount().signum() > 0) {
        deposits.add(new Deposit(id(transfer.transaction(), nth), transfer.from(),
            new BigDecimal(transfer.amount(), config.decimals()),
            Instant.ofEpochSecond(block.time())));
      }
    }
    return deposits;
  }

  @Override
  public List<String> gone(List<String> ids) throws IOException, InterruptedException {
    chain();
    List<String> gone = new ArrayList<>();
    for (String id : ids) {
      Matcher parts = ID.matcher(id);
      if (parts.matches() && Long.parseLong(parts.group(1)) == config.chain_id()) {
        long nth = parts.group(3) == null ? 1 : Long.parseLong(parts.group(3));
        if (rpc.transfersIn(parts.group(2), config.contract(), config.vault()) < nth) {
          gone.add(id);
        }
      }
    }
    return gone;
  }

  private void chain() throws IOException, InterruptedException {
    long chain = rpc.chainId();
    if (chain != config.chain_id()) {
      throw new IOException("billing.deposits.evm.url leads to chain " + chain + ", not to " + config.chain_id());
    }
  }

  /** The place within the transaction, not within the block: that one changes when the transaction ends up in another block. */
  private String id(String transaction, int nth) {
    return config.chain_id() + ":" + transaction + (nth == 1 ? "" : ":" + nth);
  }
}
