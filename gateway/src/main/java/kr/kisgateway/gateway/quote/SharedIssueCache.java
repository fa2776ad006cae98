package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.Collection;
import java.util.Optional;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.cache.SharedCache.Timestamped;
import kr.kisgateway.gateway.quote.QuoteService.QuoteKey;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * KIS's answers about Korean prices that gateways share: the price itself, the issue's limits and trading status for the day,
 * and the previous close. Limits and status end with the trading day, a previous close with the session; a change of the
 * issue (halt, VI, master file) drops all three. Orders are never validated by shared answers.
 */
public final class SharedIssueCache implements SharedCache<QuoteKey, RestQuote> {
    private static final LocalTime CLOSE_TIME = LocalTime.of(15, 30);
    private static final String SEPARATOR = "/";

    private final SharedCache<QuoteKey, RestQuote> prices;
    private final SharedCache<MarketSymbol, IssueFacts> issues;
    private final SharedCache<MarketSymbol, Long> closes;
    private final TradingCalendar calendar;
    private final KrxCalendar exchange = new KrxCalendar();
    private final InstantSource clock;

    /** A previous close in won, and its age. */
    record PreviousClose(long price, long ageMillis) {}

    public SharedIssueCache(
            SharedCache<QuoteKey, RestQuote> prices,
            SharedCache<MarketSymbol, IssueFacts> issues,
            SharedCache<MarketSymbol, Long> closes,
            TradingCalendar calendar,
            InstantSource clock) {
        this.prices = prices;
        this.issues = issues;
        this.closes = closes;
        this.calendar = calendar;
        this.clock = clock;
    }

    /** Nothing is shared. */
    public static SharedIssueCache none(TradingCalendar calendar, InstantSource clock) {
        return new SharedIssueCache(SharedCache.none(), SharedCache.none(), SharedCache.none(), calendar, clock);
    }

    /** The prices of {@code market}; limits, status and closes are those of Korean issues alone. */
    public SharedCache<QuoteKey, RestQuote> of(Market market) {
        return market.equals(Market.KOREA) ? this : prices;
    }

    /** {@code cachedFacts}, completed by another gateway's answers of today. */
    MarketFacts complete(MarketSymbol symbol, MarketFacts cachedFacts) {
        if (cachedFacts.lower().isPresent()
                && cachedFacts.upper().isPresent()
                && cachedFacts.designation() != Designation.UNKNOWN) {
            return cachedFacts;
        }
        return issues.find(symbol)
                .filter(entry -> calendar.tradingDay(entry.at()).equals(calendar.tradingDay(clock.instant())))
                .map(Timestamped::value)
                .map(sharedFacts -> new MarketFacts(
                        cachedFacts.last(),
                        cachedFacts.lower().isPresent() ? cachedFacts.lower() : sharedFacts.lower(),
                        cachedFacts.upper().isPresent() ? cachedFacts.upper() : sharedFacts.upper(),
                        cachedFacts.designation() != Designation.UNKNOWN
                                ? cachedFacts.designation()
                                : sharedFacts.tradingStatus()))
                .orElse(cachedFacts);
    }

    /** KIS's close of the last trading day, received in this session. */
    Optional<PreviousClose> previousClose(MarketSymbol symbol) {
        var now = clock.instant();
        return closes.find(symbol)
                .filter(entry -> calendar.session(entry.at()) == calendar.session(now)
                        && calendar.tradingDay(entry.at()).equals(calendar.tradingDay(now)))
                .map(entry -> new PreviousClose(entry.value(), age(now)));
    }

    /** Since the last close before today's trading. */
    private long age(Instant now) {
        var day = calendar.tradingDay(now).minusDays(1);
        // A simulated market that is always open has the exchange's past.
        while (!calendar.isTradingDay(day)
                && !exchange.isTradingDay(day)
                && !day.isBefore(exchange.firstCoveredDay())) {
            day = day.minusDays(1);
        }
        return Duration.between(
                        day.atTime(CLOSE_TIME).atZone(TradingCalendar.SEOUL).toInstant(), now)
                .toMillis();
    }

    @Override
    public Optional<Timestamped<RestQuote>> find(QuoteKey key) {
        return prices.find(key);
    }

    @Override
    public String edition(QuoteKey key) {
        return String.join(SEPARATOR, prices.edition(key), issues.edition(key.symbol()), closes.edition(key.symbol()));
    }

    @Override
    public void store(QuoteKey key, Timestamped<RestQuote> entry, String edition) {
        var editions = edition.split(SEPARATOR, -1);
        var quote = entry.value();
        prices.store(key, entry, editions[0]);
        issues.store(
                key.symbol(),
                new Timestamped<>(new IssueFacts(quote.lower(), quote.upper(), quote.tradingStatus()), entry.at()),
                editions[1]);
        if (quote.price() - quote.change() > 0) {
            closes.store(key.symbol(), new Timestamped<>(quote.price() - quote.change(), entry.at()), editions[2]);
        }
    }

    @Override
    public boolean invalidateAll(Collection<QuoteKey> keys) {
        boolean price = prices.invalidateAll(keys);
        var symbols = keys.stream().map(QuoteKey::symbol).distinct().toList();
        boolean issue = issues.invalidateAll(symbols);
        return closes.invalidateAll(symbols) && price && issue;
    }

    @Override
    public Duration life() {
        return prices.life();
    }
}
