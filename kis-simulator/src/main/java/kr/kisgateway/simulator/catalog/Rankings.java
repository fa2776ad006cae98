package kr.kisgateway.simulator.catalog;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Product;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.History;
import kr.kisgateway.wire.print.Percent;

/**
 * The rankings of domestic stocks, each sorted by the figure in its name. Figures of the market (volume, turnover, change,
 * value, book, and {@link DayRankings}) are ranked over the whole listing; those that need each stock's history among the
 * heavily traded ones alone; figures that the simulator does not have are made up, one for each stock, and sorted by.
 */
final class Rankings {
    private static final String PREFIX = "domestic_stock_";
    private static final int ROWS = 30;
    private static final int KOSPI_200 = 200;
    private static final int YEAR = 250;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}");
    private static final Pattern RATE = Pattern.compile("-?[0-9]{1,4}(\\.[0-9]{1,4})?");

    /** Digits of FID_TRGT_EXLS_CLS_CODE. */
    private static final int NO_PREFERRED = 4;

    private static final int NO_HALTED = 5;
    private static final int NO_ETF = 6;
    private static final int NO_ETN = 7;

    private static final Set<String> MARKET_RANKINGS = Set.of(
            "volume_rank",
            "fluctuation",
            "market_cap",
            "volume_power",
            "quote_balance",
            "hts_top_view",
            "top_interest_stock");

    private static final Set<String> HISTORY_RANKINGS = Set.of("disparity", "near_new_highlow");

    /** Made up: the columns in the order of FID_RANK_SORT_CLS_CODE's values, from the given one on. */
    private static final Map<String, List<String>> GENERATED_RANKINGS = Map.of(
            "finance_ratio", List.of("7 cptl_op_prfi", "11 bis", "15 grs", "20 cptl_tnrt"),
            "market_value",
                    List.of(
                            "23 per",
                            "24 pbr",
                            "25 pcr",
                            "26 psr",
                            "27 eps",
                            "28 eva",
                            "29 ebitda",
                            "30 pv_div_ebitda"),
            "profit_asset_index",
                    List.of(
                            "0 sale_totl_prfi",
                            "1 bsop_prti",
                            "2 op_prfi",
                            "3 thtr_ntin",
                            "4 total_aset",
                            "5 total_lblt",
                            "6 total_cptl"),
            "credit_balance",
                    List.of(
                            "0 whol_loan_rmnd_rate",
                            "1 whol_loan_rmnd_stcn",
                            "2 whol_loan_rmnd_amt",
                            "3 nday_vrss_loan_rmnd_inrt",
                            "5 whol_stln_rmnd_rate",
                            "6 whol_stln_rmnd_stcn",
                            "7 whol_stln_rmnd_amt",
                            "8 nday_vrss_stln_rmnd_inrt"),
            "dividend_rate", List.of("0 divi_rate"));

    private final long seed;
    private final SeededDraw draw;
    private final DayRankings dayRankings;

    Rankings(long seed) {
        this.seed = seed;
        this.draw = SeededDraw.of(seed).with("rankings");
        this.dayRankings = new DayRankings(draw);
    }

    static boolean supports(String id) {
        String name = id.startsWith(PREFIX) ? id.substring(PREFIX.length()) : "";
        return MARKET_RANKINGS.contains(name)
                || HISTORY_RANKINGS.contains(name)
                || GENERATED_RANKINGS.containsKey(name)
                || DayRankings.supports(name);
    }

    /** A stock with its rank figure and its row's values beside the market's prices. */
    record RankedStock(KrxListedStock stock, double figure, Map<String, String> values) {
        String code() {
            return stock.instrument().symbol().code();
        }
    }

    KnownFields answer(CatalogRequest request, MarketView market) {
        String name = request.call().id().substring(PREFIX.length());
        Stream<String> codes = MARKET_RANKINGS.contains(name) || DayRankings.supports(name)
                ? market.listing().stream().map(each -> each.symbol().code())
                : Products.STOCKS.stream();
        Set<String> largest = request.param("FID_INPUT_ISCD").startsWith("2") ? kospi200(market) : Set.of();
        Stream<KrxListedStock> stocks =
                codes.map(market::find).flatMap(Optional::stream).filter(stockFilter(request, largest));
        if (DayRankings.needsMinutes(name)) {
            stocks = stocks.sorted(Comparator.comparingLong(KrxListedStock::volume)
                            .reversed()
                            .thenComparing(stock -> stock.instrument().symbol()))
                    .limit(DayRankings.CANDIDATES);
        }
        List<RankedStock> all = stocks.flatMap(stock -> rankStock(name, request, market, stock).stream())
                .filter(place -> isIncluded(name, request, place))
                .toList();
        List<RankedStock> places = all.stream()
                .sorted(Comparator.comparingDouble(RankedStock::figure)
                        .reversed()
                        .thenComparing(RankedStock::code))
                .limit(count(name, request))
                .toList();
        List<Map<String, String>> rows = new ArrayList<>();
        List<String> order = new ArrayList<>();
        for (RankedStock place : places) {
            Map<String, String> row = new HashMap<>(place.values());
            row.put("data_rank", Integer.toString(rows.size() + 1));
            row.put("rank", Integer.toString(rows.size() + 1));
            if (name.equals("volume_rank")) {
                previousBar(place.stock()).ifPresent(bar -> row.put("prdy_vol", Long.toString(bar.volume())));
            }
            rows.add(row);
            order.add(place.code());
        }
        return new RankingFields(order, rows, DayRankings.totals(name, all));
    }

    /** An answer in which these stocks are the rows of every list. */
    private record RankingFields(List<String> codes, List<Map<String, String>> rows, Map<String, String> totals)
            implements KnownFields {
        @Override
        public Optional<Integer> rows(String block) {
            return Optional.of(rows.size());
        }

        @Override
        public Optional<String> code(String block, int row) {
            return row < codes.size() ? Optional.of(codes.get(row)) : Optional.empty();
        }

        @Override
        public Map<String, String> values(String block, int row) {
            if (block.equals("output1") && !totals.isEmpty()) {
                return totals;
            }
            return row < rows.size() ? rows.get(row) : Map.of();
        }
    }

    private static int count(String name, CatalogRequest request) {
        if (name.equals("hts_top_view")) {
            return 20;
        }
        int requested = name.equals("fluctuation") ? (int) number(request, "FID_INPUT_CNT_1") : 0;
        return requested > 0 ? Math.min(requested, ROWS) : ROWS;
    }

    // ---- filters -------------------------------------------------------------------------------------------------

    private static Predicate<KrxListedStock> stockFilter(CatalogRequest request, Set<String> largest) {
        long lowest = Math.max(number(request, "FID_INPUT_PRICE_1"), number(request, "FID_APLY_RANG_PRC_1"));
        long highest = Math.max(number(request, "FID_INPUT_PRICE_2"), number(request, "FID_APLY_RANG_PRC_2"));
        // Here the first price is the least amount of a single trade.
        boolean amount = request.call().id().endsWith("bulk_trans_num");
        long min = amount ? number(request, "FID_APLY_RANG_PRC_1") : lowest;
        long volume = Math.max(number(request, "FID_VOL_CNT"), number(request, "FID_APLY_RANG_VOL"));
        String board = request.param("FID_INPUT_ISCD");
        String only = request.param("FID_DIV_CLS_CODE");
        // "1" has another meaning where 6 and 7 stand for the two kinds of shares.
        boolean kinds = request.call().params().stream()
                .anyMatch(param -> param.name().equalsIgnoreCase("FID_DIV_CLS_CODE")
                        && param.description().replaceAll("[ \"]", "").contains("1:보통주"));
        String common = kinds ? "1" : "6";
        String preferred = kinds ? "2" : "7";
        String exclusions = request.param("FID_TRGT_EXLS_CLS_CODE");
        return stock -> {
            Instrument it = stock.instrument();
            boolean isPreferred =
                    it.product() == Product.STOCK && !it.symbol().code().endsWith("0");
            return stock.last() >= min
                    && (highest == 0 || stock.last() <= highest)
                    && stock.volume() >= volume
                    && isOn(board, it, largest)
                    && !(only.equals(common) && isPreferred)
                    && !(only.equals(preferred) && !isPreferred)
                    && !(isSet(exclusions, NO_PREFERRED) && isPreferred)
                    && !(isSet(exclusions, NO_HALTED) && stock.halted())
                    && !(isSet(exclusions, NO_ETF) && it.product() == Product.ETF)
                    && !(isSet(exclusions, NO_ETN) && it.product() == Product.ETN);
        };
    }

    private static boolean isSet(String flags, int place) {
        return flags.length() == 10 && flags.charAt(place) == '1';
    }

    /** Whether an instrument is on a board; codes of industries of a board count as the board. */
    private static boolean isOn(String board, Instrument instrument, Set<String> largest) {
        if (board.isEmpty() || board.equals("0000")) {
            return true;
        }
        return switch (board.charAt(0)) {
            case '0' -> instrument.board() == Board.KOSPI;
            case '1' -> instrument.board() == Board.KOSDAQ;
            case '2' -> largest.contains(instrument.symbol().code());
            default -> true;
        };
    }

    /** The largest of KOSPI by the listing's closes, which nearly equal the members of the index. */
    static Set<String> kospi200(MarketView market) {
        return Set.copyOf(market.listing().stream()
                .filter(each -> each.board() == Board.KOSPI && each.product() == Product.STOCK)
                .filter(each -> each.symbol().code().endsWith("0"))
                .sorted(Comparator.comparingLong((Instrument each) -> each.close() * each.listedShares())
                        .reversed())
                .limit(KOSPI_200)
                .map(each -> each.symbol().code())
                .toList());
    }

    /** Whether a stock's figure lies within the limits of the request. */
    private static boolean isIncluded(String name, CatalogRequest request, RankedStock place) {
        return switch (name) {
            case "fluctuation" ->
                change(place.stock()) >= rate(request, "FID_RSFL_RATE1", -100)
                        && change(place.stock()) <= rate(request, "FID_RSFL_RATE2", 100);
            case "near_new_highlow" ->
                -place.figure() >= number(request, "FID_INPUT_CNT_1")
                        && (number(request, "FID_INPUT_CNT_2") == 0
                                || -place.figure() <= number(request, "FID_INPUT_CNT_2"));
            default -> true;
        };
    }

    private static long number(CatalogRequest request, String param) {
        String text = request.param(param);
        return NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
    }

    /** A limit in percent; 0 and blank are no limit. */
    private static double rate(CatalogRequest request, String param, double defaultRate) {
        String text = request.param(param);
        double rate = RATE.matcher(text).matches() ? Double.parseDouble(text) : 0;
        return rate == 0 ? defaultRate : rate;
    }

    // ---- rank figures --------------------------------------------------------------------------------------------

    private Optional<RankedStock> rankStock(
            String name, CatalogRequest request, MarketView market, KrxListedStock stock) {
        return DayRankings.supports(name)
                ? dayRankings.rankStock(name, request, stock, market)
                : Optional.of(figure(name, request, market, stock));
    }

    private RankedStock figure(String name, CatalogRequest request, MarketView market, KrxListedStock stock) {
        String by = request.param("FID_RANK_SORT_CLS_CODE");
        return switch (name) {
            case "volume_rank" -> volume(request.param("FID_BLNG_CLS_CODE"), stock);
            case "fluctuation" -> fluctuation(by, stock);
            case "market_cap" -> value(stock);
            case "volume_power" -> power(stock);
            case "quote_balance" -> balance(by, stock);
            case "disparity" -> disparity(by, request.param("FID_HOUR_CLS_CODE"), stock, market);
            case "near_new_highlow" -> nearExtreme(request.param("FID_PRC_CLS_CODE"), stock, market);
            case "top_interest_stock" -> {
                long holders = stock.instrument().turnover() / 1_000_000 + drawFigure("holders", stock, 1_000);
                yield new RankedStock(stock, holders, Map.of("inter_issu_reg_csnu", Long.toString(holders)));
            }
            case "hts_top_view" ->
                new RankedStock(
                        stock,
                        stock.instrument().turnover(),
                        Map.of("mrkt_div_cls_code", "J", "mksc_shrn_iscd", code(stock)));
            default -> generatedRanking(name, by, stock);
        };
    }

    /** Volume against the typical one, which is that of the listing's date. */
    private static RankedStock volume(String by, KrxListedStock stock) {
        long averageVolume = Math.max(1, stock.instrument().volume());
        double value = (double) stock.last() * stock.listedShares();
        double figure = switch (by) {
            case "1" -> (double) stock.volume() / averageVolume;
            case "2" -> (double) stock.volume() / Math.max(1, stock.listedShares());
            case "3" -> stock.turnover();
            case "4" -> stock.turnover() / Math.max(1, value);
            default -> stock.volume();
        };
        return new RankedStock(
                stock,
                figure,
                // The days before (nday, n_befr) are one: this day and the close before it [assumed].
                Map.of(
                        "avrg_vol", Long.toString(averageVolume),
                        "vol_inrt", Percent.of(stock.volume(), averageVolume),
                        "vol_tnrt", Percent.of(stock.volume(), stock.listedShares()),
                        "nday_vol_tnrt", Percent.of(stock.volume(), stock.listedShares()),
                        "avrg_tr_pbmn", Long.toString(stock.instrument().turnover()),
                        "tr_pbmn_tnrt", text(100 * stock.turnover() / Math.max(1, value)),
                        "nday_tr_pbmn_tnrt", text(100 * stock.turnover() / Math.max(1, value)),
                        "n_befr_clpr_vrss_prpr_rate", Percent.of(stock.last() - stock.base(), stock.base()),
                        "acml_tr_pbmn", Long.toString(stock.turnover())));
    }

    private static RankedStock fluctuation(String by, KrxListedStock stock) {
        double sinceOpen = stock.open() == 0 ? 0 : 100.0 * (stock.last() - stock.open()) / stock.open();
        double figure = switch (by) {
            case "1" -> -change(stock);
            case "2" -> sinceOpen;
            case "3" -> -sinceOpen;
            case "4" -> Math.abs(change(stock));
            default -> change(stock);
        };
        return new RankedStock(
                stock,
                figure,
                Map.of(
                        "oprc_vrss_prpr", Long.toString(stock.open() == 0 ? 0 : stock.last() - stock.open()),
                        "oprc_vrss_prpr_sign", Quote.sign(stock.open() == 0 ? 0 : stock.last() - stock.open()),
                        "oprc_vrss_prpr_rate",
                                Percent.of(stock.open() == 0 ? 0 : stock.last() - stock.open(), stock.open()),
                        "prd_rsfl", Long.toString(stock.last() - stock.base()),
                        "prd_rsfl_rate", Percent.of(stock.last() - stock.base(), stock.base())));
    }

    /** The change in percent. */
    private static double change(KrxListedStock stock) {
        return 100.0 * (stock.last() - stock.base()) / Math.max(1, stock.base());
    }

    /** Market value in units of 100 million won. */
    private static RankedStock value(KrxListedStock stock) {
        double value = (double) stock.last() * stock.listedShares();
        return new RankedStock(stock, value, Map.of("stck_avls", Long.toString((long) (value / 100_000_000))));
    }

    /** Shares bought per hundred shares sold; 0 without sales. */
    private static RankedStock power(KrxListedStock stock) {
        double power = stock.sellVolume() == 0 ? 0 : 100.0 * stock.buyVolume() / stock.sellVolume();
        return new RankedStock(
                stock,
                power,
                Map.of(
                        "tday_rltv", text(power),
                        "shnu_cnqn_smtn", Long.toString(stock.buyVolume()),
                        "seln_cnqn_smtn", Long.toString(stock.sellVolume())));
    }

    private static RankedStock balance(String by, KrxListedStock stock) {
        long net = stock.totalBidQty() - stock.totalAskQty();
        long all = Math.max(1, stock.totalBidQty() + stock.totalAskQty());
        double figure = switch (by) {
            case "1" -> -net;
            case "2" -> (double) stock.totalBidQty() / all;
            case "3" -> (double) stock.totalAskQty() / all;
            default -> net;
        };
        return new RankedStock(
                stock,
                figure,
                Map.of(
                        "total_askp_rsqn", Long.toString(stock.totalAskQty()),
                        "total_bidp_rsqn", Long.toString(stock.totalBidQty()),
                        "total_ntsl_bidp_rsqn", Long.toString(net),
                        "shnu_rsqn_rate", Percent.of(stock.totalBidQty(), all),
                        "seln_rsqn_rate", Percent.of(stock.totalAskQty(), all)));
    }

    /** The deviation of the price from the mean of the last closes, today's included, in percent of that mean. */
    private static RankedStock disparity(String by, String days, KrxListedStock stock, MarketView market) {
        Map<String, String> values = new HashMap<>();
        double figure = 0;
        for (int span : new int[] {5, 10, 20, 60, 120}) {
            double disparity = 100 * stock.last() / mean(stock, span);
            values.put("d" + span + "_dsrt", text(disparity));
            figure = days.equals(Integer.toString(span)) || span == 5 ? disparity : figure;
        }
        return new RankedStock(stock, by.equals("1") ? -figure : figure, values);
    }

    private static double mean(KrxListedStock stock, int days) {
        History history = stock.lastYear();
        int count = Math.min(days - 1, history.size());
        double sum = stock.last();
        for (int i = 1; i <= count; i++) {
            sum += history.bar(history.size() - i).close();
        }
        return sum / (count + 1);
    }

    private static RankedStock nearExtreme(String which, KrxListedStock stock, MarketView market) {
        History history = stock.lastYear();
        long high = Math.max(stock.high(), stock.last());
        long low = stock.low() == 0 ? stock.last() : Math.min(stock.low(), stock.last());
        for (int i = Math.max(0, history.size() - YEAR); i < history.size(); i++) {
            DailyBar bar = history.bar(i);
            high = Math.max(high, bar.high());
            low = Math.min(low, bar.low());
        }
        double belowHigh = 100.0 * (high - stock.last()) / high;
        double aboveLow = 100.0 * (stock.last() - low) / low;
        return new RankedStock(
                stock,
                which.equals("1") ? -aboveLow : -belowHigh,
                Map.of(
                        "new_hgpr", Long.toString(high),
                        "hprc_near_rate", text(belowHigh),
                        "new_lwpr", Long.toString(low),
                        "lwpr_near_rate", text(aboveLow)));
    }

    private static Optional<DailyBar> previousBar(KrxListedStock stock) {
        History history = stock.lastYear();
        return history.size() == 0 ? Optional.empty() : Optional.of(history.bar(history.size() - 1));
    }

    /** A figure of the stock that is no market's, the same in every request. */
    private RankedStock generatedRanking(String name, String by, KrxListedStock stock) {
        Map<String, String> values = new HashMap<>();
        double figure = 0;
        Fundamentals fundamentals = Fundamentals.of(seed, stock.instrument());
        List<String> columns = GENERATED_RANKINGS.getOrDefault(name, List.of());
        for (String entry : columns) {
            String column = entry.substring(entry.indexOf(' ') + 1);
            boolean rate = !column.matches(".*(stcn|amt|prfi|prti|ntin|aset|lblt|cptl)$");
            long drawn = drawFigure(name + column, stock, rate ? 9_999 : 9_000_000);
            String value = fundamentals
                    .of(column, stock::last)
                    .orElseGet(() -> rate ? text(drawn / 100.0) : Long.toString(drawn));
            values.put(column, value);
            boolean requested = entry.startsWith(by + " ");
            figure = requested || entry.equals(columns.getFirst()) ? Double.parseDouble(value) : figure;
        }
        if (name.equals("dividend_rate")) {
            values.put("sht_cd", code(stock));
        }
        return new RankedStock(stock, figure, values);
    }

    private long drawFigure(String what, KrxListedStock stock, long max) {
        return draw.with(what).with(code(stock)).below(max) + 1;
    }

    private static String code(KrxListedStock stock) {
        return stock.instrument().symbol().code();
    }

    private static String text(double rate) {
        return BigDecimal.valueOf(rate).setScale(2, RoundingMode.HALF_UP).toPlainString();
    }
}
