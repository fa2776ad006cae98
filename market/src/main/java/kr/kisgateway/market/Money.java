package kr.kisgateway.market;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * An exact amount: {@code units} of {@code currency}, KRW in whole won, USD in ten-thousandths of a dollar. Arithmetic
 * that would not be exact throws {@link ArithmeticException}; nothing rounds.
 */
public record Money(Currency currency, long units) implements Comparable<Money> {
    public Money {
        Objects.requireNonNull(currency);
    }

    /** {@code won} whole won. */
    public static Money won(long won) {
        return new Money(Currency.KRW, won);
    }

    /**
     * Reads decimal text: {@code "71500.0000"} KRW is 71500 won.
     *
     * @throws ArithmeticException when the text has more decimals than the currency, as {@code "71500.5"} KRW
     * @throws NumberFormatException when the text is not a number
     */
    public static Money parse(Currency currency, String text) {
        return new Money(
                currency,
                new BigDecimal(text).movePointRight(currency.decimals()).longValueExact());
    }

    public Money plus(Money other) {
        return new Money(requireSameCurrency(other), Math.addExact(units, other.units));
    }

    public Money minus(Money other) {
        return new Money(requireSameCurrency(other), Math.subtractExact(units, other.units));
    }

    public Money times(long quantity) {
        return new Money(currency, Math.multiplyExact(units, quantity));
    }

    /** The amount as an exact decimal of the currency, for printing. */
    public BigDecimal toDecimal() {
        return BigDecimal.valueOf(units, currency.decimals());
    }

    @Override
    public int compareTo(Money other) {
        requireSameCurrency(other);
        return Long.compare(units, other.units);
    }

    @Override
    public String toString() {
        return toDecimal().toPlainString() + " " + currency;
    }

    private Currency requireSameCurrency(Money other) {
        if (currency != other.currency) {
            throw new IllegalArgumentException(currency + " and " + other.currency + " do not add up");
        }
        return currency;
    }
}
