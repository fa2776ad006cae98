package kr.kisgateway.gateway.history;

import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.job.JobDesk;
import kr.kisgateway.gateway.job.JobRoutes;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** {@code POST /v1/history/backfill}. */
public final class HistoryRoutes {
    /** Symbols that one request names; {@code all} may be more. */
    private static final int SYMBOLS_MAX = 4_000;

    private static final int YEARS = 20;

    private final JobDesk jobs;
    private final Function<String, Lookup> listing;
    private final Supplier<List<Symbol>> all;
    private final BarSource source;
    private final ClosedDays closed;

    /** @param all every listed symbol, in the order in which they are fetched */
    public HistoryRoutes(
            JobDesk jobs,
            Function<String, Lookup> listing,
            Supplier<List<Symbol>> all,
            BarSource source,
            TradingCalendar calendar,
            InstantSource clock) {
        this.jobs = jobs;
        this.listing = listing;
        this.all = all;
        this.source = source;
        this.closed = new ClosedDays(calendar, clock);
    }

    /** Adds the call. */
    public void register(RouteTable table) {
        table.post(Role.OPERATOR, "/v1/history/backfill", this::backfill);
    }

    private void backfill(Call call) {
        RequestBody body = call.body().only(Set.of("symbols", "period", "from", "to", "source", "adjusted"));
        BarPeriod period = BarPeriod.of(body.text("period"))
                .filter(it -> it == BarPeriod.DAY || it == BarPeriod.M1)
                .orElseThrow(() -> RequestBody.invalid("period", "must be D or 1m; longer bars are made of these"));
        String from = body.optionalText("source").orElse("kis");
        if (!from.equals("kis")) {
            throw RequestBody.invalid("source", "must be kis");
        }
        if (period == BarPeriod.M1 && body.has("adjusted")) {
            throw RequestBody.invalid("adjusted", "is for days; minutes are told as KIS keeps them");
        }
        boolean adjusted =
                period == BarPeriod.DAY && body.optionalFlag("adjusted").orElse(true);
        Span span = span(body, period);
        List<Symbol> symbols = symbols(body, call);
        var request = new BackfillRequest(period, span.from(), span.to(), from, adjusted, symbols.size());
        switch (jobs.begin(
                Backfill.NAME,
                request.json(),
                request.units(symbols),
                call.caller().name())) {
            case JobDesk.Started.Yes(var job) -> call.answer(202, JobRoutes.json(job, call.caller()));
            case JobDesk.Started.No(Refusal refusal) -> throw new RefusedException(refusal);
        }
    }

    private Span span(RequestBody body, BarPeriod period) {
        LocalDate last = closed.last();
        LocalDate to = day(body, "to").orElse(last);
        if (to.isAfter(closed.today())) {
            throw RequestBody.invalid("to", "has not come yet; today is " + closed.today() + " in Seoul");
        }
        // The running day is not over, so it has no bar to be kept.
        to = to.isAfter(last) ? last : to;
        LocalDate since = source.minutesSince(closed.today());
        LocalDate from = day(body, "from").orElse(period == BarPeriod.DAY ? to.minusYears(YEARS) : since);
        if (from.isAfter(to)) {
            throw RequestBody.invalid("from", "lies after the last day, which is " + to);
        }
        if (from.getYear() < 1980) {
            throw RequestBody.invalid("from", "lies before 1980, when the exchange's records begin");
        }
        if (period == BarPeriod.M1 && from.isBefore(since)) {
            throw new RefusedException(
                    Refusal.of(ErrorCode.UNSUPPORTED_BY_SOURCE, "KIS keeps minutes from " + since + " on; begin there.")
                            .with("field", "from")
                            .with("since", since.toString()));
        }
        return new Span(from, to);
    }

    private static Optional<LocalDate> day(RequestBody body, String field) {
        try {
            return body.optionalText(field).map(LocalDate::parse);
        } catch (DateTimeException e) {
            throw RequestBody.invalid(field, "must be a date, as 2026-11-20");
        }
    }

    private List<Symbol> symbols(RequestBody body, Call call) {
        if (!body.has("symbols")) {
            throw RequestBody.missing("symbols");
        }
        if (body.isText("symbols")) {
            if (!body.text("symbols").equals("all")) {
                throw RequestBody.invalid("symbols", "must be \"all\" or a list of symbols");
            }
            List<Symbol> every = all.get();
            every.forEach(symbol -> call.caller().requireSymbol(symbol.code()));
            return every;
        }
        var found = new LinkedHashSet<Symbol>();
        for (String text : body.texts("symbols", SYMBOLS_MAX)) {
            call.caller().requireSymbol(text);
            found.add(listing.apply(text).korean().symbol());
        }
        if (found.isEmpty()) {
            throw RequestBody.invalid("symbols", "names none");
        }
        return List.copyOf(found);
    }
}
