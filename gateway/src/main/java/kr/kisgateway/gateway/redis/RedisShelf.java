package kr.kisgateway.gateway.redis;

import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.orderbook.BookSource;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.gateway.quote.UsFigures;
import kr.kisgateway.gateway.quote.UsQuotes;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prices and order books in Redis, under {@code kis-gateway:ENV:quote:SYMBOL} and {@code …:book:SYMBOL}, for as long as they may be told. A text of fields with the
 * form's version before and behind them: what another release wrote is a miss.
 */
public final class RedisShelf<K, V> implements Shelf<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.redis");
    private static final String FORM = "1";
    /** The form twice, and when KIS said it. */
    private static final int AROUND = 3;

    private final RedisLink redis;
    private final String prefix;
    private final Function<K, String> name;
    private final Codec<V> codec;
    private final Duration life;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /** How a value is written as fields, in which no {@code |} may stand. */
    interface Codec<V> {
        /** As many as {@link #count} says. */
        List<String> write(V value);

        int count();

        /** @throws IllegalArgumentException when a field holds what it cannot hold */
        V read(List<String> fields);
    }

    private RedisShelf(
            RedisLink redis, String environment, String kind, Function<K, String> name, Codec<V> codec, Duration life) {
        this.redis = redis;
        this.prefix = "kis-gateway:" + environment + ":" + kind + ":";
        this.name = name;
        this.codec = codec;
        this.life = life;
    }

    /**
     * Of Korean prices.
     *
     * @param environment sim, mock or live: prices of one are none of another
     * @param life how long Redis keeps a price
     */
    public static RedisShelf<Symbol, RestQuote> korean(RedisLink redis, String environment, Duration life) {
        return new RedisShelf<>(redis, environment, "quote", Symbol::code, new RestQuoteCodec(), life);
    }

    /** Of American prices, those of the day market under a name of their own; otherwise as {@link #korean}. */
    public static RedisShelf<UsQuotes.Asked, UsFigures> american(RedisLink redis, String environment, Duration life) {
        return new RedisShelf<>(
                redis,
                environment,
                "quote",
                asked -> asked.symbol().code() + (asked.dayMarket() ? ":day-market" : ""),
                new UsFiguresCodec(),
                life);
    }

    /**
     * Of Korean order books.
     *
     * @param life how long Redis keeps a book
     */
    public static RedisShelf<Symbol, BookSource.Asked> books(RedisLink redis, String environment, Duration life) {
        return new RedisShelf<>(redis, environment, "book", Symbol::code, new BookCodec(), life);
    }

    @Override
    public Optional<Kept<V>> find(K key) {
        var found =
                redis.ask(commands -> commands.get(prefix + name.apply(key))).flatMap(this::read);
        (found.isPresent() ? hits : misses).increment();
        return found;
    }

    @Override
    public void put(K key, Kept<V> kept) {
        redis.ask(commands -> commands.set(prefix + name.apply(key), write(kept), SetArgs.Builder.px(life.toMillis())));
    }

    @Override
    public void drop(K key) {
        redis.ask(commands -> commands.del(prefix + name.apply(key)));
    }

    @Override
    public Duration life() {
        return life;
    }

    @Override
    public Figures figures() {
        return new Figures(hits.sum(), misses.sum(), redis.failures());
    }

    private String write(Kept<V> kept) {
        var around = Stream.of(
                Stream.of(FORM, Long.toString(kept.at().toEpochMilli())),
                codec.write(kept.value()).stream(),
                Stream.of(FORM));
        return String.join("|", around.flatMap(Function.identity()).toList());
    }

    private Optional<Kept<V>> read(String text) {
        var fields = Arrays.asList(text.split("\\|", -1));
        if (fields.size() != codec.count() + AROUND
                || !fields.getFirst().equals(FORM)
                || !fields.getLast().equals(FORM)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Kept<>(
                    codec.read(fields.subList(2, fields.size() - 1)),
                    Instant.ofEpochMilli(Long.parseLong(fields.get(1)))));
        } catch (IllegalArgumentException e) {
            // Somebody else wrote it: no price is better than a wrong one.
            LOG.warn("redis_value_unreadable");
            return Optional.empty();
        }
    }
}
