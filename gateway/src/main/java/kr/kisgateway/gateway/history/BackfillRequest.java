package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.history.HistoryStore.Table;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;

/**
 * Parameters of a backfill, stored with the job as JSON.
 *
 * @param period {@code D} or {@code 1m}
 * @param from first day
 * @param to last day, over in the markets of all symbols when the job was created
 * @param source {@code kis} or {@code krx}
 * @param adjusted for days: whether prices before a split are adjusted for it
 * @param symbols number of symbols
 */
record BackfillRequest(BarPeriod period, LocalDate from, LocalDate to, String source, boolean adjusted, int symbols) {
    /** One part of the job: a symbol's days, or its minutes of a month. */
    record Unit(MarketSymbol symbol, Span span) {}

    /** One part of a job that takes the exchange's lists: one of them of one day. */
    record ListUnit(DailyList list, LocalDate day) {}

    /** Whether it requests the exchange's complete lists instead of KIS symbol by symbol. */
    boolean usesExchangeLists() {
        return source.equals("krx");
    }

    /** {@code 2024-01-05/KOSPI}, the newest day first. */
    List<String> listUnits(Set<DailyList> lists) {
        var exchange = new KrxCalendar();
        var units = new ArrayList<String>();
        for (LocalDate day = to; !day.isBefore(from); day = day.minusDays(1)) {
            if (mayHaveTraded(exchange, day)) {
                for (DailyList list : lists) {
                    units.add(day + "/" + list);
                }
            }
        }
        return units;
    }

    /** Before the calendar begins, every weekday may have been a trading day. */
    static boolean mayHaveTraded(KrxCalendar exchange, LocalDate day) {
        return exchange.isTradingDay(day)
                || day.isBefore(exchange.firstCoveredDay())
                        && day.getDayOfWeek().getValue() <= 5;
    }

    ListUnit listUnit(String name) {
        int slash = name.indexOf('/');
        return new ListUnit(DailyList.valueOf(name.substring(slash + 1)), LocalDate.parse(name.substring(0, slash)));
    }

    Table table() {
        return period == BarPeriod.DAY ? Table.DAILY : Table.MINUTE;
    }

    String json() {
        return ApiJson.text(new Stored(period.wireName(), from, to, source, adjusted, symbols));
    }

    private record Stored(String period, LocalDate from, LocalDate to, String source, boolean adjusted, int symbols) {}

    static BackfillRequest parse(String json) {
        var body = RequestBody.parse(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return new BackfillRequest(
                BarPeriod.of(body.text("period")).orElseThrow(),
                LocalDate.parse(body.text("from")),
                LocalDate.parse(body.text("to")),
                body.text("source"),
                body.optionalFlag("adjusted").orElse(false),
                (int) body.wholeNumber("symbols"));
    }

    /** {@code 005930}, or {@code 005930/2026-11} for minutes. */
    List<String> units(List<MarketSymbol> requested) {
        if (period == BarPeriod.DAY) {
            return requested.stream().map(MarketSymbol::code).toList();
        }
        var units = new ArrayList<String>();
        for (MarketSymbol symbol : requested) {
            for (var month = YearMonth.from(from); !month.isAfter(YearMonth.from(to)); month = month.plusMonths(1)) {
                units.add(symbol.code() + "/" + month);
            }
        }
        return units;
    }

    /** @param markets of the symbols */
    Unit unit(String name, Markets markets) {
        int slash = name.indexOf('/');
        if (slash < 0) {
            return new Unit(markets.parse(name).orElseThrow(), new Span(from, to));
        }
        var month = YearMonth.parse(name.substring(slash + 1));
        return new Unit(
                markets.parse(name.substring(0, slash)).orElseThrow(),
                new Span(
                        month.atDay(1).isBefore(from) ? from : month.atDay(1),
                        month.atEndOfMonth().isAfter(to) ? to : month.atEndOfMonth()));
    }
}
