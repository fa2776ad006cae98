package kr.kisgateway.gateway.stream;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.gateway.quote.LastUsTick;
import kr.kisgateway.gateway.quote.UsQuoteStore;
import kr.kisgateway.market.UsSymbol;

/**
 * Topics of US stocks without their bars ({@link StreamBars}). Topics are never removed, like the Korean ones; the listing
 * bounds them.
 */
final class UsTopics {
    private final UsQuoteStore store;
    private final StreamCounters counters;
    private final ConcurrentHashMap<String, Topic<LastUsTick>> quotes = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Topic<LastUsTick>> trades = new ConcurrentHashMap<>();

    UsTopics(UsQuoteStore store, StreamCounters counters) {
        this.store = store;
        this.counters = counters;
    }

    void trade(LastUsTick tick) {
        publish(trades, tick.symbol(), tick);
        publish(quotes, tick.symbol(), tick);
    }

    void polled(LastUsTick tick) {
        publish(quotes, tick.symbol(), tick);
    }

    private static <T> void publish(ConcurrentHashMap<String, Topic<T>> topics, UsSymbol symbol, T value) {
        var topic = topics.get(symbol.code());
        if (topic != null) {
            topic.publish(value);
        }
    }

    Topic<?> topic(Channel channel, UsSymbol symbol) {
        return switch (channel) {
            case QUOTES ->
                quotes.computeIfAbsent(
                        symbol.code(),
                        code -> new Topic<>(
                                channel,
                                code,
                                UsStreamJson::quote,
                                counters,
                                store.last(symbol).orElse(null)));
            case TRADES ->
                trades.computeIfAbsent(
                        symbol.code(),
                        code -> new Topic<>(
                                channel,
                                code,
                                UsStreamJson::trade,
                                counters,
                                store.last(symbol)
                                        .filter(last -> !last.polled())
                                        .orElse(null)));
            case BOOKS, ORDERS, EXECUTIONS, SESSION, ALERTS, BARS_1M, BARS_3M, BARS_5M, BARS_10M, BARS_30M, BARS_60M ->
                throw new IllegalArgumentException("not a per-symbol channel of a US stock");
        };
    }

    /** The topic; empty when it never had a subscriber. */
    Optional<Topic<?>> findTopic(Channel channel, String code) {
        return Optional.ofNullable(
                switch (channel) {
                    case QUOTES -> quotes.get(code);
                    case TRADES -> trades.get(code);
                    case BOOKS -> null;
                    case ORDERS, EXECUTIONS, SESSION, ALERTS -> null;
                    case BARS_1M, BARS_3M, BARS_5M, BARS_10M, BARS_30M, BARS_60M -> null;
                });
    }
}
