package kr.kisgateway.wire.parse;

import java.math.BigDecimal;

/**
 * The answer of {@code inquire-price}, FHKST01010100. Prices are whole won. An unknown symbol is answered
 * with price 0 and no error.
 *
 * @param price last price ({@code stck_prpr})
 * @param change signed difference from the base ({@code prdy_vrss})
 * @param changePct the same in percent, signed
 * @param volume shares traded today
 * @param turnover won traded today
 * @param open first price; 0 before the first trade
 * @param high highest price; 0 before the first trade
 * @param low lowest price; 0 before the first trade
 * @param upperLimit highest price allowed today ({@code stck_mxpr})
 * @param lowerLimit lowest price allowed today ({@code stck_llam})
 * @param base the base price of the limits ({@code stck_sdpr})
 * @param tick the tick at this price ({@code aspr_unit}); 0 when absent
 * @param statusCode {@code iscd_stat_cls_code}; empty when absent
 * @param tempStop trading is temporarily halted ({@code temp_stop_yn})
 * @param marketCap market value in units of 100 million won ({@code hts_avls}, 억원); 0 when absent
 */
public record PriceAnswer(
        long price,
        long change,
        BigDecimal changePct,
        long volume,
        long turnover,
        long open,
        long high,
        long low,
        long upperLimit,
        long lowerLimit,
        long base,
        long tick,
        String statusCode,
        boolean tempStop,
        long marketCap) {

    /** Whether KIS lists the requested symbol. */
    public boolean isFound() {
        return price > 0 || base > 0;
    }

    /** Reads the block {@code output}. */
    public static ParseResult<PriceAnswer> parse(RestReply reply) {
        return ParseResult.of(() -> parse(reply.row("output").orElseThrow(() -> BadFieldException.missing("output"))));
    }

    /**
     * Reads one row.
     *
     * @throws BadFieldException naming the first field that is missing or wrong
     */
    public static PriceAnswer parse(Row row) {
        return new PriceAnswer(
                row.won("stck_prpr"),
                row.wonOr("prdy_vrss", 0),
                row.decimalOr("prdy_ctrt", BigDecimal.ZERO),
                row.sharesOr("acml_vol", 0),
                row.wonOr("acml_tr_pbmn", 0),
                row.wonOr("stck_oprc", 0),
                row.wonOr("stck_hgpr", 0),
                row.wonOr("stck_lwpr", 0),
                row.wonOr("stck_mxpr", 0),
                row.wonOr("stck_llam", 0),
                row.wonOr("stck_sdpr", 0),
                row.wonOr("aspr_unit", 0),
                row.textOr("iscd_stat_cls_code", ""),
                row.textOr("temp_stop_yn", "N").equals("Y"),
                row.wonOr("hts_avls", 0));
    }
}
