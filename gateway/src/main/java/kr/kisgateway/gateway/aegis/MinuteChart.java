package kr.kisgateway.gateway.aegis;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.aegis.T8412Answer;
import kr.kisgateway.gateway.cache.Cached;
import kr.kisgateway.gateway.history.BarPage;
import kr.kisgateway.gateway.history.BarQuery;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** t8412: bars of minutes, as {@code /v1/bars} has them, served for five minutes. */
record MinuteChart(KoreanListing listing, BarCache bars) implements TrCall {
    private static final Map<String, BarPeriod> PERIODS = Map.of(
            "1", BarPeriod.M1,
            "3", BarPeriod.M3,
            "5", BarPeriod.M5,
            "10", BarPeriod.M10,
            "30", BarPeriod.M30,
            "60", BarPeriod.M60);

    @Override
    public String name() {
        return "t8412";
    }

    @Override
    public Role role() {
        return Role.QUOTE;
    }

    @Override
    public List<String> parameters() {
        return List.of(KoreanListing.PARAMETER, "ncnt", "qrycnt", "sdate", "edate", "cts_date", "cts_time");
    }

    @Override
    public T8412Answer answer(TrParameters parameters, Caller caller, AegisVersion version) {
        var listed = listing.require(parameters, caller);
        var period = parameters.choice("ncnt", "1", PERIODS);
        var today = bars.today();
        var from = parameters.day("sdate", today);
        var to = parameters.day("edate", today);
        if (from.isPresent() && from.get().isAfter(to.orElse(today))) {
            throw Call.invalid("sdate", "must not be after \"edate\"");
        }
        var query = new BarCache.Query(
                (Symbol) listed.symbol(),
                period,
                from,
                to,
                before(parameters, today),
                parameters.number("qrycnt", BarQuery.LIMIT_DEFAULT, BarQuery.LIMIT_MAX));
        var page = bars.bars(query, caller.name()).orElseThrow();
        return new T8412Answer(AegisCode.OK.text(), AegisCode.OK.message(), data(query, page));
    }

    private static Optional<LocalDateTime> before(TrParameters parameters, LocalDate today) {
        Optional<LocalDate> day = parameters.day("cts_date", today);
        Optional<LocalTime> time = parameters.time("cts_time");
        if (day.isPresent() != time.isPresent()) {
            throw Call.invalid("cts_date", "and \"cts_time\" belong together: send both of an earlier answer, or none");
        }
        return day.map(it -> it.atTime(time.orElseThrow()));
    }

    private static T8412Answer.Data data(BarCache.Query query, Cached<BarPage> page) {
        var next = page.value().next();
        Optional<ZonedDateTime> older = next.isEmpty() ? Optional.empty() : Optional.of(begin(next.getAsLong()));
        return new T8412Answer.Data(
                query.symbol().code(),
                query.period().minutes(),
                page.value().bars().size(),
                older.map(TrParameters.DATE::format).orElse(""),
                older.map(TrParameters.TIME::format).orElse(""),
                page.at().toEpochMilli(),
                page.value().bars().reversed().stream().map(MinuteChart::row).toList());
    }

    private static ZonedDateTime begin(long seconds) {
        return Instant.ofEpochSecond(seconds).atZone(TradingCalendar.SEOUL);
    }

    private static T8412Answer.Row row(Bar bar) {
        return new T8412Answer.Row(
                TrParameters.DATE.format(bar.date()),
                TrParameters.TIME.format(begin(bar.ts())),
                bar.open(),
                bar.high(),
                bar.low(),
                bar.close(),
                bar.volume(),
                bar.turnover());
    }
}
