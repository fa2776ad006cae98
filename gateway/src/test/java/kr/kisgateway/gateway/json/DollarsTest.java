package kr.kisgateway.gateway.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import kr.kisgateway.market.Currency;
import org.junit.jupiter.api.Test;

class DollarsTest {
    @Test
    void an_answer_with_more_decimals_than_a_unit_has_is_rounded_and_a_push_is_refused() {
        assertThat(Dollars.roundedUnits(new BigDecimal("187.34005"))).isEqualTo(1_873_401);
        assertThat(Dollars.roundedUnits(new BigDecimal("-0.00004"))).isZero();
        assertThat(Dollars.units(new BigDecimal("187.3400"))).isEqualTo(1_873_400);
        assertThatThrownBy(() -> Dollars.units(new BigDecimal("187.34005"))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Dollars.roundedUnits(new BigDecimal("1E+300")))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void an_amount_is_written_exactly_in_its_currency_and_without_trailing_zeros() {
        var json = new JsonBuffer(64)
                .beginArray()
                .amount(Currency.KRW, 70_000)
                .amount(Currency.USD, 1_873_400)
                .amount(Currency.USD, -1)
                .amount(Currency.USD, 0)
                .amount(Currency.USD, 100_000_000)
                .endArray();
        assertThat(new String(json.toBytes(), StandardCharsets.UTF_8)).isEqualTo("[70000,187.34,-0.0001,0,10000]");
    }
}
