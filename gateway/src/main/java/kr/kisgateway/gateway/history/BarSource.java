package kr.kisgateway.gateway.history;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.MarketSymbol;

/**
 * Requests the bars of a market between two moments from KIS. Every method blocks until the answer or the deadline. The code of a
 * refusal is {@code REST_RATE_LIMIT_COOLDOWN}, {@code UPSTREAM_TIMEOUT}, {@code QUEUE_TIMEOUT}, {@code SYMBOL_NOT_FOUND}, {@code
 * UNSUPPORTED_BY_SOURCE} or {@code BARS_UNAVAILABLE}.
 */
public interface BarSource {
    /**
     * The newest bars between {@code from} and {@code to}, both included, as many as one call returns.
     *
     * @param period {@code DAY}, {@code WEEK} or {@code MONTH}
     * @param adjusted whether prices before a split are adjusted for it (수정주가)
     */
    Result<Page> requestDays(
            MarketSymbol symbol,
            BarPeriod period,
            LocalDate from,
            LocalDate to,
            boolean adjusted,
            RequestContext context);

    /** All minutes between {@code from} and {@code to}, oldest first, both included and on one day. */
    Result<List<Minute>> requestMinutes(
            MarketSymbol symbol, LocalDateTime from, LocalDateTime to, RequestContext context);

    /** The first day whose minutes the source still has on {@code today}. */
    LocalDate minutesAvailableSince(LocalDate today);

    /**
     * Tenant and deadline of a request.
     *
     * @param tenant whose share of the call budget is used
     * @param deadline when the answer becomes useless
     */
    record RequestContext(String tenant, Instant deadline) {}

    /**
     * Bars of one call.
     *
     * @param bars those of periods that traded, oldest first
     * @param oldest the first day in the answer, traded or not; empty for an empty answer
     * @param daysWithoutTrade the days in the answer on which nothing traded
     */
    record Page(List<Bar> bars, Optional<LocalDate> oldest, Set<LocalDate> daysWithoutTrade) {
        public Page {
            bars = List.copyOf(bars);
            daysWithoutTrade = Set.copyOf(daysWithoutTrade);
        }
    }

    /**
     * A minute in KIS's answer.
     *
     * @param at when it begins, by the market's clock
     * @param dayTurnover amount traded that day up to its end
     */
    record Minute(LocalDateTime at, long open, long high, long low, long close, long volume, long dayTurnover) {}
}
