package io.weft.testkit.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.DepositSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeDepositSourceTest extends DepositSourceContract {

  private final FakeDepositSource source = new FakeDepositSource("fake");

  @Override
  protected DepositSource source() {
    return source;
  }

  @Override
  protected void pay(List<String> payers) {
    payers.forEach(payer -> source.pay(payer, BigDecimal.ONE));
  }

  @Override
  protected String payer(int number) {
    return "payer-" + number;
  }

  @Test
  void givesAgainWhatItForgotAndNamesWhatVanished() throws Exception {
    pay(List.of("x", "y"));
    String cursor = source.read("", 10).cursor();
    assertThat(source.read(cursor, 10).deposits()).isEmpty();
    source.forgetful(true);
    assertThat(source.read(cursor, 10).deposits()).hasSize(2);
    source.vanish("deposit-1");
    assertThat(source.gone(List.of("deposit-0", "deposit-1"))).containsExactly("deposit-1");
    source.broken(true);
    assertThatThrownBy(() -> source.read(cursor, 10)).isInstanceOf(IOException.class);
  }
}
