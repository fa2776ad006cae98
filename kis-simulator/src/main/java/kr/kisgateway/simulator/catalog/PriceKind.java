package kr.kisgateway.simulator.catalog;

import java.util.List;
import java.util.Locale;
import kr.kisgateway.wire.RestCall;

/** The kind of product of a price, which determines its format: decimals, ticks, typical size. */
enum PriceKind {
    STOCK(0, 5_000, 300_000),
    INDEX(2, 30_000, 300_000),
    BOND(2, 950_000, 1_050_000),
    ELW(0, 50, 2_000),
    FUTURE(2, 30_000, 45_000),
    OPTION(2, 50, 2_000),
    FOREIGN(4, 100_000, 5_000_000),
    FOREIGN_FUTURE(4, 500_000, 50_000_000),
    YIELD(4, 25_000, 45_000);

    final int scale;
    final long lowest;
    final long highest;

    PriceKind(int scale, long lowest, long highest) {
        this.scale = scale;
        this.lowest = lowest;
        this.highest = highest;
    }

    /** The tick in units of the last decimal. */
    long tick(long units) {
        return switch (this) {
            case STOCK -> stockTick(units);
            case ELW, FUTURE -> 5;
            case FOREIGN, FOREIGN_FUTURE -> units < 10_000 ? 1 : 100;
            case INDEX, BOND, OPTION, YIELD -> 1;
        };
    }

    private static long stockTick(long won) {
        if (won < 2_000) {
            return 1;
        }
        if (won < 5_000) {
            return 5;
        }
        if (won < 20_000) {
            return 10;
        }
        if (won < 50_000) {
            return 50;
        }
        if (won < 200_000) {
            return 100;
        }
        return won < 500_000 ? 500 : 1_000;
    }

    /** The main kind of rows with these columns: that of the first price among them, else of the category of the call. */
    static PriceKind of(List<RestCall.Column> columns, String category) {
        return columns.stream()
                .filter(column -> Meaning.of(column) == Meaning.LAST)
                .map(column -> column.name().toLowerCase(Locale.ROOT))
                .filter(price -> !price.startsWith("unas_") && !price.startsWith("prst_"))
                .findFirst()
                .map(price -> of(price, of(category)))
                .orElse(of(category));
    }

    /** The kind of a column by the words in its name; else the row's. */
    static PriceKind of(String column, PriceKind row) {
        if (column.contains("nmix")) {
            return INDEX;
        }
        if (column.contains("mnrt")) {
            return YIELD;
        }
        if (column.startsWith("unas_") || column.startsWith("prst_")) {
            return STOCK;
        }
        if (column.startsWith("bond_") && !column.contains("iscd")) {
            return BOND;
        }
        if (column.startsWith("elw_")) {
            return ELW;
        }
        if (column.startsWith("futs_")) {
            return FUTURE;
        }
        return column.startsWith("optn_") ? OPTION : row;
    }

    private static PriceKind of(String category) {
        return switch (category) {
            case "domestic_bond" -> BOND;
            case "elw" -> ELW;
            case "domestic_futureoption" -> FUTURE;
            case "overseas_stock" -> FOREIGN;
            case "overseas_futureoption" -> FOREIGN_FUTURE;
            default -> STOCK;
        };
    }
}
