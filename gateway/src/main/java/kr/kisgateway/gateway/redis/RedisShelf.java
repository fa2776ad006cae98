package kr.kisgateway.gateway.redis;

import io.lettuce.core.SetArgs;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.quote.QuoteShelf;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.gateway.risk.MarketFacts.Standing;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prices in Redis, under {@code kis-gateway:ENV:quote:SYMBOL}, for as long as they may be told. A text of fields with the
 * form's version before them: what another release wrote is a miss.
 */
public final class RedisShelf implements QuoteShelf {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.redis");
    private static final String FORM = "1";
    private static final int FIELDS = 15;

    private final RedisLink redis;
    private final String prefix;
    private final Duration life;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /**
     * @param environment sim, mock or live: prices of one are none of another
     * @param life how long Redis keeps a price
     */
    public RedisShelf(RedisLink redis, String environment, Duration life) {
        this.redis = redis;
        this.prefix = "kis-gateway:" + environment + ":quote:";
        this.life = life;
    }

    @Override
    public Optional<Kept> find(Symbol symbol) {
        var found = redis.ask(commands -> commands.get(prefix + symbol.code())).flatMap(RedisShelf::read);
        (found.isPresent() ? hits : misses).increment();
        return found;
    }

    @Override
    public void put(Symbol symbol, Kept kept) {
        redis.ask(commands -> commands.set(prefix + symbol.code(), write(kept), SetArgs.Builder.px(life.toMillis())));
    }

    @Override
    public void drop(Symbol symbol) {
        redis.ask(commands -> commands.del(prefix + symbol.code()));
    }

    @Override
    public Duration life() {
        return life;
    }

    @Override
    public Figures figures() {
        return new Figures(hits.sum(), misses.sum(), redis.failures());
    }

    private static String write(Kept kept) {
        var quote = kept.quote();
        return String.join(
                "|",
                FORM,
                Long.toString(kept.at().toEpochMilli()),
                Long.toString(quote.price()),
                Long.toString(quote.change()),
                quote.changePct().toPlainString(),
                Long.toString(quote.open()),
                Long.toString(quote.high()),
                Long.toString(quote.low()),
                Long.toString(quote.volume()),
                Long.toString(quote.turnover()),
                optional(quote.marketCap()),
                optional(quote.lower()),
                optional(quote.upper()),
                quote.standing().name(),
                FORM);
    }

    private static Optional<Kept> read(String text) {
        var fields = text.split("\\|", -1);
        if (fields.length != FIELDS || !fields[0].equals(FORM) || !fields[FIELDS - 1].equals(FORM)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Kept(
                    new RestQuote(
                            Long.parseLong(fields[2]),
                            Long.parseLong(fields[3]),
                            new BigDecimal(fields[4]),
                            Long.parseLong(fields[5]),
                            Long.parseLong(fields[6]),
                            Long.parseLong(fields[7]),
                            Long.parseLong(fields[8]),
                            Long.parseLong(fields[9]),
                            optional(fields[10]),
                            optional(fields[11]),
                            optional(fields[12]),
                            Standing.valueOf(fields[13])),
                    Instant.ofEpochMilli(Long.parseLong(fields[1]))));
        } catch (IllegalArgumentException e) {
            // Somebody else wrote it: no price is better than a wrong one.
            LOG.warn("redis_quote_unreadable");
            return Optional.empty();
        }
    }

    private static String optional(OptionalLong value) {
        return value.isPresent() ? Long.toString(value.getAsLong()) : "";
    }

    private static OptionalLong optional(String text) {
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }
}
