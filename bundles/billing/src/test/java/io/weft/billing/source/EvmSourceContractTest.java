package io.weft.billing.source;

import io.weft.billing.DepositSource;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.billing.DepositSourceContract;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

class EvmSourceContractTest extends DepositSourceContract {

  private final EvmStandIn chain;
  private final List<EvmSource> sources = new ArrayList<>();
  private int paid;

  EvmSourceContractTest() throws IOException {
    chain = new EvmStandIn();
  }

  @AfterEach
  void close() {
    sources.forEach(EvmSource::close);
    chain.close();
  }

  @Override
  protected DepositSource source() {
    EvmSource source = new EvmSource(FakeConfig.of(EvmSource.Config.class,
        Map.of("name", "chain", "url", chain.url(), "chain_id", 5L,
        "contract", EvmStandIn.TOKEN, "vault", EvmStandIn.VAULT, "decimals", 0, "confirmations", 2, "timeout_ms", 30_000)));
    sources.add(source);
    return source;
  }

  @Override
  protected void pay(List<String> payers) {
    payers.forEach(payer -> chain.send("pay " + ++paid, payer, "1"));
    chain.mine(2);
  }

  @Override
  protected String payer(int number) {
    return "0x" + String.format("%040x", 1_000 + number);
  }
}
