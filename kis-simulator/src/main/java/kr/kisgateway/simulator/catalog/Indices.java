package kr.kisgateway.simulator.catalog;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.History;
import kr.kisgateway.simulator.history.History.Period;
import kr.kisgateway.wire.print.Percent;

/**
 * Every {@link StockIndex}, by the capitalisation of its {@link #BASKET} largest common stocks: a sum over every
 * stock and day of twenty years would take minutes, and these have most of the weight. Each day's level is the one before
 * times the change of the basket's value, so stocks that were not yet listed do not distort it; with the listing's closes it
 * is {@link StockIndex#level}, which is assumed. Volume and turnover are the basket's, in thousands of shares and millions of won.
 *
 * <p>The highs of stocks are not simultaneous: {@link #CORRELATION} of their combined excess above open and close counts for
 * a day's high, and likewise below for its low; today's are those of its minutes.
 */
final class Indices {
    /** The number of stocks that represent an index. */
    static final int BASKET = 40;

    private static final double CORRELATION = 0.4;

    /** The index of the answer where a call is about all. */
    private static final String KOSPI_COMPOSITE = "0001";

    private static final int LAST_DAYS = 100;
    private static final int DAYS = 50;
    private static final int MINUTES = 100;
    private static final int MINUTE_SECONDS = 60;
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,4}");

    /** The number of indices whose days are cached: about 400 kB each. */
    private static final int CACHED = 8;

    /** An index's largest stocks, their value at today's base prices, and the index level there. */
    private record IndexBasket(LocalDate today, List<String> basket, double marketValue, double level) {}

    private record Days(LocalDate today, List<DailyBar> bars) {}

    private record BasketValues(LocalDate today, TreeMap<LocalDate, BasketValue> days) {}

    private final Map<String, IndexBasket> basketOf = new HashMap<>();
    private final Map<List<String>, BasketValues> basketValues = new LinkedHashMap<>(2 * CACHED, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, BasketValues> eldest) {
            return size() > CACHED / 2;
        }
    };
    private final Map<String, Days> days = new LinkedHashMap<>(2 * CACHED, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Days> eldest) {
            return size() > CACHED;
        }
    };

    private List<Instrument> listing = List.of();
    private List<Instrument> shares = List.of();

    static boolean isIndex(String code) {
        return StockIndex.find(code).isPresent();
    }

    /** Sorted once: the listing does not change while the program runs. */
    private List<Instrument> shares(MarketView market) {
        if (listing != market.listing()) {
            listing = market.listing();
            shares = StockIndex.shares(listing);
        }
        return shares;
    }

    private static StockIndex index(String code) {
        return StockIndex.find(code).orElseThrow(() -> new IllegalArgumentException("no index is called " + code));
    }

    /** The index on a day; on a day without trading, on the last one before. */
    Quote quote(String code, LocalDate date, MarketView market) {
        DailyBar bar = date.isBefore(market.day())
                ? History.newest(days(code, market), Period.DAY, LocalDate.MIN, date, 1).stream()
                        .findFirst()
                        .orElseGet(() -> today(code, market))
                : today(code, market);
        return new Quote(
                PriceKind.INDEX,
                bar.close(),
                bar.base(),
                bar.open(),
                bar.high(),
                bar.low(),
                bar.close(),
                bar.close(),
                1,
                bar.volume(),
                bar.turnover());
    }

    // ---- days ----------------------------------------------------------------------------------------------------

    /** inquire-daily-indexchartprice: up to fifty days, weeks, months or years within the bounds, newest first. */
    KnownFields days(CatalogRequest request, String block, MarketView market) {
        return rows(
                request,
                block,
                CatalogRequest.day(request.param("FID_INPUT_DATE_1")).orElse(LocalDate.MIN),
                CatalogRequest.day(request.param("FID_INPUT_DATE_2")).orElse(LocalDate.MAX),
                DAYS,
                market);
    }

    /** inquire-index-daily-price: up to a hundred days, weeks or months back from a date. */
    KnownFields lastDays(CatalogRequest request, MarketView market) {
        return rows(
                request,
                "output2",
                LocalDate.MIN,
                CatalogRequest.day(request.param("FID_INPUT_DATE_1")).orElse(LocalDate.MAX),
                LAST_DAYS,
                market);
    }

    private KnownFields rows(
            CatalogRequest request, String block, LocalDate from, LocalDate until, int max, MarketView market) {
        String code = request.param("FID_INPUT_ISCD");
        List<DailyBar> previous = days(code, market);
        List<DailyBar> days = new ArrayList<>(previous);
        if (market.isTradingDay(market.day())) {
            days.add(today(code, market));
        }
        List<Map<String, String>> rows = new ArrayList<>();
        for (DailyBar bar : History.newest(days, Charts.period(request), from, until, max)) {
            Map<String, String> row = figures(bar);
            row.put("stck_bsop_date", DAY.format(bar.date()));
            row.put("mod_yn", "N");
            rows.add(row);
        }
        Map<String, String> summary = previous.isEmpty()
                ? Map.of()
                : Map.of("prdy_vol", Long.toString(previous.getLast().volume()));
        return new ListFields(block, rows, summary);
    }

    private static Map<String, String> figures(DailyBar bar) {
        Map<String, String> row = new HashMap<>();
        row.put("bstp_nmix_prpr", points(bar.close()));
        row.put("bstp_nmix_oprc", points(bar.open()));
        row.put("bstp_nmix_hgpr", points(bar.high()));
        row.put("bstp_nmix_lwpr", points(bar.low()));
        row.put("bstp_nmix_prdy_vrss", points(bar.change()));
        row.put("prdy_vrss_sign", Quote.sign(bar.change()));
        row.put("bstp_nmix_prdy_ctrt", Percent.of(bar.change(), bar.base()));
        row.put("acml_vol", Long.toString(bar.volume()));
        row.put("acml_tr_pbmn", Long.toString(bar.turnover()));
        return row;
    }

    private IndexBasket basketOf(String code, MarketView market) {
        IndexBasket cached = basketOf.get(code);
        if (cached == null || !cached.today().equals(market.day())) {
            cached = createBasket(code, market);
            basketOf.put(code, cached);
        }
        return cached;
    }

    private List<DailyBar> days(String code, MarketView market) {
        Days cached = days.get(code);
        if (cached == null || !cached.today().equals(market.day())) {
            IndexBasket today = basketOf(code, market);
            cached = new Days(market.day(), chainDays(today.level(), basketValues(today, market)));
            days.put(code, cached);
        }
        return cached.bars();
    }

    /** inquire-index-price: beside today's figures how many stocks of the board rise and fall, and the year's extremes. */
    KnownFields currentRow(CatalogRequest request, MarketView market) {
        return new ListFields("", List.of(), currentRow(request.param("FID_INPUT_ISCD"), market));
    }

    private Map<String, String> currentRow(String code, MarketView market) {
        DailyBar today = today(code, market);
        Map<String, String> row = figures(today);
        breadth(code, market).forEach((name, count) -> row.put(name, Integer.toString(count)));
        List<DailyBar> year = new ArrayList<>(days(code, market).stream()
                .filter(bar -> bar.date().getYear() == market.day().getYear())
                .toList());
        year.add(today);
        DailyBar highest =
                year.stream().max(Comparator.comparingLong(DailyBar::high)).orElse(today);
        DailyBar lowest =
                year.stream().min(Comparator.comparingLong(DailyBar::low)).orElse(today);
        row.put("dryy_bstp_nmix_hgpr", points(highest.high()));
        row.put("dryy_bstp_nmix_hgpr_date", DAY.format(highest.date()));
        row.put("dryy_hgpr_vrss_prpr_rate", Percent.of(today.close() - highest.high(), highest.high()));
        row.put("dryy_bstp_nmix_lwpr", points(lowest.low()));
        row.put("dryy_bstp_nmix_lwpr_date", DAY.format(lowest.date()));
        row.put("dryy_lwpr_vrss_prpr_rate", Percent.of(today.close() - lowest.low(), lowest.low()));
        return row;
    }

    private Map<String, Integer> breadth(String code, MarketView market) {
        MarketView krx = market.forDivision("J");
        return breadth(code, market, krx::find);
    }

    /** The numbers of rising and falling members; a price at a limit counts among those that rise or fall, too. */
    private Map<String, Integer> breadth(
            String code, MarketView market, Function<String, Optional<KrxListedStock>> stocks) {
        Map<String, Integer> counts = new HashMap<>(Map.of(
                "ascn_issu_cnt", 0, "uplm_issu_cnt", 0, "stnr_issu_cnt", 0, "down_issu_cnt", 0, "lslm_issu_cnt", 0));
        for (Instrument each : index(code).constituents(shares(market))) {
            stocks.apply(each.symbol().code()).ifPresent(it -> {
                long change = it.volume() == 0 ? 0 : it.last() - it.base();
                counts.merge(
                        change > 0 ? "ascn_issu_cnt" : change < 0 ? "down_issu_cnt" : "stnr_issu_cnt", 1, Integer::sum);
                counts.merge("uplm_issu_cnt", change > 0 && it.last() == it.upper() ? 1 : 0, Integer::sum);
                counts.merge("lslm_issu_cnt", change < 0 && it.last() == it.lower() ? 1 : 0, Integer::sum);
            });
        }
        return counts;
    }

    /** The value of a basket on a day, in won. */
    private static final class BasketValue {
        double base;
        double open;
        double high;
        double low;
        double close;
        long volume;
        long turnover;
    }

    private IndexBasket createBasket(String code, MarketView market) {
        StockIndex index = index(code);
        List<String> basket = new ArrayList<>();
        double listed = 0;
        double marketValue = 0;
        for (Instrument each : index.largest(shares(market), BASKET)) {
            Optional<KrxListedStock> stock =
                    market.forDivision("J").find(each.symbol().code());
            if (stock.isPresent()) {
                basket.add(each.symbol().code());
                listed += (double) each.close() * each.listedShares();
                marketValue += (double) stock.get().base() * each.listedShares();
            }
        }
        return new IndexBasket(
                market.day(),
                basket,
                marketValue,
                listed == 0 ? index.level() : index.level() * (marketValue / listed));
    }

    /** The value of a basket on each day; the indices of a board have the same largest stocks. */
    private TreeMap<LocalDate, BasketValue> basketValues(IndexBasket today, MarketView market) {
        BasketValues cached = basketValues.get(today.basket());
        if (cached == null || !cached.today().equals(market.day())) {
            cached = new BasketValues(market.day(), sumBasketDays(today, market));
            basketValues.put(today.basket(), cached);
        }
        return cached.days();
    }

    private static TreeMap<LocalDate, BasketValue> sumBasketDays(IndexBasket today, MarketView market) {
        TreeMap<LocalDate, BasketValue> values = new TreeMap<>();
        for (String each : today.basket()) {
            market.forDivision("J").find(each).ifPresent(stock -> {
                double shares = stock.listedShares();
                History history = stock.history();
                for (int i = 0; i < history.size(); i++) {
                    DailyBar bar = history.bar(i);
                    BasketValue day = values.computeIfAbsent(bar.date(), d -> new BasketValue());
                    day.base += bar.base() * shares;
                    day.open += bar.open() * shares;
                    day.high += bar.high() * shares;
                    day.low += bar.low() * shares;
                    day.close += bar.close() * shares;
                    day.volume += bar.volume();
                    day.turnover += bar.turnover() / 1_000_000;
                }
            });
        }
        return values;
    }

    private static List<DailyBar> chainDays(double level, TreeMap<LocalDate, BasketValue> values) {
        List<DailyBar> days = new ArrayList<>();
        double close = level;
        for (Map.Entry<LocalDate, BasketValue> day : values.descendingMap().entrySet()) {
            BasketValue of = day.getValue();
            double base = close * (of.base / of.close);
            double top = Math.max(of.open, of.close);
            double bottom = Math.min(of.open, of.close);
            days.add(new DailyBar(
                    day.getKey(),
                    Math.round(base),
                    Math.round(base * (of.open / of.base)),
                    Math.round(base * ((top + CORRELATION * (of.high - top)) / of.base)),
                    Math.round(base * ((bottom - CORRELATION * (bottom - of.low)) / of.base)),
                    Math.round(close),
                    of.volume / 1_000,
                    of.turnover));
            close = base;
        }
        return days.reversed();
    }

    // ---- boards --------------------------------------------------------------------------------------------------

    /**
     * inquire-index-category-price and exp-total-index: an index with those of a board as rows, each with its own value,
     * volume and breadth.
     */
    KnownFields industryBoard(CatalogRequest request, MarketView market) {
        String requested = request.param("FID_INPUT_ISCD");
        String indexCode = isIndex(requested) ? requested : KOSPI_COMPOSITE;
        List<StockIndex> all = StockIndex.ofBoard(request.param("FID_MRKT_CLS_CODE"));
        List<DailyBar> bars =
                all.stream().map(each -> currentBar(each.code(), market)).toList();
        long volume = Math.max(1, bars.stream().mapToLong(DailyBar::volume).sum());
        long turnover = Math.max(1, bars.stream().mapToLong(DailyBar::turnover).sum());
        List<Map<String, String>> rows = new ArrayList<>();
        // A stock is a member of several indices.
        Map<String, Optional<KrxListedStock>> found = new HashMap<>();
        MarketView krx = market.forDivision("J");
        for (int i = 0; i < bars.size(); i++) {
            DailyBar bar = bars.get(i);
            Map<String, String> row = figures(bar);
            row.put("bstp_cls_code", all.get(i).code());
            row.put("hts_kor_isnm", all.get(i).name());
            row.put("nmix_sdpr", points(bar.base()));
            row.put("acml_vol_rlim", Percent.of(bar.volume(), volume));
            row.put("acml_tr_pbmn_rlim", Percent.of(bar.turnover(), turnover));
            if (request.call().id().endsWith("exp_total_index")) {
                breadth(all.get(i).code(), market, code -> found.computeIfAbsent(code, krx::find))
                        .forEach((name, count) -> row.put(name, Integer.toString(count)));
            }
            rows.add(row);
        }
        Map<String, String> summary = new HashMap<>(currentRow(indexCode, market));
        summary.put("prdy_ctrt", summary.getOrDefault("bstp_nmix_prdy_ctrt", "0.00"));
        if (!days(indexCode, market).isEmpty()) {
            DailyBar previous = days(indexCode, market).getLast();
            summary.put("prdy_vol", Long.toString(previous.volume()));
            summary.put("prdy_tr_pbmn", Long.toString(previous.turnover()));
        }
        return new ListFields("output2", rows, summary);
    }

    /** Today's bar of the index at current prices, without the path of the day. */
    private DailyBar currentBar(String code, MarketView market) {
        IndexBasket previous = basketOf(code, market);
        double marketValue = 0;
        long volume = 0;
        long turnover = 0;
        for (String each : previous.basket()) {
            Optional<KrxListedStock> stock = market.forDivision("J").find(each);
            if (stock.isPresent()) {
                marketValue += (double) stock.get().last() * stock.get().listedShares();
                volume += stock.get().volume();
                turnover += stock.get().turnover();
            }
        }
        long base = Math.round(previous.level());
        long last = volume == 0 ? base : Math.round(previous.level() * (marketValue / previous.marketValue()));
        return new DailyBar(
                market.day(),
                base,
                base,
                Math.max(base, last),
                Math.min(base, last),
                last,
                volume / 1_000,
                turnover / 1_000_000);
    }

    // ---- today ---------------------------------------------------------------------------------------------------

    private DailyBar today(String code, MarketView market) {
        IndexBasket previous = basketOf(code, market);
        List<Minutes.Bar> minutes = ofToday(previous, market);
        long base = Math.round(previous.level());
        return minutes.isEmpty()
                ? new DailyBar(market.day(), base, base, base, base, base, 0, 0)
                : new DailyBar(
                        market.day(),
                        base,
                        minutes.getFirst().open(),
                        minutes.stream().mapToLong(Minutes.Bar::high).max().orElse(base),
                        minutes.stream().mapToLong(Minutes.Bar::low).min().orElse(base),
                        minutes.getLast().close(),
                        minutes.stream().mapToLong(Minutes.Bar::volume).sum() / 1_000,
                        minutes.stream().mapToLong(Minutes.Bar::turnover).sum() / 1_000_000);
    }

    /** The minutes in which a stock of the basket traded; volumes in shares and won. The last one ends at current prices. */
    private static List<Minutes.Bar> ofToday(IndexBasket previous, MarketView market) {
        record Constituent(KrxListedStock stock, Map<Integer, Minutes.Bar> minutes) {}
        List<Constituent> constituents = new ArrayList<>();
        TreeSet<Integer> times = new TreeSet<>();
        boolean moved = false;
        for (String code : previous.basket()) {
            Optional<KrxListedStock> stock = market.forDivision("J").find(code);
            if (stock.isPresent()) {
                Map<Integer, Minutes.Bar> minutes = new HashMap<>();
                stock.get().minutes().forEach(bar -> minutes.put(bar.minute(), bar));
                times.addAll(minutes.keySet());
                moved |= stock.get().volume() > 0;
                constituents.add(new Constituent(stock.get(), minutes));
            }
        }
        if (times.isEmpty() && moved) {
            // Minutes before a restart are not stored.
            times.add(market.minute());
        }
        long[] prices =
                constituents.stream().mapToLong(each -> each.stock().base()).toArray();
        List<Minutes.Bar> bars = new ArrayList<>();
        long level = Math.round(previous.level());
        for (int time : times) {
            boolean last = time == times.last();
            long volume = 0;
            long turnover = 0;
            double marketValue = 0;
            for (int i = 0; i < prices.length; i++) {
                Constituent each = constituents.get(i);
                Minutes.Bar bar = each.minutes().get(time);
                if (bar != null) {
                    prices[i] = bar.close() == 0 ? prices[i] : bar.close();
                    volume += bar.volume();
                    turnover += bar.turnover();
                }
                prices[i] = last ? each.stock().last() : prices[i];
                marketValue += (double) prices[i] * each.stock().listedShares();
            }
            long close = Math.round(previous.level() * (marketValue / previous.marketValue()));
            bars.add(new Minutes.Bar(
                    time, level, Math.max(level, close), Math.min(level, close), close, volume, turnover));
            level = close;
        }
        return bars;
    }

    /** The index by the minute or by longer steps, newest first; one row at the base before the first trade. */
    KnownFields minutes(CatalogRequest request, String block, MarketView market) {
        String requestedCode = request.param("FID_INPUT_ISCD");
        String code = isIndex(requestedCode) ? requestedCode : KOSPI_COMPOSITE;
        IndexBasket previous = basketOf(code, market);
        String requested = request.param("FID_INPUT_HOUR_1");
        int step = SECONDS.matcher(requested).matches() ? Math.max(1, Integer.parseInt(requested) / MINUTE_SECONDS) : 1;
        TreeMap<Integer, Minutes.Bar> steps = new TreeMap<>();
        for (Minutes.Bar bar : ofToday(previous, market)) {
            int time = bar.minute() / step * step;
            steps.merge(time, bar.at(time), Minutes.Bar::mergedWith);
        }
        long base = Math.round(previous.level());
        if (steps.isEmpty()) {
            steps.put(market.minute(), Minutes.Bar.withoutTrades(market.minute(), base));
        }
        List<Map<String, String>> rows = new ArrayList<>();
        long volume = 0;
        long turnover = 0;
        for (Minutes.Bar bar : steps.values()) {
            volume += bar.volume();
            turnover += bar.turnover();
            Map<String, String> row = figures(new DailyBar(
                    market.day(),
                    base,
                    bar.open(),
                    bar.high(),
                    bar.low(),
                    bar.close(),
                    volume / 1_000,
                    turnover / 1_000_000));
            String time = String.format(Locale.ROOT, "%04d00", bar.minute() / 60 * 100 + bar.minute() % 60);
            row.put("stck_bsop_date", DAY.format(market.day()));
            row.put("stck_cntg_hour", time);
            row.put("bsop_hour", time);
            row.put("prdy_ctrt", row.getOrDefault("bstp_nmix_prdy_ctrt", "0.00"));
            row.put("cntg_vol", Long.toString(bar.volume() / 1_000));
            rows.add(row);
        }
        return new ListFields(block, rows.reversed().stream().limit(MINUTES).toList(), Map.of());
    }

    private static String points(long hundredths) {
        return BigDecimal.valueOf(hundredths, 2).toPlainString();
    }
}
