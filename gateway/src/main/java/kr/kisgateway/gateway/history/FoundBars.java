package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.Bars;

/** The bars found so far for one query, newest first; those of the broker's periods, of which years are merged. */
final class FoundBars {
    private final BarQuery query;
    private final ZoneId zone;
    private final List<Bar> bars = new ArrayList<>();
    private int periods;
    private boolean complete;
    private Optional<Refusal> failure = Optional.empty();

    /** @param zone of the market's clock */
    FoundBars(BarQuery query, ZoneId zone) {
        this.query = query;
        this.zone = zone;
    }

    /** Whether there are as many bars as the query allows. */
    boolean hasEnough() {
        // A period merged from several bars is complete only once the one before it has begun.
        return query.period() == query.base() ? periods >= query.limit() : periods > query.limit();
    }

    /** Whether older bars are needed and possible. */
    boolean needsMore() {
        return failure.isEmpty() && !complete && !hasEnough();
    }

    void add(Bar bar) {
        if (query.period() == query.base()
                || bars.isEmpty()
                || !firstDay(bars.getLast()).equals(firstDay(bar))) {
            periods++;
        }
        bars.add(bar);
    }

    private LocalDate firstDay(Bar bar) {
        return query.period().first(bar.date());
    }

    boolean endsWith(Bar bar) {
        return bars.getLast().equals(bar);
    }

    /** No older requested bars can exist. */
    void setComplete(boolean complete) {
        this.complete = complete;
    }

    boolean isComplete() {
        return complete;
    }

    /** Ends the search: only bars found before are answered. */
    void fail(Refusal refusal) {
        failure = Optional.of(refusal);
    }

    boolean hasFailed() {
        return failure.isPresent();
    }

    /** The answer, or the refusal that ended the search before any bar was found. */
    Result<BarPage> page(Optional<LocalDate> incompleteBefore) {
        List<Bar> answered = bars;
        if (query.period() != query.base()) {
            answered = Bars.aggregate(query.period(), bars.reversed(), zone).reversed();
            if (!complete && !answered.isEmpty()) {
                answered = answered.subList(0, answered.size() - 1); // its beginning is missing
            }
        }
        return failure.isPresent() && answered.isEmpty()
                ? Result.refused(failure.get())
                : Result.success(BarPage.of(answered, query.limit(), !complete, incompleteBefore));
    }
}
