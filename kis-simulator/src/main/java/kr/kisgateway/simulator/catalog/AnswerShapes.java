package kr.kisgateway.simulator.catalog;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import kr.kisgateway.wire.RestCall;
import kr.kisgateway.wire.RestCall.Block;

/** The blocks of an answer that are lists, and their lengths. */
final class AnswerShapes {
    /** Blocks that the samples read as either and that describe a single entity. */
    private static final Set<String> OBJECTS = Set.of(
            "domestic_bond_inquire_asking_price output",
            "domestic_bond_inquire_daily_ccld output1",
            "domestic_bond_inquire_price output",
            "domestic_bond_inquire_psbl_order output",
            "domestic_bond_issue_info output",
            "domestic_bond_search_bond_info output",
            "domestic_stock_credit_balance output1",
            "domestic_stock_estimate_perform output1",
            "domestic_stock_exp_total_index output1",
            "domestic_stock_frgnmem_trade_trend output1",
            "domestic_stock_inquire_daily_indexchartprice output1",
            "domestic_stock_inquire_elw_price output",
            "domestic_stock_inquire_index_category_price output1",
            "domestic_stock_inquire_index_daily_price output1",
            "domestic_stock_inquire_index_price output",
            "domestic_stock_inquire_psbl_sell output",
            "domestic_stock_inquire_time_indexchartprice output1",
            "domestic_stock_investor_trade_by_stock_daily output1",
            "domestic_stock_lendable_by_company output2",
            "domestic_stock_overtime_fluctuation output1",
            "domestic_stock_overtime_volume output1",
            "domestic_stock_search_info output",
            "domestic_stock_search_stock_info output",
            "elw_lp_trade_trend output1",
            "overseas_futureoption_inquire_asking_price output1",
            "overseas_futureoption_inquire_daily_ccld output2",
            "overseas_futureoption_investor_unpd_trend output1",
            "overseas_stock_dailyprice output1");

    private static final Pattern PER_DAY_OR_TIME = Pattern.compile(
            "^(stck_)?bsop_date$|^[xkt]ymd$|^data_date$|^sbsnsdate$|^stck_cntg_hour$|^(bsop|cntg)_hour$|^[xk]hms$|^data_time$|^dhms$");

    private static final Pattern PER_TIME =
            Pattern.compile("^stck_cntg_hour$|^(bsop|cntg)_hour$|^[xk]hms$|^data_time$|^dhms$|^ord_tmd$");

    private static final int SERIES = 30;
    private static final int DAILY_CHART = 100;
    private static final int MINUTE_CHART = 120;
    private static final int RANKING = 30;
    private static final int OTHER_LIST = 10;
    private static final int LEDGER_LIST = 3;
    private static final int YEARS = 5;

    private AnswerShapes() {}

    static boolean isList(RestCall call, Block block) {
        return switch (block.shape()) {
            case ARRAY -> true;
            case OBJECT -> false;
            case EITHER -> call.method().equals("GET") && !OBJECTS.contains(call.id() + ' ' + block.name());
        };
    }

    /** The block that a paged call pages: its widest list. */
    static Optional<Block> paged(RestCall call) {
        return call.paging().isEmpty()
                ? Optional.empty()
                : call.outputs().stream()
                        .filter(block -> isList(call, block))
                        .max(Comparator.comparingInt(block -> block.columns().size()));
    }

    /** Whether a list of rows with these columns goes back in time from row to row. */
    static boolean isSeries(List<RestCall.Column> columns) {
        return has(columns, PER_DAY_OR_TIME);
    }

    /** Whether rows with these columns are of one day. */
    static boolean isIntraday(List<RestCall.Column> columns) {
        return has(columns, PER_TIME);
    }

    private static boolean has(List<RestCall.Column> columns, Pattern names) {
        return columns.stream()
                .anyMatch(column ->
                        names.matcher(column.name().toLowerCase(Locale.ROOT)).find());
    }

    /** The number of rows of a list without pages, if nothing bounds it. */
    static int rows(RestCall call, Block block) {
        if (block.columns().stream().anyMatch(column -> column.name().equals("stac_yymm"))) {
            return YEARS;
        }
        if (isSeries(block.columns())) {
            if (call.path().endsWith("-dailychartprice")) {
                return MINUTE_CHART;
            }
            return call.path().contains("daily") && call.path().endsWith("chartprice") ? DAILY_CHART : SERIES;
        }
        if (call.path().contains("/ranking/") || call.path().endsWith("-rank")) {
            return RANKING;
        }
        return call.isLedger() ? LEDGER_LIST : OTHER_LIST;
    }

    /** The number of rows of a page. */
    static int pageRows(RestCall call, Face face) {
        if (call.isLedger() && face == Face.PAPER) {
            return 15;
        }
        return switch (call.id()) {
            case "domestic_stock_inquire_psbl_rvsecncl", "domestic_stock_inquire_balance_rlz_pl" -> 50;
            case "overseas_stock_inquire_balance" -> 100;
            case "overseas_stock_inquire_nccs" -> 40;
            case "domestic_stock_chk_holiday" -> 25;
            default -> 20;
        };
    }
}
