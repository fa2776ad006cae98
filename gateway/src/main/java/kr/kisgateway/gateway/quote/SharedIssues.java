package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.Optional;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Standing;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * What gateways share of KIS's answers about Korean prices: the price itself, the issue's limits and standing for the day, and the
 * previous close. Limits and standing end with the trading day, a previous close with the session; a change of the issue (halt, VI,
 * master file) drops all three. Orders are never judged by what is shared.
 */
public final class SharedIssues implements Shelf<Symbol, RestQuote> {
    private static final LocalTime CLOSE = LocalTime.of(15, 30);
    private static final String BETWEEN = "/";

    private final Shelf<Symbol, RestQuote> prices;
    private final Shelf<Symbol, IssueFacts> issues;
    private final Shelf<Symbol, Long> closes;
    private final TradingCalendar calendar;
    private final KrxCalendar exchange = new KrxCalendar();
    private final InstantSource clock;

    /** A previous close in won, and how old it is. */
    record PreviousClose(long price, long ageMillis) {}

    public SharedIssues(
            Shelf<Symbol, RestQuote> prices,
            Shelf<Symbol, IssueFacts> issues,
            Shelf<Symbol, Long> closes,
            TradingCalendar calendar,
            InstantSource clock) {
        this.prices = prices;
        this.issues = issues;
        this.closes = closes;
        this.calendar = calendar;
        this.clock = clock;
    }

    /** Nothing is shared. */
    public static SharedIssues none(TradingCalendar calendar, InstantSource clock) {
        return new SharedIssues(Shelf.none(), Shelf.none(), Shelf.none(), calendar, clock);
    }

    /** {@code known} here, completed by what another gateway knows of today. */
    MarketFacts complete(Symbol symbol, MarketFacts known) {
        if (known.lower().isPresent() && known.upper().isPresent() && known.standing() != Standing.UNKNOWN) {
            return known;
        }
        return issues.find(symbol)
                .filter(kept -> calendar.tradingDay(kept.at()).equals(calendar.tradingDay(clock.instant())))
                .map(Kept::value)
                .map(shared -> new MarketFacts(
                        known.last(),
                        known.lower().isPresent() ? known.lower() : shared.lower(),
                        known.upper().isPresent() ? known.upper() : shared.upper(),
                        known.standing() != Standing.UNKNOWN ? known.standing() : shared.standing()))
                .orElse(known);
    }

    /** The close of the last trading day as KIS told it in this session. */
    Optional<PreviousClose> previousClose(Symbol symbol) {
        var now = clock.instant();
        return closes.find(symbol)
                .filter(kept -> calendar.session(kept.at()) == calendar.session(now)
                        && calendar.tradingDay(kept.at()).equals(calendar.tradingDay(now)))
                .map(kept -> new PreviousClose(kept.value(), age(now)));
    }

    /** Since the last close before today's trading. */
    private long age(Instant now) {
        var day = calendar.tradingDay(now).minusDays(1);
        // A market that is always open in simulation has the exchange's past.
        while (!calendar.isTradingDay(day) && !exchange.isTradingDay(day) && !day.isBefore(exchange.firstKnownDay())) {
            day = day.minusDays(1);
        }
        return Duration.between(day.atTime(CLOSE).atZone(TradingCalendar.SEOUL).toInstant(), now)
                .toMillis();
    }

    @Override
    public Optional<Kept<RestQuote>> find(Symbol symbol) {
        return prices.find(symbol);
    }

    @Override
    public String edition(Symbol symbol) {
        return String.join(BETWEEN, prices.edition(symbol), issues.edition(symbol), closes.edition(symbol));
    }

    @Override
    public void put(Symbol symbol, Kept<RestQuote> kept, String edition) {
        var editions = edition.split(BETWEEN, -1);
        var quote = kept.value();
        prices.put(symbol, kept, editions[0]);
        issues.put(
                symbol,
                new Kept<>(new IssueFacts(quote.lower(), quote.upper(), quote.standing()), kept.at()),
                editions[1]);
        if (quote.price() - quote.change() > 0) {
            closes.put(symbol, new Kept<>(quote.price() - quote.change(), kept.at()), editions[2]);
        }
    }

    @Override
    public boolean drop(Symbol symbol) {
        boolean price = prices.drop(symbol);
        boolean issue = issues.drop(symbol);
        return closes.drop(symbol) && price && issue;
    }

    @Override
    public Duration life() {
        return prices.life();
    }

    @Override
    public Figures figures() {
        return prices.figures();
    }
}
