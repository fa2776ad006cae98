package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MoneyTest {
    @Property
    void a_printed_amount_parses_to_the_same_amount(@ForAll long units, @ForAll Currency currency) {
        var money = new Money(currency, units);
        assertThat(Money.parse(currency, money.toDecimal().toPlainString())).isEqualTo(money);
    }

    @Test
    void won_with_a_fraction_is_refused_instead_of_rounded() {
        assertThat(Money.parse(Currency.KRW, "71500.0000")).isEqualTo(Money.won(71_500));
        assertThatThrownBy(() -> Money.parse(Currency.KRW, "71500.5")).isInstanceOf(ArithmeticException.class);
        assertThat(Money.parse(Currency.USD, "187.34")).isEqualTo(new Money(Currency.USD, 1_873_400));
    }

    @Test
    void sums_that_overflow_or_mix_currencies_are_refused() {
        assertThatThrownBy(() -> Money.won(Long.MAX_VALUE).plus(Money.won(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Money.won(Long.MAX_VALUE).times(2)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Money.won(Long.MIN_VALUE).minus(Money.won(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Money.won(1).plus(new Money(Currency.USD, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void amounts_of_one_currency_are_ordered_and_those_of_two_are_not() {
        assertThat(Money.won(71_500)).isGreaterThan(Money.won(71_400)).isLessThan(Money.won(71_600));
        assertThat(Money.won(71_500)).isEqualByComparingTo(Money.won(71_500));
        assertThatThrownBy(() -> Money.won(1).compareTo(new Money(Currency.USD, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("KRW and USD do not add up");
    }

    @Test
    void an_amount_is_printed_with_the_decimals_of_its_currency() {
        assertThat(Money.won(71_500)).hasToString("71500 KRW");
        assertThat(new Money(Currency.USD, 1_873_400)).hasToString("187.3400 USD");
        assertThat(new Money(Currency.HKD, -5)).hasToString("-0.005 HKD");
    }
}
