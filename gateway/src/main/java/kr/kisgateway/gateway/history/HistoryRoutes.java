package kr.kisgateway.gateway.history;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.job.JobRoutes;
import kr.kisgateway.gateway.job.JobRunner;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PerMarket;

/** {@code POST /v1/history/backfill}. */
public final class HistoryRoutes {
    /** Symbols that one request names; {@code all} may be more. */
    private static final List<String> SOURCES = List.of("kis", "krx");

    private static final int SYMBOLS_MAX = 4_000;

    private static final int DEFAULT_YEARS = 20;

    private final JobRunner jobs;
    private final Function<String, Result<Listed>> listing;
    private final Supplier<? extends List<? extends MarketSymbol>> allSymbols;
    private final PerMarket<BarService> bars;
    private final DailyListSource lists;
    private final OptionalInt minuteRetentionDays;

    /**
     * @param allSymbols the symbols that {@code all} means, in the order of fetching
     * @param minuteRetentionDays days after which minutes are deleted; empty when never
     */
    public HistoryRoutes(
            JobRunner jobs,
            Function<String, Result<Listed>> listing,
            Supplier<? extends List<? extends MarketSymbol>> allSymbols,
            PerMarket<BarService> bars,
            DailyListSource lists,
            OptionalInt minuteRetentionDays) {
        this.minuteRetentionDays = minuteRetentionDays;
        this.jobs = jobs;
        this.listing = listing;
        this.allSymbols = allSymbols;
        this.bars = bars;
        this.lists = lists;
    }

    /** Adds the route. */
    public void register(RouteTable table) {
        table.post(Role.OPERATOR, "/v1/history/backfill", this::backfill);
    }

    private void backfill(Call call) {
        RequestBody body = call.body().requireOnly(Set.of("symbols", "period", "from", "to", "source", "adjusted"));
        BarPeriod period = BarPeriod.of(body.text("period"))
                .filter(it -> it == BarPeriod.DAY || it == BarPeriod.M1)
                .orElseThrow(
                        () -> RequestBody.invalid("period", "must be D or 1m; longer bars are derived from these"));
        String from = body.optionalText("source").orElse("kis");
        if (!SOURCES.contains(from)) {
            throw RequestBody.notOneOf("source", from, SOURCES);
        }
        boolean fromExchangeLists = from.equals("krx");
        if (fromExchangeLists && period != BarPeriod.DAY) {
            throw RequestBody.invalid("source", "must be kis for minutes; the exchange publishes days");
        }
        if (fromExchangeLists && body.optionalFlag("adjusted").orElse(false)) {
            throw RequestBody.invalid("adjusted", "must be false with krx; the exchange publishes unadjusted prices");
        }
        if (fromExchangeLists && !lists.hasKey()) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.CREDENTIALS_MISSING,
                            "The exchange's Open API needs a key of your own: apply for one, and for its daily lists, at"
                                    + " openapi.krx.co.kr, set KRX_AUTH_KEY and restart the gateway.")
                    .with("setting", "KRX_AUTH_KEY"));
        }
        if (period == BarPeriod.M1 && body.has("adjusted")) {
            throw RequestBody.invalid("adjusted", "is for days; minutes are answered as KIS stores them");
        }
        boolean adjusted = period == BarPeriod.DAY
                && !fromExchangeLists
                && body.optionalFlag("adjusted").orElse(true);
        List<MarketSymbol> symbols = symbols(body, call);
        Span span = span(body, period, fromExchangeLists, symbols);
        var request = new BackfillRequest(period, span.from(), span.to(), from, adjusted, symbols.size());
        var job = jobs.begin(
                        Backfill.NAME,
                        request.json(),
                        fromExchangeLists ? request.listUnits(lists(symbols)) : request.units(symbols),
                        call.caller().name())
                .orElseThrow();
        call.answer(202, JobRoutes.answer(job, call.caller()));
    }

    /** The lists that contain {@code symbols}. */
    private Set<DailyList> lists(List<MarketSymbol> symbols) {
        Set<DailyList> found = EnumSet.noneOf(DailyList.class);
        symbols.forEach(symbol -> DailyList.of(
                        listing.apply(symbol.code()).orElseThrow().requireKorean())
                .ifPresent(found::add));
        if (found.isEmpty()) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.UNSUPPORTED_BY_SOURCE,
                            "The exchange's daily lists have no ETNs; use the source kis for them.")
                    .with("field", "symbols"));
        }
        return found;
    }

    private Span span(RequestBody body, BarPeriod period, boolean fromExchangeLists, List<MarketSymbol> symbols) {
        Optional<LocalDate> requestedTo = day(body, "to");
        LocalDate todayInSeoul = bars.of(Market.KOREA).closedDays().today();
        LocalDate to = requestedTo.orElse(todayInSeoul);
        LocalDate since = LocalDate.MIN;
        for (Market market : symbols.stream().map(MarketSymbol::market).collect(Collectors.toSet())) {
            ClosedDays closed = bars.of(market).closedDays();
            LocalDate today = closed.today();
            if (requestedTo.filter(today::isBefore).isPresent()) {
                throw RequestBody.invalid(
                        "to",
                        "is in the future; today is " + today + " in "
                                + bars.of(market).city());
            }
            // The running day is not over, so it has no bar to store.
            to = earlier(to, closed.lastClosedDay());
            LocalDate available = bars.of(market).closedBars().minutesAvailableSince(today);
            since = available.isAfter(since) ? available : since;
        }
        if (period == BarPeriod.M1 && minuteRetentionDays.isPresent()) {
            LocalDate retainedSince = todayInSeoul.minusDays(minuteRetentionDays.getAsInt());
            if (retainedSince.isAfter(since)) {
                since = retainedSince;
                if (day(body, "from").filter(retainedSince::isAfter).isPresent()) {
                    throw RequestBody.invalid(
                            "from",
                            "must not be before " + retainedSince
                                    + ": GATEWAY_KEEP_MINUTES would delete those minutes");
                }
            }
        }
        LocalDate from = day(body, "from")
                .orElse(
                        fromExchangeLists
                                ? DailyListSource.FIRST_DAY
                                : period == BarPeriod.DAY ? to.minusYears(DEFAULT_YEARS) : since);
        if (fromExchangeLists && from.isBefore(DailyListSource.FIRST_DAY)) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.UNSUPPORTED_BY_SOURCE,
                            "The exchange's Open API has days from " + DailyListSource.FIRST_DAY
                                    + " on; use a later \"from\".")
                    .with("field", "from")
                    .with("since", DailyListSource.FIRST_DAY.toString()));
        }
        if (from.isAfter(to)) {
            throw RequestBody.invalid("from", "must not be after the last day, " + to);
        }
        if (from.getYear() < 1980) {
            throw RequestBody.invalid("from", "must not be before 1980, when the exchange's records begin");
        }
        if (period == BarPeriod.M1 && from.isBefore(since)) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.UNSUPPORTED_BY_SOURCE,
                            "KIS has minutes from " + since + " on; use a later \"from\".")
                    .with("field", "from")
                    .with("since", since.toString()));
        }
        return new Span(from, to);
    }

    private static LocalDate earlier(LocalDate one, LocalDate other) {
        return one.isBefore(other) ? one : other;
    }

    private static Optional<LocalDate> day(RequestBody body, String field) {
        try {
            return body.optionalText(field).map(LocalDate::parse);
        } catch (DateTimeException e) {
            throw RequestBody.invalid(field, "must be a date, as 2026-11-20");
        }
    }

    private List<MarketSymbol> symbols(RequestBody body, Call call) {
        if (!body.has("symbols")) {
            throw RequestBody.missing("symbols");
        }
        if (body.isText("symbols")) {
            if (!body.text("symbols").equals("all")) {
                throw RequestBody.invalid("symbols", "must be \"all\" or a list of symbols");
            }
            List<MarketSymbol> listed = List.copyOf(allSymbols.get());
            listed.forEach(symbol -> call.caller().requireSymbol(symbol.code()));
            return listed;
        }
        var found = new LinkedHashSet<MarketSymbol>();
        for (String text : body.texts("symbols", SYMBOLS_MAX)) {
            call.caller().requireSymbol(text);
            found.add(listing.apply(text).orElseThrow().symbol());
        }
        if (found.isEmpty()) {
            throw RequestBody.invalid("symbols", "names none");
        }
        return List.copyOf(found);
    }
}
