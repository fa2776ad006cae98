package kr.kisgateway.gateway.aegis;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.aegis.T1305Answer;
import kr.kisgateway.gateway.cache.Cached;
import kr.kisgateway.gateway.history.BarPage;
import kr.kisgateway.gateway.history.BarQuery;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** t1305: prices of days, weeks or months, as {@code /v1/bars} has them, served for half an hour. */
record PeriodPrices(KoreanListing listing, BarCache bars) implements TrCall {
    private static final Map<String, BarPeriod> PERIODS =
            Map.of("1", BarPeriod.DAY, "2", BarPeriod.WEEK, "3", BarPeriod.MONTH);

    @Override
    public String name() {
        return "t1305";
    }

    @Override
    public Role role() {
        return Role.QUOTE;
    }

    @Override
    public List<String> parameters() {
        return List.of(KoreanListing.PARAMETER, "dwmcode", "cnt", "date", "cts_date");
    }

    @Override
    public T1305Answer answer(TrParameters parameters, Caller caller, AegisVersion version) {
        var listed = listing.require(parameters, caller);
        var period = parameters.choice("dwmcode", "1", PERIODS);
        var query = new BarCache.Query(
                (Symbol) listed.symbol(),
                period,
                Optional.empty(),
                parameters.day("date", bars.today()),
                parameters.day("cts_date", bars.today()).map(LocalDate::atStartOfDay),
                parameters.number("cnt", BarQuery.LIMIT_DEFAULT, BarQuery.LIMIT_MAX));
        var page = bars.bars(query, caller.name()).orElseThrow();
        return new T1305Answer(
                AegisCode.OK.text(),
                AegisCode.OK.message(),
                data(query, parameters.text("dwmcode").orElse("1"), page));
    }

    private static T1305Answer.Data data(BarCache.Query query, String dwmcode, Cached<BarPage> page) {
        var rows = page.value().bars().stream().map(PeriodPrices::row).toList();
        return new T1305Answer.Data(
                query.symbol().code(),
                dwmcode,
                rows.size(),
                date(page.value().next()),
                page.at().toEpochMilli(),
                rows);
    }

    private static String date(OptionalLong next) {
        return next.isEmpty()
                ? ""
                : TrParameters.DATE.format(
                        Instant.ofEpochSecond(next.getAsLong()).atZone(TradingCalendar.SEOUL));
    }

    private static T1305Answer.Row row(Bar bar) {
        return new T1305Answer.Row(
                TrParameters.DATE.format(bar.date()),
                bar.open(),
                bar.high(),
                bar.low(),
                bar.close(),
                bar.volume(),
                bar.turnover());
    }
}
