package kr.kisgateway.gateway.aegis;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Collection;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.cache.AnswerCache.AfterInvalidation;
import kr.kisgateway.gateway.cache.AnswerCache.Memory;
import kr.kisgateway.gateway.cache.AnswerCache.Servable;
import kr.kisgateway.gateway.cache.AnswerCache.Wait;
import kr.kisgateway.gateway.cache.Cached;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.cache.SharedCache.Timestamped;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarPage;
import kr.kisgateway.gateway.history.BarQuery;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * Bars that are served for the time that a TR has for it, to all callers with the same query. Not longer than the market's session:
 * its opening and closing end every answer; and not after the listing changed, which may be a split.
 */
final class BarCache {
    /** Bars retained, about 100 bytes each. */
    static final int BARS_MAX = 100_000;

    private static final Refusal PARTIAL = Refusal.of(
            ErrorCode.UPSTREAM_TIMEOUT,
            "KIS has sent a part of the bars in time, which is retained: send the call again, and the rest follows.");
    private static final Wait WAIT = new Wait(
            Duration.ofSeconds(10),
            Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "KIS did not answer in time; try again."),
            Refusal.of(ErrorCode.BARS_UNAVAILABLE, "No source has the bars now; try again."));

    private final BarService bars;
    private final TradingCalendar calendar;
    private final InstantSource clock;
    private final AnswerCache<Query, BarPage> answers;

    /**
     * A query of a caller.
     *
     * @param from the first day; empty for no limit
     * @param to the last day; empty for today, as far as it is over
     * @param before only bars that begin before this moment
     */
    record Query(
            Symbol symbol,
            BarPeriod period,
            Optional<LocalDate> from,
            Optional<LocalDate> to,
            Optional<LocalDateTime> before,
            int limit) {}

    /**
     * @param name for the meters and the log
     * @param life how long an answer is served
     */
    BarCache(String name, Duration life, BarService bars, TradingCalendar calendar, InstantSource clock) {
        this.bars = bars;
        this.calendar = calendar;
        this.clock = clock;
        this.answers = new AnswerCache<>(
                name,
                new Memory<>(
                        life,
                        life,
                        AfterInvalidation.DROP_LAST,
                        BARS_MAX,
                        page -> page.bars().size() + 1,
                        Query::symbol),
                Duration.ZERO,
                SharedCache.none(),
                clock);
    }

    /** The bars, and when KIS sent them. Blocks for at most ten seconds. */
    Result<Cached<BarPage>> bars(Query query, String tenant) {
        var servable = new Servable(Optional.of(at -> calendar.isSameSession(at, clock.instant())), Optional.empty());
        return answers.find(query, servable)
                .map(Result::success)
                .orElseGet(() -> answers.fetch(query, servable, WAIT, () -> request(query, tenant)));
    }

    private Result<Timestamped<BarPage>> request(Query query, String tenant) {
        var barQuery = new BarQuery(
                query.period(),
                query.from().map(LocalDate::atStartOfDay),
                query.to().map(day -> day.atTime(LocalTime.of(23, 59, 59))).orElseGet(bars::newest),
                query.before(),
                query.limit(),
                true);
        // A page that ends early must not be served for half an hour.
        return bars.bars(query.symbol(), barQuery, tenant)
                .flatMap(page -> page.isCutShort(barQuery)
                        ? Result.refused(PARTIAL)
                        : Result.success(new Timestamped<>(page, clock.instant())));
    }

    /** Today, by the market's clock. */
    LocalDate today() {
        return bars.newest().toLocalDate();
    }

    /** Drops the bars of {@code symbols}. */
    void invalidateAll(Collection<? extends MarketSymbol> symbols) {
        answers.invalidateAll(Symbol.among(symbols).stream()
                .map(symbol ->
                        new Query(symbol, BarPeriod.DAY, Optional.empty(), Optional.empty(), Optional.empty(), 1))
                .toList());
    }

    /** Registers hits, misses, calls and size. */
    void bindTo(Meters meters) {
        answers.bindTo(meters);
    }
}
