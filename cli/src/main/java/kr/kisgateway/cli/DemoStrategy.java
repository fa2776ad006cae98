package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Two moving averages of one stock: it buys when the short one rises above the long one, and sells all when it falls below. It decides by
 * prices alone and knows neither orders nor a gateway. Not for several threads.
 */
final class DemoStrategy {
    private final int shortLength;
    private final int longLength;
    private final Deque<BigDecimal> prices = new ArrayDeque<>();
    private Optional<Boolean> wasAbove = Optional.empty();

    /** What the averages say. */
    enum Signal {
        BUY,
        SELL,
        NONE
    }

    /** @param shortLength prices of the short average, fewer than {@code longLength} */
    DemoStrategy(int shortLength, int longLength) {
        this.shortLength = shortLength;
        this.longLength = longLength;
    }

    /** Takes the next price; says nothing before the long average is complete. */
    Signal accept(BigDecimal price) {
        prices.addLast(price);
        if (prices.size() > longLength) {
            prices.removeFirst();
        }
        if (prices.size() < longLength) {
            return Signal.NONE;
        }
        int order = average(shortLength).compareTo(average(longLength));
        if (order == 0) {
            return Signal.NONE;
        }
        boolean isAbove = order > 0;
        boolean crossed = wasAbove.isPresent() && wasAbove.get() != isAbove;
        wasAbove = Optional.of(isAbove);
        return !crossed ? Signal.NONE : isAbove ? Signal.BUY : Signal.SELL;
    }

    private BigDecimal average(int length) {
        return prices.stream()
                .skip(prices.size() - (long) length)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .divide(BigDecimal.valueOf(length), MathContext.DECIMAL64);
    }
}
