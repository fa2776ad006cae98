package kr.kisgateway.simulator.catalog;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.History;
import kr.kisgateway.simulator.history.History.Period;
import kr.kisgateway.simulator.history.MinuteCodec;
import kr.kisgateway.wire.print.Percent;

/**
 * The charts of a stock: days, weeks, months and years, the minutes of today and of the last year, all newest first and
 * within the requested bounds, both included. Today's rows are the market's, the others its history's.
 */
final class Charts {
    private static final int LAST_DAYS = 30;
    private static final int DAYS = 100;
    private static final int MINUTES_OF_TODAY = 30;
    private static final int MINUTES = 120;

    /** The years for which KIS serves minutes. */
    private static final int YEARS_OF_MINUTES = 1;

    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final Pattern HOUR = Pattern.compile("([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]");
    private static final int END_OF_DAY = 24 * 60 - 1;

    private Charts() {}

    // ---- days ----------------------------------------------------------------------------------------------------

    /** inquire-daily-price: the last thirty days, weeks or months. */
    static KnownFields lastDays(CatalogRequest request, MarketView market, long seed) {
        List<Map<String, String>> rows = new ArrayList<>();
        stock(request, market).ifPresent(stock -> {
            History history = stock.history();
            Period period = period(request);
            List<DailyBar> bars =
                    history.newest(period, LocalDate.MIN, LocalDate.MAX, today(stock, market), LAST_DAYS + 1);
            for (int i = 0; i < Math.min(LAST_DAYS, bars.size()); i++) {
                DailyBar bar = bars.get(i);
                long volumeBefore = i + 1 < bars.size() ? bars.get(i + 1).volume() : 0;
                Map<String, String> row = day(bar);
                row.put("prdy_vrss_vol_rate", Percent.of(bar.volume(), volumeBefore));
                row.put("prdy_ctrt", Percent.of(bar.change(), bar.base()));
                row.put("flng_cls_code", "00");
                row.put("acml_prtt_rate", "0.00");
                if (period == Period.DAY) {
                    row.put("frgn_ntby_qty", text(InvestorTrades.foreign(bar, request.param("FID_INPUT_ISCD"), seed)));
                }
                rows.add(row);
            }
        });
        return new ListFields("output", rows, Map.of());
    }

    /** inquire-daily-itemchartprice: up to a hundred days, weeks, months or years. */
    static KnownFields days(CatalogRequest request, MarketView market) {
        Optional<KrxListedStock> stock = stock(request, market);
        List<Map<String, String>> rows = new ArrayList<>();
        stock.ifPresent(of -> of.history()
                .newest(
                        period(request),
                        CatalogRequest.day(request.param("FID_INPUT_DATE_1")).orElse(LocalDate.MIN),
                        CatalogRequest.day(request.param("FID_INPUT_DATE_2")).orElse(LocalDate.MAX),
                        today(of, market),
                        DAYS)
                .forEach(bar -> {
                    Map<String, String> row = day(bar);
                    row.put("flng_cls_code", "00");
                    row.put("prtt_rate", "0.00");
                    row.put("mod_yn", "N");
                    row.put("revl_issu_reas", "");
                    rows.add(row);
                }));
        return new ListFields("output2", rows, stock.map(Charts::summary).orElse(Map.of()));
    }

    private static Map<String, String> day(DailyBar bar) {
        Map<String, String> row = new HashMap<>();
        row.put("stck_bsop_date", DAY.format(bar.date()));
        row.put("stck_oprc", text(bar.open()));
        row.put("stck_hgpr", text(bar.high()));
        row.put("stck_lwpr", text(bar.low()));
        row.put("stck_clpr", text(bar.close()));
        row.put("acml_vol", text(bar.volume()));
        row.put("acml_tr_pbmn", text(bar.turnover()));
        row.put("prdy_vrss", text(bar.change()));
        row.put("prdy_vrss_sign", Quote.sign(bar.change()));
        return row;
    }

    /** The first block's fields of the stock and its day before. */
    static Map<String, String> summary(KrxListedStock stock) {
        long face = stock.instrument().faceValue().orElse(0);
        Map<String, String> values = new HashMap<>(Map.of(
                "vol_tnrt", Percent.of(stock.volume(), stock.listedShares()),
                "stck_fcam", text(face),
                "cpfn", text(face * stock.listedShares() / 100_000_000),
                "hts_avls", text(stock.last() * stock.listedShares() / 100_000_000)));
        History history = stock.history();
        if (history.size() > 0) {
            DailyBar bar = history.bar(history.size() - 1);
            values.put("prdy_vol", text(bar.volume()));
            values.put("stck_prdy_oprc", text(bar.open()));
            values.put("stck_prdy_hgpr", text(bar.high()));
            values.put("stck_prdy_lwpr", text(bar.low()));
            values.put("prdy_vrss_vol", text(stock.volume() - bar.volume()));
        }
        return values;
    }

    static Period period(CatalogRequest request) {
        return switch (request.param("FID_PERIOD_DIV_CODE")) {
            case "W" -> Period.WEEK;
            case "M" -> Period.MONTH;
            case "Y" -> Period.YEAR;
            default -> Period.DAY;
        };
    }

    /** Today's bar; none on a day without trading. Before the first trade all prices are the last one. */
    static List<DailyBar> today(KrxListedStock stock, MarketView market) {
        if (!market.isTradingDay(market.day())) {
            return List.of();
        }
        boolean traded = stock.open() > 0;
        return List.of(new DailyBar(
                market.day(),
                stock.base(),
                traded ? stock.open() : stock.last(),
                traded ? stock.high() : stock.last(),
                traded ? stock.low() : stock.last(),
                stock.last(),
                stock.volume(),
                stock.turnover()));
    }

    // ---- minutes -------------------------------------------------------------------------------------------------

    /** A minute of a day and the turnover of that day up to its end. */
    private record Minute(LocalDate date, Minutes.Bar bar, long turnover) {
        Map<String, String> row() {
            return Map.of(
                    "stck_bsop_date", DAY.format(date),
                    "stck_cntg_hour", hour(bar.minute()),
                    "stck_prpr", text(bar.close()),
                    "stck_oprc", text(bar.open()),
                    "stck_hgpr", text(bar.high()),
                    "stck_lwpr", text(bar.low()),
                    "cntg_vol", text(bar.volume()),
                    "acml_tr_pbmn", text(turnover));
        }
    }

    /**
     * inquire-time-itemchartprice: thirty minutes of today back from the requested hour; minutes that are still to come repeat
     * the last price. While nothing has traded today, FID_PW_DATA_INCU_YN shows the day before instead, and no other.
     */
    static KnownFields minutesOfToday(CatalogRequest request, MarketView market) {
        List<Minute> rows = new ArrayList<>();
        stock(request, market).ifPresent(stock -> {
            List<Minute> today = market.isTradingDay(market.day()) ? ofToday(stock, market, false) : List.of();
            History history = stock.history();
            if (!today.isEmpty()) {
                rows.addAll(futureMinutes(request, stock, market));
                rows.addAll(until(today, requestedMinute(request)));
            } else if (request.param("FID_PW_DATA_INCU_YN").equals("Y") && history.size() > 0) {
                rows.addAll(until(minutes(history, history.bar(history.size() - 1), false), requestedMinute(request)));
            }
        });
        return minuteRows(rows, MINUTES_OF_TODAY);
    }

    /** inquire-time-dailychartprice: up to 120 minutes of a day of the last year, and on request of the days before it. */
    static KnownFields minutes(CatalogRequest request, MarketView market) {
        List<Minute> rows = new ArrayList<>();
        stock(request, market).ifPresent(stock -> {
            LocalDate date =
                    CatalogRequest.day(request.param("FID_INPUT_DATE_1")).orElse(market.day());
            boolean everyMinute = request.param("FID_FAKE_TICK_INCU_YN").equals("Y");
            History history = stock.history();
            int days = history.upTo(date);
            if (!date.isBefore(market.day()) && market.isTradingDay(market.day())) {
                rows.addAll(until(ofToday(stock, market, everyMinute), requestedMinute(request)));
                days = history.size();
            } else if (days > 0 && history.bar(days - 1).date().equals(date) && hasMinutes(date, market)) {
                rows.addAll(until(minutes(history, history.bar(days - 1), everyMinute), requestedMinute(request)));
                days--;
            }
            if (request.param("FID_PW_DATA_INCU_YN").equals("Y")) {
                addEarlierDays(rows, stock, days, everyMinute, MINUTES, market);
            }
        });
        return minuteRows(rows, MINUTES);
    }

    private static KnownFields minuteRows(List<Minute> rows, int max) {
        return new ListFields(
                "output2", rows.stream().limit(max).map(Minute::row).toList(), Map.of());
    }

    /** Adds days before the {@code days}th until there are enough rows. */
    private static void addEarlierDays(
            List<Minute> rows, KrxListedStock stock, int days, boolean everyMinute, int max, MarketView market) {
        History history = stock.history();
        for (int i = days - 1;
                i >= 0 && rows.size() < max && hasMinutes(history.bar(i).date(), market);
                i--) {
            rows.addAll(minutes(history, history.bar(i), everyMinute).reversed());
        }
    }

    private static boolean hasMinutes(LocalDate date, MarketView market) {
        return !date.isBefore(market.day().minusYears(YEARS_OF_MINUTES));
    }

    private static List<Minute> minutes(History history, DailyBar day, boolean everyMinute) {
        return withRunningTurnover(day.date(), everyMinute ? history.everyMinute(day) : history.minutes(day));
    }

    private static List<Minute> ofToday(KrxListedStock stock, MarketView market, boolean everyMinute) {
        List<Minutes.Bar> bars = new ArrayList<>();
        for (Minutes.Bar bar : MinuteCodec.withPrices(stock.minutes(), stock.base())) {
            while (everyMinute && !bars.isEmpty() && bars.getLast().minute() + 1 < bar.minute()) {
                bars.add(Minutes.Bar.withoutTrades(
                        bars.getLast().minute() + 1, bars.getLast().close()));
            }
            bars.add(bar);
        }
        return withRunningTurnover(market.day(), bars);
    }

    private static List<Minute> withRunningTurnover(LocalDate date, List<Minutes.Bar> bars) {
        List<Minute> minutes = new ArrayList<>();
        long turnover = 0;
        for (Minutes.Bar bar : bars) {
            turnover += bar.turnover();
            minutes.add(new Minute(date, bar, turnover));
        }
        return minutes;
    }

    /** The minutes up to one, it included, newest first. */
    private static List<Minute> until(List<Minute> minutes, int last) {
        return minutes.stream()
                .filter(minute -> minute.bar().minute() <= last)
                .toList()
                .reversed();
    }

    private static List<Minute> futureMinutes(CatalogRequest request, KrxListedStock stock, MarketView market) {
        int requested =
                HOUR.matcher(request.param("FID_INPUT_HOUR_1")).matches() ? requestedMinute(request) : END_OF_DAY;
        if (requested == END_OF_DAY) {
            return List.of();
        }
        List<Minute> minutes = new ArrayList<>();
        int last = Math.min(requested, Math.max(market.lastMinute(), market.minute()));
        for (int minute = last; minute > market.minute() && minutes.size() < MINUTES_OF_TODAY; minute--) {
            minutes.add(new Minute(market.day(), Minutes.Bar.withoutTrades(minute, stock.last()), stock.turnover()));
        }
        return minutes;
    }

    /** The minute of FID_INPUT_HOUR_1; for 000000 and malformed times the latest. */
    private static int requestedMinute(CatalogRequest request) {
        String hour = request.param("FID_INPUT_HOUR_1");
        return HOUR.matcher(hour).matches() && !hour.equals("000000")
                ? Integer.parseInt(hour, 0, 2, 10) * 60 + Integer.parseInt(hour, 2, 4, 10)
                : END_OF_DAY;
    }

    // ---- the rest ------------------------------------------------------------------------------------------------

    private static Optional<KrxListedStock> stock(CatalogRequest request, MarketView market) {
        return market.find(request.param("FID_INPUT_ISCD"));
    }

    private static String hour(int minute) {
        return String.format(Locale.ROOT, "%04d00", minute / 60 * 100 + minute % 60);
    }

    private static String text(long number) {
        return Long.toString(number);
    }
}
