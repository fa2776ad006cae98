package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.ask.CacheFigures;
import kr.kisgateway.gateway.ask.Lifetime;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.history.BarOutcome.Known;
import kr.kisgateway.gateway.history.BarOutcome.Refused;
import kr.kisgateway.gateway.history.BarSource.Asking;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * Answers bars of any length. What is over does not change, so it is asked for once: bars of closed days come from memory or
 * from the files of the history, the rest from KIS, page by page through the call budget. A page that KIS gave is kept even
 * when the whole question comes to nothing, so the next one goes on where this one ended.
 */
public final class BarService {
    /** For how long the running day is told without asking again. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Days days;
    private final Minutes minutes;
    private final ChartShelves shelves;
    private final InstantSource clock;

    /**
     * @param history what was written down; nothing, where nothing is
     * @param calendar says which days are over, and which of them traded
     */
    public BarService(BarSource source, History history, TradingCalendar calendar, InstantSource clock) {
        this(source, history, calendar, usual(calendar, Optional.empty()), clock);
    }

    /** @param life how long the bar of the running day, and its minutes, are told again */
    public BarService(BarSource source, History history, TradingCalendar calendar, Lifetime life, InstantSource clock) {
        this(source, history, calendar, life, ChartShelves.none(), clock);
    }

    /**
     * @param life how long the bar of the running day, and its minutes, are told again
     * @param shelves where other gateways' charts lie
     */
    public BarService(
            BarSource source,
            History history,
            TradingCalendar calendar,
            Lifetime life,
            ChartShelves shelves,
            InstantSource clock) {
        var closed = new ClosedDays(calendar, clock);
        this.days = new Days(source, history, closed, life, shelves.days(), clock);
        this.minutes = new Minutes(source, history, closed, life, shelves.minutes(), clock);
        this.shelves = shelves;
        this.clock = clock;
    }

    /** How long the running day is told again where {@code set} does not say it. */
    public static Lifetime usual(TradingCalendar calendar, Optional<Duration> set) {
        return Lifetime.ofTrades(calendar, FRESH, set);
    }

    /** Blocks for at most ten seconds. {@code tenant} shares the call budget. */
    public BarOutcome bars(Instrument instrument, BarQuery query, String tenant) {
        return bars(instrument, query, tenant, Days.LIMIT);
    }

    /** Blocks for at most {@code patience}. */
    BarOutcome bars(Instrument instrument, BarQuery query, String tenant, Duration patience) {
        if (query.from().isPresent() && query.from().get().isAfter(query.to())) {
            return new Refused(
                    Refusal.of(ErrorCode.INVALID_FIELD, "The value \"from\" lies after \"to\"; exchange the two."));
        }
        var asking = new Asking(tenant, clock.instant().plus(patience));
        return query.period().isIntraday()
                ? minutes.bars(instrument.symbol(), query, asking)
                : days.bars(instrument, query, asking);
    }

    /**
     * Has the bars in memory that somebody gets who asks for days and nothing further; blocks for at most {@code patience}.
     *
     * @return why they are not all there; empty when they are
     */
    public Optional<Refusal> warm(Instrument instrument, String tenant, Duration patience) {
        var now = LocalDateTime.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        var query = new BarQuery(BarPeriod.DAY, Optional.empty(), now, Optional.empty(), BarQuery.LIMIT_USUAL, true);
        return switch (bars(instrument, query, tenant, patience)) {
            case Refused(Refusal refusal) -> Optional.of(refusal);
            case Known known ->
                known.next().isPresent() && known.bars().size() < query.limit()
                        ? Optional.of(Days.late())
                        : Optional.empty();
        };
    }

    /** The bars where all of them are in memory: no call is needed, and no file. */
    Optional<Known> atHand(Instrument instrument, BarQuery query) {
        return query.period().isIntraday()
                ? minutes.atHand(instrument.symbol(), query)
                : days.atHand(instrument, query);
    }

    /** Calls to KIS that {@code query} takes at least when nothing of it is known. */
    int expectedCalls(BarQuery query) {
        return query.period().isIntraday() ? Minutes.expectedCalls(query) : Days.expectedCalls(query);
    }

    /** Of days and longer, and of minutes. */
    public List<CacheFigures> figures() {
        return List.of(days.figures(), minutes.figures());
    }

    /** Bars in memory. */
    public long held() {
        return days.held() + minutes.held();
    }

    /** Calls made to KIS. */
    public long calls() {
        return days.calls() + minutes.calls();
    }

    /** Forgets what is in memory of, and what gateways share of, {@code symbol}: its files were written anew. */
    public void forget(Symbol symbol) {
        days.forget(symbol);
        minutes.forget(symbol);
        shelves.drop(symbol);
    }
}
