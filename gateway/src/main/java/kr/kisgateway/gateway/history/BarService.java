package kr.kisgateway.gateway.history;

import java.time.InstantSource;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.history.BarOutcome.Refused;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * Answers bars of any length. What is over does not change, so it is asked for once: bars of closed days come from memory or
 * from the files of the history, the rest from KIS, page by page through the call budget. A page that KIS gave is kept even
 * when the whole question comes to nothing, so the next one goes on where this one ended.
 */
public final class BarService {
    private final Days days;
    private final Minutes minutes;

    /**
     * @param history what was written down; nothing, where nothing is
     * @param calendar says which days are over, and which of them traded
     */
    public BarService(BarSource source, History history, TradingCalendar calendar, InstantSource clock) {
        var closed = new ClosedDays(calendar, clock);
        this.days = new Days(source, history, closed, clock);
        this.minutes = new Minutes(source, history, closed, clock);
    }

    /** Blocks for at most ten seconds. {@code tenant} shares the call budget. */
    public BarOutcome bars(Instrument instrument, BarQuery query, String tenant) {
        if (query.from().isPresent() && query.from().get().isAfter(query.to())) {
            return new Refused(
                    Refusal.of(ErrorCode.INVALID_FIELD, "The value \"from\" lies after \"to\"; exchange the two."));
        }
        return query.period().isIntraday()
                ? minutes.bars(instrument.symbol(), query, tenant)
                : days.bars(instrument, query, tenant);
    }

    /** Bars in memory. */
    public long held() {
        return days.held() + minutes.held();
    }

    /** Calls made to KIS. */
    public long calls() {
        return days.calls() + minutes.calls();
    }

    /** Forgets what is in memory of {@code symbol}: its files were written anew. */
    public void forget(Symbol symbol) {
        days.forget(symbol);
        minutes.forget(symbol);
    }
}
