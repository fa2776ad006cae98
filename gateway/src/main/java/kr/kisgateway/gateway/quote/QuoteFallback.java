package kr.kisgateway.gateway.quote;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Origin;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteSource.Fetched;
import kr.kisgateway.gateway.quote.SharedIssues.PreviousClose;
import kr.kisgateway.gateway.settings.Settings.SafeValue;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.Venue;

/**
 * What is told when KIS gives no price and none was ever known: the other venue's where there is one, then the safe value of
 * the settings, marked as what it is, with an alert. Never unmarked, never silently.
 */
public final class QuoteFallback {
    private static final int DECIMALS_OF_CLOSE = 4;
    private static final Duration CALL_LIMIT = Duration.ofSeconds(2);
    /** Who is told of a symbol once need not be told each second. */
    private static final Duration ALERT_EVERY = Duration.ofMinutes(10);

    private final QuoteSource source;
    private final Predicate<Symbol> onNxt;
    private final SafeValue safeValue;
    private final Function<Symbol, Optional<PreviousClose>> previousClose;
    private final AlertSource alerts;
    private final InstantSource clock;
    private final Cache<MarketSymbol, Boolean> told;
    /** Symbols whose alerts are not settled; at most as many as are listed. */
    private final Set<MarketSymbol> open = ConcurrentHashMap.newKeySet();

    /** @param onNxt whether a symbol is traded there, too */
    public QuoteFallback(
            QuoteSource source, Predicate<Symbol> onNxt, SafeValue safeValue, AlertSource alerts, InstantSource clock) {
        this(source, onNxt, safeValue, _ -> Optional.empty(), alerts, clock);
    }

    /** With the previous closes that gateways share, which are newer than a listing's. */
    public QuoteFallback(
            QuoteSource source,
            Predicate<Symbol> onNxt,
            SafeValue safeValue,
            SharedIssues shared,
            AlertSource alerts,
            InstantSource clock) {
        this(source, onNxt, safeValue, shared::previousClose, alerts, clock);
    }

    private QuoteFallback(
            QuoteSource source,
            Predicate<Symbol> onNxt,
            SafeValue safeValue,
            Function<Symbol, Optional<PreviousClose>> previousClose,
            AlertSource alerts,
            InstantSource clock) {
        this.previousClose = previousClose;
        this.source = source;
        this.onNxt = onNxt;
        this.safeValue = safeValue;
        this.alerts = alerts;
        this.clock = clock;
        this.told = Caffeine.newBuilder()
                .maximumSize(QuoteStore.SYMBOLS_MAX)
                .expireAfterWrite(ALERT_EVERY)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /**
     * The best there is; empty when nothing may be told.
     *
     * @param why why KIS gave no price of KRX
     */
    Optional<Quote> of(Instrument instrument, Session session, String tenant, ErrorCode why) {
        return nxt(instrument, session, tenant, why).or(() -> safe(instrument, session, why));
    }

    private Optional<Quote> nxt(Instrument instrument, Session session, String tenant, ErrorCode why) {
        // A call that was refused for the rate of calls would be followed by another that is.
        boolean pointless = why == ErrorCode.REST_RATE_LIMIT_COOLDOWN
                || why == ErrorCode.QUEUE_TIMEOUT
                || why == ErrorCode.SYMBOL_NOT_FOUND;
        if (pointless || !onNxt.test(instrument.symbol())) {
            return Optional.empty();
        }
        Instant deadline = clock.instant().plus(CALL_LIMIT);
        return switch (source.fetch(instrument.symbol(), Venue.NXT, tenant, deadline)) {
            case Fetched.Got(RestQuote quote) -> {
                priced(instrument.symbol());
                yield Optional.of(Quote.asked(instrument, quote, Source.NXT, State.HEALTHY, 0, session));
            }
            case Fetched.Failed _ -> Optional.empty();
        };
    }

    private Optional<Quote> safe(Instrument instrument, Session session, ErrorCode why) {
        if (why == ErrorCode.SYMBOL_NOT_FOUND) {
            return Optional.empty();
        }
        var shared = safeValue instanceof SafeValue.LastClose
                ? previousClose.apply(instrument.symbol())
                : Optional.<PreviousClose>empty();
        var price = switch (safeValue) {
            case SafeValue.None() -> OptionalLong.empty();
            case SafeValue.LastClose() -> {
                long close = shared.map(PreviousClose::price).orElse(instrument.close());
                yield close > 0 ? OptionalLong.of(close) : OptionalLong.empty();
            }
            case SafeValue.Prices(var won, var _) -> {
                var set = won.get(instrument.symbol());
                yield set == null ? OptionalLong.empty() : OptionalLong.of(set);
            }
        };
        if (price.isEmpty()) {
            return Optional.empty();
        }
        tell(instrument.symbol(), why);
        var word = safeValue instanceof SafeValue.LastClose ? Source.KRX : Source.SETTINGS;
        return Optional.of(new Quote(
                instrument,
                price.getAsLong(),
                0,
                BigDecimal.ZERO.setScale(2),
                0,
                0,
                0,
                0,
                0,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                word,
                State.FALLBACK,
                OptionalLong.empty(),
                shared.map(PreviousClose::ageMillis).orElseGet(() -> age(instrument)),
                session));
    }

    /** The safe value of an American stock, which no other venue has; empty when nothing may be told. */
    Optional<UsQuote> of(Listed.Us listed, UsSession session, ErrorCode why) {
        if (why == ErrorCode.SYMBOL_NOT_FOUND) {
            return Optional.empty();
        }
        var price = switch (safeValue) {
            case SafeValue.None() -> Optional.<BigDecimal>empty();
            case SafeValue.LastClose() ->
                listed.close().isPresent() && listed.close().getAsLong() > 0
                        ? Optional.of(BigDecimal.valueOf(listed.close().getAsLong(), DECIMALS_OF_CLOSE))
                        : Optional.<BigDecimal>empty();
            case SafeValue.Prices(var _, var dollars) -> Optional.ofNullable(dollars.get(listed.symbol()));
        };
        price.ifPresent(_ -> tell(listed.symbol(), why));
        return price.map(it -> new UsQuote(
                listed,
                UsFigures.of(it),
                safeValue instanceof SafeValue.LastClose ? Source.LISTING : Source.SETTINGS,
                State.FALLBACK,
                OptionalLong.empty(),
                age(listed),
                session,
                Optional.empty()));
    }

    /** A source has a price of {@code symbol}: the next time that none has is reported again. */
    void priced(MarketSymbol symbol) {
        if (!open.isEmpty() && open.remove(symbol)) {
            told.invalidate(symbol);
            alerts.settle(symbol.code());
        }
    }

    private void tell(MarketSymbol symbol, ErrorCode why) {
        if (told.asMap().putIfAbsent(symbol, true) == null) {
            open.add(symbol);
            alerts.raise(
                    symbol.code(),
                    "No source has a price of " + symbol.code() + " (" + why + "); whoever asks is told the safe value,"
                            + " marked FALLBACK.");
        }
    }

    /** As below; at least so old, because a master file tells the close before its day, which may be one before a weekend. */
    private long age(Listed.Us listed) {
        if (!(safeValue instanceof SafeValue.LastClose)) {
            return 0;
        }
        var day = listed.closeDate().orElse(listed.origin().date());
        var date = listed.origin().source() == Origin.Source.SHIPPED ? day : day.minusDays(1);
        var closed = date.atTime(16, 0).atZone(UsHours.NEW_YORK);
        return Math.max(0, Duration.between(closed.toInstant(), clock.instant()).toMillis());
    }

    /** A price of the settings has no age; the listing's is a close. */
    private long age(Instrument instrument) {
        if (!(safeValue instanceof SafeValue.LastClose)) {
            return 0;
        }
        var closed = instrument.closeDate().atTime(15, 30).atZone(TradingCalendar.SEOUL);
        return Math.max(0, Duration.between(closed.toInstant(), clock.instant()).toMillis());
    }
}
