package kr.kisgateway.gateway.instrument;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether NXT trades a stock, as the broker answers it: asked once per stock and trading day, when a venue is first chosen for it or
 * named, and entered in the listing where it differs. Until the day's answer the listing has the last one, at first the shipped
 * list's.
 */
public final class NxtEligibility {
    /** A caller waits no longer; the listing's last answer counts then. */
    private static final Duration WAIT_MAX = Duration.ofMillis(500);
    /** After a failure the stock is not asked for again before. */
    private static final Duration RETRY_INTERVAL = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.instrument");

    private final CurrentListing listing;
    private final NxtEligibilitySource source;
    private final TradingCalendar calendar;
    private final InstantSource clock;
    /** Only of listed stocks, so that the listing bounds it. */
    private final ConcurrentMap<Symbol, Asked> asked = new ConcurrentHashMap<>();

    /**
     * @param confirmed whether the broker answered
     * @param at when
     */
    private record Asked(LocalDate day, boolean confirmed, Instant at) {}

    /** @param calendar of the Korean market */
    public NxtEligibility(
            CurrentListing listing, NxtEligibilitySource source, TradingCalendar calendar, InstantSource clock) {
        this.listing = listing;
        this.source = source;
        this.calendar = calendar;
        this.clock = clock;
    }

    /**
     * {@code listed} with today's answer; asks the broker where it was not asked today, which blocks for at most half a second.
     * Simultaneous callers share one request.
     */
    public Listed updated(Listed listed) {
        return listed instanceof Listed.Korean korean ? updated(korean) : listed;
    }

    private Listed updated(Listed.Korean listed) {
        Symbol symbol = listed.instrument().symbol();
        confirm(symbol);
        return listing.current().find(symbol.code()).orElse(listed);
    }

    /** Whether NXT trades {@code symbol} today; empty when only a list of another day has an answer. Asks as {@link #updated}. */
    public Optional<Boolean> confirmed(Symbol symbol) {
        return listing.current().find(symbol.code()).isPresent() && confirm(symbol)
                ? listing.current()
                        .find(symbol.code())
                        .map(listed -> listed instanceof Listed.Korean korean && korean.onNxt())
                : Optional.empty();
    }

    private boolean confirm(Symbol symbol) {
        Instant now = clock.instant();
        LocalDate today = calendar.tradingDay(now);
        Asked last = asked.get(symbol);
        if (last != null && isCurrent(last, today, now)) {
            return last.confirmed();
        }
        return asked.compute(
                        symbol,
                        (_, before) ->
                                before != null && isCurrent(before, today, now) ? before : ask(symbol, today, now))
                .confirmed();
    }

    private static boolean isCurrent(Asked asked, LocalDate today, Instant now) {
        return asked.day().equals(today)
                && (asked.confirmed() || now.isBefore(asked.at().plus(RETRY_INTERVAL)));
    }

    private Asked ask(Symbol symbol, LocalDate today, Instant now) {
        return switch (source.isOnNxt(symbol, now.plus(WAIT_MAX))) {
            case Result.Success<Boolean>(Boolean isOnNxt) -> {
                listing.enterNxt(symbol, isOnNxt);
                yield new Asked(today, true, now);
            }
            case Result.Refused<Boolean>(var refusal) -> {
                LOG.debug("nxt_eligibility_unknown symbol={} reason={}", symbol, refusal.code());
                yield new Asked(today, false, now);
            }
        };
    }
}
