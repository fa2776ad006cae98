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
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.SharedIssueCache.PreviousClose;
import kr.kisgateway.gateway.settings.Settings.SafeValue;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSession;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PriceSeries;

/**
 * Quote of last resort when KIS gives no price and none is cached: the other venue's where there is one, then the safe value
 * of the settings, marked FALLBACK, with an alert. Never unmarked, never silent.
 */
public final class QuoteFallback {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(2);
    /** Minimum interval between alerts about a symbol. */
    private static final Duration ALERT_INTERVAL = Duration.ofMinutes(10);

    private final QuoteSource source;
    private final Predicate<MarketSymbol> isOnNxt;
    private final SafeValue safeValue;
    private final Function<MarketSymbol, Optional<PreviousClose>> previousClose;
    private final AlertSource alerts;
    private final InstantSource clock;
    private final Cache<MarketSymbol, Boolean> recentlyAlerted;
    /** Symbols with open alerts; at most as many as are listed. */
    private final Set<MarketSymbol> openAlerts = ConcurrentHashMap.newKeySet();

    /** @param isOnNxt whether a symbol is also traded on NXT */
    public QuoteFallback(
            QuoteSource source,
            Predicate<MarketSymbol> isOnNxt,
            SafeValue safeValue,
            AlertSource alerts,
            InstantSource clock) {
        this(source, isOnNxt, safeValue, _ -> Optional.empty(), alerts, clock);
    }

    /** With the previous closes shared by gateways, which are newer than a listing's. */
    public QuoteFallback(
            QuoteSource source,
            Predicate<MarketSymbol> isOnNxt,
            SafeValue safeValue,
            SharedIssueCache sharedClose,
            AlertSource alerts,
            InstantSource clock) {
        this(source, isOnNxt, safeValue, sharedClose::previousClose, alerts, clock);
    }

    private QuoteFallback(
            QuoteSource source,
            Predicate<MarketSymbol> isOnNxt,
            SafeValue safeValue,
            Function<MarketSymbol, Optional<PreviousClose>> previousClose,
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

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        meters.cacheLimit("fallback_alerts", recentlyAlerted::estimatedSize, QuoteStore.SYMBOLS_MAX);
    }

    /**
     * The best available quote; empty when none is allowed.
     *
     * @param cause why KIS returned no price
     */
    Optional<Quote> of(Listed listed, MarketSession session, String tenant, ErrorCode cause) {
        return nxtQuote(listed, session, tenant, cause).or(() -> safeQuote(listed, session, cause));
    }

    private Optional<Quote> nxtQuote(Listed listed, MarketSession session, String tenant, ErrorCode cause) {
        // A call after a rate refusal would be refused as well.
        boolean pointless = cause == ErrorCode.REST_RATE_LIMIT_COOLDOWN
                || cause == ErrorCode.QUEUE_TIMEOUT
                || cause == ErrorCode.SYMBOL_NOT_FOUND;
        if (pointless || !isOnNxt.test(listed.symbol())) {
            return Optional.empty();
        }
        Instant deadline = clock.instant().plus(CALL_LIMIT);
        return source.fetch(listed.symbol(), PriceSeries.NXT, tenant, deadline)
                .toOptional()
                .map(quote -> {
                    priceFound(listed.symbol());
                    return Quote.ofRest(listed, quote, Source.NXT, State.HEALTHY, 0, session);
                });
    }

    private Optional<Quote> safeQuote(Listed listed, MarketSession session, ErrorCode cause) {
        if (cause == ErrorCode.SYMBOL_NOT_FOUND) {
            return Optional.empty();
        }
        var sharedClose = safeValue instanceof SafeValue.LastClose
                ? previousClose.apply(listed.symbol())
                : Optional.<PreviousClose>empty();
        var price = switch (safeValue) {
            case SafeValue.None() -> OptionalLong.empty();
            case SafeValue.LastClose() ->
                sharedClose.isPresent() ? OptionalLong.of(sharedClose.get().price()) : listed.close();
            case SafeValue.Prices(var units) -> {
                var configured = units.get(listed.symbol());
                yield configured == null ? OptionalLong.empty() : OptionalLong.of(configured);
            }
        };
        if (price.isEmpty() || price.getAsLong() <= 0) {
            return Optional.empty();
        }
        raiseAlert(listed.symbol(), cause);
        return Optional.of(new Quote(
                listed,
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
                safeValue instanceof SafeValue.LastClose ? sourceOfClose(listed) : Source.SETTINGS,
                State.FALLBACK,
                OptionalLong.empty(),
                sharedClose.map(PreviousClose::ageMillis).orElseGet(() -> age(listed)),
                session,
                Optional.empty()));
    }

    private static Source sourceOfClose(Listed listed) {
        return listed.symbol().market().equals(Market.KOREA) ? Source.KRX : Source.LISTING;
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

    /** A price of the settings has no age; the listing's is a close. */
    private long age(Listed listed) {
        return safeValue instanceof SafeValue.LastClose
                ? Math.max(
                        0, Duration.between(listed.closedAt(), clock.instant()).toMillis())
                : 0;
    }
}
