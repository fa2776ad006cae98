package kr.kisgateway.simulator.broker;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.KnownFields;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.History;
import kr.kisgateway.simulator.us.UsMarket;
import kr.kisgateway.simulator.us.UsStock;
import kr.kisgateway.wire.print.Percent;

/** Charts of US stocks: days before today from their history, today from the tape. */
final class UsCharts {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final int DAYS_PER_CALL = 100;
    private static final int MAX_MINUTES = 120;

    /** The trading days for which KIS serves minutes: about a month (observed). */
    private static final int DAYS_OF_MINUTES = 22;

    private final UsMarket market;

    UsCharts(UsMarket market) {
        this.market = market;
    }

    /** dailyprice: a hundred days, weeks or months up to BYMD, newest first. */
    KnownFields daily(CatalogRequest request, UsStock stock) {
        History.Period period = switch (request.param("GUBN")) {
            case "1" -> History.Period.WEEK;
            case "2" -> History.Period.MONTH;
            default -> History.Period.DAY;
        };
        LocalDate until = DailyOrders.Query.day(request.param("BYMD")).orElse(market.date());
        List<Map<String, String>> rows =
                history(stock).newest(period, LocalDate.EPOCH, until, List.of(today(stock)), DAYS_PER_CALL).stream()
                        .map(bar -> {
                            Map<String, String> row = new HashMap<>();
                            row.put("xymd", DAY.format(bar.date()));
                            row.put("clos", UsFrames.price(bar.close()));
                            row.put("sign", UsFrames.sign(bar.change()));
                            row.put("diff", UsFrames.price(bar.change()));
                            row.put("rate", UsFrames.rate(bar.change(), bar.base()));
                            row.put("open", UsFrames.price(bar.open()));
                            row.put("high", UsFrames.price(bar.high()));
                            row.put("low", UsFrames.price(bar.low()));
                            row.put("tvol", Long.toString(bar.volume()));
                            row.put("tamt", UsFrames.dollars(bar.turnover()));
                            // Books of past days are not stored.
                            for (String column : List.of("pbid", "vbid", "pask", "vask")) {
                                row.put(column, "0");
                            }
                            return row;
                        })
                        .toList();
        return new BlockRows()
                .object(
                        "output1",
                        Map.of(
                                "rsym", UsQuoteAnswers.realtimeKey(request, stock),
                                "zdiv", "4",
                                "nrec", Integer.toString(rows.size())))
                .list("output2", rows);
    }

    /** inquire-daily-chartprice of a US stock. */
    KnownFields chart(CatalogRequest request, UsStock stock) {
        History.Period period = switch (request.param("FID_PERIOD_DIV_CODE")) {
            case "W" -> History.Period.WEEK;
            case "M" -> History.Period.MONTH;
            case "Y" -> History.Period.YEAR;
            default -> History.Period.DAY;
        };
        LocalDate from =
                DailyOrders.Query.day(request.param("FID_INPUT_DATE_1")).orElse(LocalDate.EPOCH);
        LocalDate until =
                DailyOrders.Query.day(request.param("FID_INPUT_DATE_2")).orElse(market.date());
        Tape.Figures f = stock.tape().figures();
        List<Map<String, String>> rows =
                history(stock).newest(period, from, until, List.of(today(stock)), DAYS_PER_CALL).stream()
                        .map(bar -> Map.of(
                                "stck_bsop_date", DAY.format(bar.date()),
                                "ovrs_nmix_prpr", UsFrames.price(bar.close()),
                                "ovrs_nmix_oprc", UsFrames.price(bar.open()),
                                "ovrs_nmix_hgpr", UsFrames.price(bar.high()),
                                "ovrs_nmix_lwpr", UsFrames.price(bar.low()),
                                "acml_vol", Long.toString(bar.volume()),
                                "mod_yn", "N"))
                        .toList();
        Map<String, String> summary = new HashMap<>();
        summary.put("ovrs_nmix_prdy_vrss", UsFrames.price(f.last() - f.base()));
        summary.put("prdy_vrss_sign", UsFrames.sign(f.last() - f.base()));
        summary.put("prdy_ctrt", Percent.of(f.last() - f.base(), f.base()));
        summary.put("ovrs_nmix_prdy_clpr", UsFrames.price(f.base()));
        summary.put("acml_vol", Long.toString(f.volume()));
        summary.put("hts_kor_isnm", stock.instrument().name());
        summary.put("ovrs_nmix_prpr", UsFrames.price(f.last()));
        summary.put("stck_shrn_iscd", stock.symbol().ticker());
        summary.put("prdy_vol", Long.toString(stock.instrument().volume()));
        summary.put("ovrs_prod_oprc", UsFrames.price(f.open()));
        summary.put("ovrs_prod_hgpr", UsFrames.price(f.high()));
        summary.put("ovrs_prod_lwpr", UsFrames.price(f.low()));
        return new BlockRows().object("output1", summary).list("output2", rows);
    }

    /** A bar of minutes and its start by New York's clock. */
    private record MinuteBar(LocalDate date, LocalDateTime at, Minutes.Bar bar) {}

    /** inquire-time-itemchartprice: bars of NMIN minutes up to KEYB (New York's time), newest first. */
    KnownFields minutes(CatalogRequest request, UsStock stock) {
        int each = number(request.param("NMIN"), 1, 1_440);
        int max = number(request.param("NREC"), MAX_MINUTES, MAX_MINUTES);
        Optional<LocalDateTime> until =
                request.param("NEXT").equals("1") ? time(request.param("KEYB")) : Optional.empty();
        List<MinuteBar> all =
                new ArrayList<>(minuteBars(market.date(), stock.tape().minutes().bars(), each));
        boolean dayMarket = UsKeys.isDayMarketCode(request.param("EXCD"));
        if (request.param("PINC").equals("1")) {
            History history = history(stock);
            for (int i = 1; i <= DAYS_OF_MINUTES && i <= history.size(); i++) {
                DailyBar day = history.bar(history.size() - i);
                minuteBars(day.date(), history.minutes(day), each).stream()
                        .filter(it -> isBeforeToday(it.at()))
                        .forEach(all::add);
            }
        }
        List<MinuteBar> requested = all.stream()
                .filter(it -> !market.hours().hasDefinedEnd() || isDayMarket(it.at()) == dayMarket)
                .filter(it -> until.isEmpty() || !it.at().isAfter(until.get()))
                .toList();
        List<Map<String, String>> rows =
                requested.stream().limit(max).map(UsCharts::row).toList();
        boolean more = requested.size() > rows.size();
        LocalDateTime opens = market.date().atTime(9, 30);
        LocalDateTime closes = market.date().atTime(16, 0);
        return new BlockRows()
                .object(
                        "output1",
                        Map.of(
                                "rsym", UsQuoteAnswers.realtimeKey(request, stock),
                                "zdiv", "4",
                                "stim", TIME.format(opens),
                                "etim", TIME.format(closes),
                                "sktm", TIME.format(inSeoul(opens)),
                                "ektm", TIME.format(inSeoul(closes)),
                                "next", more ? "1" : "0",
                                "more", more ? "1" : "0",
                                "nrec", Integer.toString(rows.size())))
                .list("output2", rows);
    }

    /** A market that is always open begins its date in Seoul, in the midst of New York's session of the day before. */
    private boolean isBeforeToday(LocalDateTime at) {
        return market.hours().hasDefinedEnd()
                || at.atZone(UsHours.NEW_YORK).isBefore(market.date().atStartOfDay(TradingCalendar.SEOUL));
    }

    /** Bars of {@code each} minutes, newest first. */
    private List<MinuteBar> minuteBars(LocalDate date, List<Minutes.Bar> bars, int each) {
        List<MinuteBar> all = new ArrayList<>();
        for (Minutes.Bar bar : bars) {
            int startMinute = bar.minute() / each * each;
            LocalDateTime at = barStart(date, startMinute);
            MinuteBar last = all.isEmpty() ? null : all.getLast();
            if (last != null && last.at().equals(at)) {
                all.set(all.size() - 1, new MinuteBar(date, at, last.bar().mergedWith(bar)));
            } else {
                all.add(new MinuteBar(date, at, bar));
            }
        }
        return all.reversed();
    }

    /** The day market's minutes are its own exchange's, as its prices are [assumed]. */
    private boolean isDayMarket(LocalDateTime at) {
        return market.hours().isDayMarket(at.atZone(UsHours.NEW_YORK).toInstant());
    }

    /** The start of a bar. A trading date begins in New York's evening before: of the two moments the one that belongs to it. */
    private LocalDateTime barStart(LocalDate date, int minute) {
        LocalDateTime onDate = date.atTime(minute / 60, minute % 60);
        if (!market.hours().hasDefinedEnd() && !date.isBefore(market.date())) {
            return latestOccurrence(minute);
        }
        boolean isSameDay = market.hours()
                .at(onDate.atZone(UsHours.NEW_YORK).toInstant())
                .date()
                .equals(date);
        boolean isPast = date.isBefore(market.date());
        return isSameDay || isPast ? onDate : onDate.minusDays(1);
    }

    /** The latest time of this minute in New York, for clocks whose date is not New York's. */
    private LocalDateTime latestOccurrence(int minute) {
        LocalDateTime newYorkNow = LocalDateTime.ofInstant(market.now(), UsHours.NEW_YORK);
        LocalDateTime today = newYorkNow.toLocalDate().atTime(minute / 60, minute % 60);
        return today.isAfter(newYorkNow) ? today.minusDays(1) : today;
    }

    private static ZonedDateTime inSeoul(LocalDateTime newYork) {
        return newYork.atZone(UsHours.NEW_YORK).withZoneSameInstant(TradingCalendar.SEOUL);
    }

    private static Map<String, String> row(MinuteBar it) {
        Map<String, String> row = new HashMap<>();
        row.put("tymd", DAY.format(it.date()));
        row.put("xymd", DAY.format(it.at()));
        row.put("xhms", TIME.format(it.at()));
        row.put("kymd", DAY.format(inSeoul(it.at())));
        row.put("khms", TIME.format(inSeoul(it.at())));
        row.put("open", UsFrames.price(it.bar().open()));
        row.put("high", UsFrames.price(it.bar().high()));
        row.put("low", UsFrames.price(it.bar().low()));
        row.put("last", UsFrames.price(it.bar().close()));
        row.put("evol", Long.toString(it.bar().volume()));
        row.put("eamt", UsFrames.dollars(it.bar().turnover()));
        return row;
    }

    private History history(UsStock stock) {
        return market.dailyHistory().of(stock.instrument(), market.date());
    }

    private DailyBar today(UsStock stock) {
        return DailyBar.soFar(market.date(), stock.tape().figures());
    }

    private static int number(String text, int defaultValue, int max) {
        return Math.min(text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : defaultValue, max);
    }

    private static Optional<LocalDateTime> time(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text, DAY_AND_TIME));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
