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
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Origin;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.SharedIssueCache.PreviousClose;
import kr.kisgateway.gateway.settings.Settings.SafeValue;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSession;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.Venue;

/**
 * Quote of last resort when KIS gives no price and none is cached: the other venue's where there is one, then the safe value
 * of the settings, marked FALLBACK, with an alert. Never unmarked, never silent.
 */
public final class QuoteFallback {
    private static final int DECIMALS_OF_CLOSE = 4;
    private static final Duration CALL_LIMIT = Duration.ofSeconds(2);
    /** Minimum interval between alerts about a symbol. */
    private static final Duration ALERT_INTERVAL = Duration.ofMinutes(10);

    private final QuoteSource source;
    private final Predicate<Symbol> isOnNxt;
    private final SafeValue safeValue;
    private final Function<Symbol, Optional<PreviousClose>> previousClose;
    private final AlertSource alerts;
    private final InstantSource clock;
    private final Cache<MarketSymbol, Boolean> recentlyAlerted;
    /** Symbols with open alerts; at most as many as are listed. */
    private final Set<MarketSymbol> openAlerts = ConcurrentHashMap.newKeySet();

    /** @param isOnNxt whether a symbol is also traded on NXT */
    public QuoteFallback(
            QuoteSource source,
            Predicate<Symbol> isOnNxt,
            SafeValue safeValue,
            AlertSource alerts,
            InstantSource clock) {
        this(source, isOnNxt, safeValue, _ -> Optional.empty(), alerts, clock);
    }

    /** With the previous closes shared by gateways, which are newer than a listing's. */
    public QuoteFallback(
            QuoteSource source,
            Predicate<Symbol> isOnNxt,
            SafeValue safeValue,
            SharedIssueCache sharedClose,
            AlertSource alerts,
            InstantSource clock) {
        this(source, isOnNxt, safeValue, sharedClose::previousClose, alerts, clock);
    }

    private QuoteFallback(
            QuoteSource source,
            Predicate<Symbol> isOnNxt,
            SafeValue safeValue,
            Function<Symbol, Optional<PreviousClose>> previousClose,
            AlertSource alerts,
            InstantSource clock) {
        this.previousClose = previousClose;
        this.source = source;
        this.isOnNxt = isOnNxt;
        this.safeValue = safeValue;
        this.alerts = alerts;
        this.clock = clock;
        this.recentlyAlerted = Caffeine.newBuilder()
                .maximumSize(QuoteStore.SYMBOLS_MAX)
                .expireAfterWrite(ALERT_INTERVAL)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /**
     * The best available quote; empty when none is allowed.
     *
     * @param cause why KIS returned no price of KRX
     */
    Optional<Quote> of(Instrument instrument, MarketSession session, String tenant, ErrorCode cause) {
        return nxtQuote(instrument, session, tenant, cause).or(() -> safeQuote(instrument, session, cause));
    }

    private Optional<Quote> nxtQuote(Instrument instrument, MarketSession session, String tenant, ErrorCode cause) {
        // A call after a rate refusal would be refused as well.
        boolean pointless = cause == ErrorCode.REST_RATE_LIMIT_COOLDOWN
                || cause == ErrorCode.QUEUE_TIMEOUT
                || cause == ErrorCode.SYMBOL_NOT_FOUND;
        if (pointless || !isOnNxt.test(instrument.symbol())) {
            return Optional.empty();
        }
        Instant deadline = clock.instant().plus(CALL_LIMIT);
        return source.fetch(instrument.symbol(), Venue.NXT, tenant, deadline)
                .toOptional()
                .map(quote -> {
                    priceFound(instrument.symbol());
                    return Quote.ofRest(instrument, quote, Source.NXT, State.HEALTHY, 0, session);
                });
    }

    private Optional<Quote> safeQuote(Instrument instrument, MarketSession session, ErrorCode cause) {
        if (cause == ErrorCode.SYMBOL_NOT_FOUND) {
            return Optional.empty();
        }
        var sharedClose = safeValue instanceof SafeValue.LastClose
                ? previousClose.apply(instrument.symbol())
                : Optional.<PreviousClose>empty();
        var price = switch (safeValue) {
            case SafeValue.None() -> OptionalLong.empty();
            case SafeValue.LastClose() -> {
                long close = sharedClose.map(PreviousClose::price).orElse(instrument.close());
                yield close > 0 ? OptionalLong.of(close) : OptionalLong.empty();
            }
            case SafeValue.Prices(var won, var _) -> {
                var configured = won.get(instrument.symbol());
                yield configured == null ? OptionalLong.empty() : OptionalLong.of(configured);
            }
        };
        if (price.isEmpty()) {
            return Optional.empty();
        }
        raiseAlert(instrument.symbol(), cause);
        var priceSource = safeValue instanceof SafeValue.LastClose ? Source.KRX : Source.SETTINGS;
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
                priceSource,
                State.FALLBACK,
                OptionalLong.empty(),
                sharedClose.map(PreviousClose::ageMillis).orElseGet(() -> age(instrument)),
                session));
    }

    /** The safe value of a US stock, which has no other venue; empty when none is allowed. */
    Optional<UsQuote> of(Listed.Us listed, UsSession session, ErrorCode cause) {
        if (cause == ErrorCode.SYMBOL_NOT_FOUND) {
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
        price.ifPresent(_ -> raiseAlert(listed.symbol(), cause));
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

    /** A source has a price of {@code symbol}: the next failure is reported again. */
    void priceFound(MarketSymbol symbol) {
        if (!openAlerts.isEmpty() && openAlerts.remove(symbol)) {
            recentlyAlerted.invalidate(symbol);
            alerts.settle(symbol.code());
        }
    }

    private void raiseAlert(MarketSymbol symbol, ErrorCode cause) {
        if (recentlyAlerted.asMap().putIfAbsent(symbol, true) == null) {
            openAlerts.add(symbol);
            alerts.raise(
                    symbol.code(),
                    "No source has a price of " + symbol.code() + " (" + cause + "); requests receive the safe value,"
                            + " marked FALLBACK.");
        }
    }

    /** As below; a minimum, because a master file has the close without its day, which may precede a weekend. */
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
