package kr.kisgateway.gateway.kis.rest;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarPageSource;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.wire.OverseasSymbol;
import kr.kisgateway.wire.parse.OverseasDayBar;
import kr.kisgateway.wire.parse.OverseasMinuteBar;

/** US bars from the period charts (해외주식 기간별시세) and the minute charts (해외주식분봉조회, live alone), in the lane of charts. */
public final class KisBarPages implements BarPageSource {
    private static final int MINUTE_MONTHS = 1;

    private final KisClient kis;

    public KisBarPages(KisClient kis) {
        this.kis = kis;
    }

    @Override
    public Result<Page> requestPage(
            MarketSymbol symbol, BarPeriod period, LocalDateTime last, boolean adjusted, RequestContext context) {
        return switch (symbol) {
            case UsSymbol us ->
                KisBars.options(kis, context)
                        .flatMap(options -> requestPage(KisTr.toOverseasSymbol(us), period, last, adjusted, options));
            default -> throw KisTr.unsupported(symbol);
        };
    }

    private Result<Page> requestPage(
            OverseasSymbol code, BarPeriod period, LocalDateTime last, boolean adjusted, CallOptions options) {
        if (period.isIntraday()) {
            return KisRefusals.result(
                    kis.overseas().minutesPage(code, period.minutes(), last, options),
                    rows -> page(rows.stream().map(KisBarPages::bar).toList()),
                    KisBarPages::refusal);
        }
        LocalDate end = last(period, last.toLocalDate());
        return KisRefusals.result(
                kis.overseas().chartPage(code, period, end, adjusted, options),
                rows -> page(rows.stream().map(row -> bar(period, row)).toList()),
                KisBarPages::refusal);
    }

    /** Last day of the running period: a day in its middle would be returned as its end. */
    private LocalDate last(BarPeriod period, LocalDate day) {
        LocalDate end = period.last(day);
        // No exchange is ahead of Seoul's date, but a simulated day may be.
        LocalDate now = LocalDate.ofInstant(kis.clock().instant(), TradingCalendar.SEOUL);
        LocalDate latest = now.isAfter(day) ? now : day;
        return end.isAfter(latest) ? latest : end;
    }

    /** KIS was observed to keep about a month. */
    @Override
    public LocalDate minutesAvailableSince(LocalDate today) {
        return today.minusMonths(MINUTE_MONTHS);
    }

    private static Refusal refusal(KisFailure failure) {
        return KisBars.refusal(failure, "KIS's paper trading has no US minutes; the simulator and live have.");
    }

    private static Page page(List<Bar> rows) {
        return new Page(
                // Without a trade KIS repeats the previous price, or writes zeros.
                rows.stream()
                        .filter(bar -> bar.volume() > 0 && bar.open() > 0)
                        .sorted(Comparator.comparing(Bar::ts))
                        .toList(),
                rows.stream().min(Comparator.comparing(Bar::ts)).map(bar -> bar.begin(UsHours.NEW_YORK)));
    }

    private static Bar bar(OverseasMinuteBar row) {
        return Bar.of(
                row.at(),
                UsHours.NEW_YORK,
                Dollars.roundedUnits(row.open()),
                Dollars.roundedUnits(row.high()),
                Dollars.roundedUnits(row.low()),
                Dollars.roundedUnits(row.close()),
                row.volume(),
                OptionalLong.of(Dollars.roundedUnits(row.turnover())));
    }

    /** KIS's date of a week or month may be any day in it, so bars are dated by the first. */
    private static Bar bar(BarPeriod period, OverseasDayBar row) {
        return Bar.ofDay(
                period.first(row.date()),
                UsHours.NEW_YORK,
                Dollars.roundedUnits(row.open()),
                Dollars.roundedUnits(row.high()),
                Dollars.roundedUnits(row.low()),
                Dollars.roundedUnits(row.close()),
                row.volume(),
                OptionalLong.of(Dollars.roundedUnits(row.turnover())));
    }
}
