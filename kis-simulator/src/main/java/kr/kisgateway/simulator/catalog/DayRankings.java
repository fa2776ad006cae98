package kr.kisgateway.simulator.catalog;

import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.simulator.catalog.Rankings.RankedStock;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.wire.print.Percent;

/**
 * Rankings by a stock's own book and trades of today beside price and volume: number of trades, expected prices, trades
 * outside the regular session, the gap to its preferred share. The market does not record the parties of a trade (short
 * sales, KIS's own customers): their part of the stock's volume is drawn for the stock.
 *
 * <p>After hours is what {@link AfterHours} counts. It is read from the minutes of the {@link #CANDIDATES} most traded stocks:
 * those of all would take a second.
 */
final class DayRankings {
    /** The number of most traded stocks that a ranking by minutes examines. */
    static final int CANDIDATES = 300;

    private static final Set<String> OF_MINUTES =
            Set.of("overtime_fluctuation", "overtime_volume", "overtime_exp_trans_fluct", "after_hour_balance");

    private static final Set<String> OTHERS = Set.of(
            "bulk_trans_num",
            "traded_by_company",
            "short_sale",
            "exp_trans_updown",
            "exp_closing_price",
            "prefer_disparate_ratio");

    private static final int PRE_OPEN_START = 8 * 60 + 30;
    private static final int PRE_OPEN_END = 8 * 60 + 40;
    private static final int POST_CLOSE_START = 15 * 60 + 40;
    private static final int POST_CLOSE_END = 16 * 60;
    private static final long MILLION = 1_000_000;

    private final SeededDraw draw;

    DayRankings(SeededDraw draw) {
        this.draw = draw;
    }

    static boolean supports(String name) {
        return OF_MINUTES.contains(name) || OTHERS.contains(name);
    }

    static boolean needsMinutes(String name) {
        return OF_MINUTES.contains(name);
    }

    /** The stock's figure in the ranking; empty when it has no place in it. */
    Optional<RankedStock> rankStock(String name, CatalogRequest request, KrxListedStock stock, MarketView market) {
        String by = request.param("FID_RANK_SORT_CLS_CODE");
        return switch (name) {
            case "bulk_trans_num" -> Optional.of(trades(by, request.param("FID_INPUT_PRICE_1"), stock));
            case "traded_by_company" -> Optional.of(company(by, stock));
            case "short_sale" -> Optional.of(shortSales(stock, market));
            case "exp_trans_updown" -> Optional.of(expected(by, request.param("FID_MKOP_CLS_CODE"), stock));
            case "exp_closing_price" -> expectedClose(by, stock);
            case "overtime_fluctuation" -> fluctuation(request.param("FID_DIV_CLS_CODE"), stock);
            case "overtime_volume" -> volume(by, stock);
            case "overtime_exp_trans_fluct" -> expectedAfterHours(by, stock);
            case "after_hour_balance" -> Optional.of(balance(by, stock));
            default -> preferred(stock, market);
        };
    }

    /** The totals of the block beside the list; empty in most rankings. */
    static Map<String, String> totals(String name, List<RankedStock> places) {
        if (!name.equals("overtime_fluctuation") && !name.equals("overtime_volume")) {
            return Map.of();
        }
        Map<String, Long> sums = new HashMap<>();
        for (RankedStock place : places) {
            AfterHours after = AfterHours.of(place.stock());
            String market = place.stock().market().equals("KOSDAQ") ? "kosdaq" : "exch";
            for (String of : List.of("acml", market)) {
                sums.merge("ovtm_untp_" + of + "_vol", after.volume(), Long::sum);
                sums.merge("ovtm_untp_" + of + "_tr_pbmn", after.turnover(), Long::sum);
            }
            long change = after.change();
            sums.merge("ovtm_untp_ascn_issu_cnt", change > 0 ? 1L : 0, Long::sum);
            sums.merge("ovtm_untp_down_issu_cnt", change < 0 ? 1L : 0, Long::sum);
            sums.merge("ovtm_untp_stnr_issu_cnt", change == 0 ? 1L : 0, Long::sum);
            sums.merge("ovtm_untp_uplm_issu_cnt", after.last() == place.stock().upper() ? 1L : 0, Long::sum);
            sums.merge("ovtm_untp_lslm_issu_cnt", after.last() == place.stock().lower() ? 1L : 0, Long::sum);
        }
        Map<String, String> texts = new HashMap<>();
        for (String column : List.of(
                "uplm_issu_cnt",
                "ascn_issu_cnt",
                "stnr_issu_cnt",
                "lslm_issu_cnt",
                "down_issu_cnt",
                "acml_vol",
                "acml_tr_pbmn",
                "exch_vol",
                "exch_tr_pbmn",
                "kosdaq_vol",
                "kosdaq_tr_pbmn")) {
            texts.put("ovtm_untp_" + column, Long.toString(sums.getOrDefault("ovtm_untp_" + column, 0L)));
        }
        return texts;
    }

    // ---- who traded ----------------------------------------------------------------------------------------------

    /** Ranks by the number of trades of an amount, never more than the turnover allows. */
    private static RankedStock trades(String by, String amount, KrxListedStock stock) {
        long min = amount.matches("[0-9]{1,12}") ? Long.parseLong(amount) : 0;
        long bought = atLeast(min, stock.buyCount(), stock.buyVolume(), stock);
        long sold = atLeast(min, stock.sellCount(), stock.sellVolume(), stock);
        return new RankedStock(
                stock,
                by.equals("1") ? sold : bought,
                Map.of(
                        "shnu_cntg_csnu", text(bought),
                        "seln_cntg_csnu", text(sold),
                        "ntby_cnqn", text(stock.buyVolume() - stock.sellVolume())));
    }

    private static long atLeast(long amount, long trades, long shares, KrxListedStock stock) {
        return amount == 0 || stock.volume() == 0
                ? trades
                : Math.min(trades, (long) ((double) stock.turnover() * shares / stock.volume() / amount));
    }

    private RankedStock company(String by, KrxListedStock stock) {
        long sold = drawShare(stock, "company sells", stock.sellVolume(), 50_000, 150_000);
        long bought = drawShare(stock, "company buys", stock.buyVolume(), 50_000, 150_000);
        return new RankedStock(
                stock,
                by.equals("1") ? bought : sold,
                Map.of(
                        "seln_cnqn_smtn", text(sold),
                        "shnu_cnqn_smtn", text(bought),
                        "ntby_cnqn", text(bought - sold)));
    }

    private RankedStock shortSales(KrxListedStock stock, MarketView market) {
        long qty = drawShare(stock, "short", stock.volume(), 5_000, 80_000);
        long price = stock.volume() == 0 ? stock.last() : stock.turnover() / stock.volume();
        String today = DateTimeFormatter.BASIC_ISO_DATE.format(market.day());
        return new RankedStock(
                stock,
                qty,
                Map.of(
                        "ssts_cntg_qty", text(qty),
                        "ssts_vol_rlim", Percent.of(qty, stock.volume()),
                        "ssts_tr_pbmn", text(qty * price),
                        "ssts_tr_pbmn_rlim", Percent.of(qty * price, stock.turnover()),
                        "avrg_prc", text(price),
                        "stnd_date1", today,
                        "stnd_date2", today));
    }

    /** A part of {@code total} in millionths from {@code min} to {@code max}, drawn for the stock. */
    private long drawShare(KrxListedStock stock, String what, long total, long min, long max) {
        long part = draw.with(what).with(code(stock)).between(min, max);
        return (long) ((double) total * part / MILLION);
    }

    // ---- expected prices -----------------------------------------------------------------------------------------

    /** The expected auction result; without an auction the last one's, and what the book's best prices would trade. */
    private record Expected(long price, long qty) {
        static Expected of(KrxListedStock stock, boolean opening) {
            if (stock.expectedQty() > 0) {
                return new Expected(stock.expectedPrice(), stock.expectedQty());
            }
            long closing = stock.closingPrice() > 0 ? stock.closingPrice() : stock.last();
            return new Expected(
                    opening && stock.open() > 0 ? stock.open() : closing, Math.min(stock.askQty(1), stock.bidQty(1)));
        }
    }

    private static RankedStock expected(String by, String which, KrxListedStock stock) {
        Expected expected = Expected.of(stock, !which.equals("1"));
        long change = expected.price - stock.base();
        Map<String, String> values = new HashMap<>(change(expected.price, stock));
        values.put("stck_sdpr", text(stock.base()));
        values.put("seln_rsqn", text(stock.askQty(1)));
        values.put("askp", text(stock.ask(1)));
        values.put("bidp", text(stock.bid(1)));
        values.put("shnu_rsqn", text(stock.bidQty(1)));
        values.put("cntg_vol", text(expected.qty));
        values.put("antc_tr_pbmn", text(expected.qty * expected.price));
        values.put("total_askp_rsqn", text(stock.totalAskQty()));
        values.put("total_bidp_rsqn", text(stock.totalBidQty()));
        double figure = switch (by) {
            case "5" -> expected.qty;
            case "6" -> (double) expected.qty * expected.price;
            default -> changeFigure(by, change, stock.base());
        };
        return new RankedStock(stock, figure, values);
    }

    private static Optional<RankedStock> expectedClose(String by, KrxListedStock stock) {
        Expected expected = Expected.of(stock, false);
        boolean fits = switch (by) {
            case "1" -> expected.price == stock.upper();
            case "2" -> expected.price == stock.lower();
            default -> true;
        };
        Map<String, String> values = new HashMap<>(change(expected.price, stock));
        values.put("sdpr_vrss_prpr", text(expected.price - stock.base()));
        values.put("sdpr_vrss_prpr_rate", Percent.of(expected.price - stock.base(), stock.base()));
        values.put("cntg_vol", text(expected.qty));
        double sinceLast = 100.0 * (expected.price - stock.last()) / stock.last();
        double figure = switch (by) {
            case "3" -> sinceLast;
            case "4" -> -sinceLast;
            default -> changeFigure("0", expected.price - stock.base(), stock.base());
        };
        return fits ? Optional.of(new RankedStock(stock, figure, values)) : Optional.empty();
    }

    private static Map<String, String> change(long price, KrxListedStock stock) {
        long change = price - stock.base();
        return Map.of(
                "stck_prpr", text(price),
                "prdy_vrss", text(change),
                "prdy_vrss_sign", Quote.sign(change),
                "prdy_ctrt", Percent.of(change, stock.base()));
    }

    /** 0 rate up, 1 amount up, 2 unchanged, 3 rate down, 4 amount down. */
    private static double changeFigure(String by, long change, long from) {
        double rate = 100.0 * change / Math.max(1, from);
        return switch (by) {
            case "1" -> change;
            case "2" -> -Math.abs(rate);
            case "3" -> -rate;
            case "4" -> -change;
            default -> rate;
        };
    }

    // ---- after hours ---------------------------------------------------------------------------------------------

    private static Optional<RankedStock> fluctuation(String which, KrxListedStock stock) {
        AfterHours after = AfterHours.of(stock);
        boolean fits = switch (which) {
            case "1" -> after.last() == stock.upper();
            case "3" -> after.change() == 0;
            case "4" -> after.last() == stock.lower();
            case "5" -> after.change() < 0;
            default -> after.change() > 0;
        };
        String by = which.equals("4") || which.equals("5") ? "3" : "0";
        return fits && after.volume() > 0
                ? Optional.of(new RankedStock(
                        stock, changeFigure(by, after.change(), after.reference()), after.values(stock)))
                : Optional.empty();
    }

    private static Optional<RankedStock> volume(String by, KrxListedStock stock) {
        AfterHours after = AfterHours.of(stock);
        double figure = switch (by) {
            case "0" -> stock.totalBidQty();
            case "1" -> stock.totalAskQty();
            default -> after.volume();
        };
        return after.volume() > 0 ? Optional.of(new RankedStock(stock, figure, after.values(stock))) : Optional.empty();
    }

    private static Optional<RankedStock> expectedAfterHours(String by, KrxListedStock stock) {
        AfterHours after = AfterHours.of(stock);
        long price = stock.expectedQty() > 0 ? stock.expectedPrice() : after.last();
        long change = price - after.reference();
        return after.volume() == 0 && stock.expectedQty() == 0
                ? Optional.empty()
                : Optional.of(new RankedStock(
                        stock,
                        changeFigure(by, change, after.reference()),
                        Map.of(
                                "ovtm_untp_antc_cnpr", text(price),
                                "ovtm_untp_antc_cntg_vrss", text(change),
                                "ovtm_untp_antc_cntg_vrsssign", Quote.sign(change),
                                "ovtm_untp_antc_cntg_ctrt", Percent.of(change, after.reference()),
                                "ovtm_untp_askp_rsqn1", text(stock.askQty(1)),
                                "ovtm_untp_bidp_rsqn1", text(stock.bidQty(1)),
                                "ovtm_untp_antc_cnqn", text(Expected.of(stock, false).qty),
                                "itmt_vol", text(stock.volume() - after.volume()))));
    }

    /** 1 volume before the opening at the close before, 2 behind the close at it, 3 shares offered, 4 shares wanted. */
    private static RankedStock balance(String by, KrxListedStock stock) {
        long beforeOpen = between(stock, PRE_OPEN_START, PRE_OPEN_END);
        long afterClose = between(stock, POST_CLOSE_START, POST_CLOSE_END);
        double figure = switch (by) {
            case "2" -> afterClose;
            case "3" -> stock.totalAskQty();
            case "4" -> stock.totalBidQty();
            default -> beforeOpen;
        };
        return new RankedStock(
                stock,
                figure,
                Map.of(
                        "mkob_otcp_vol", text(beforeOpen),
                        "mkfa_otcp_vol", text(afterClose),
                        "ovtm_total_askp_rsqn", text(stock.totalAskQty()),
                        "ovtm_total_bidp_rsqn", text(stock.totalBidQty())));
    }

    private static long between(KrxListedStock stock, int from, int to) {
        return stock.minutes().stream()
                .filter(bar -> bar.minute() >= from && bar.minute() < to)
                .mapToLong(Minutes.Bar::volume)
                .sum();
    }

    // ---- preferred shares ----------------------------------------------------------------------------------------

    /** How far the first preferred share lies below its common one, in percent of that. */
    private static Optional<RankedStock> preferred(KrxListedStock stock, MarketView market) {
        String code = code(stock);
        Optional<KrxListedStock> preferred =
                code.endsWith("0") ? market.find(code.substring(0, 5) + '5') : Optional.empty();
        return preferred.map(other -> {
            long difference = stock.last() - other.last();
            long change = other.last() - other.base();
            Map<String, String> values = new HashMap<>();
            values.put("prst_iscd", code(other));
            values.put("prst_kor_isnm", other.name());
            values.put("prst_prpr", text(other.last()));
            values.put("prst_prdy_vrss", text(change));
            values.put("prst_prdy_vrss_sign", Quote.sign(change));
            values.put("prst_prdy_ctrt", Percent.of(change, other.base()));
            values.put("prst_acml_vol", text(other.volume()));
            values.put("diff_prpr", text(difference));
            values.put("dprt", Percent.of(difference, stock.last()));
            return new RankedStock(stock, (double) difference / stock.last(), values);
        });
    }

    private static String code(KrxListedStock stock) {
        return stock.instrument().symbol().code();
    }

    private static String text(long number) {
        return Long.toString(number);
    }
}
