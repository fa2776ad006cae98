package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Price and net asset value of an ETF on one day: a row of {@code nav-comparison-daily-trend} (NAV 비교추이(일),
 * FHPST02440200).
 *
 * @param date the trading day
 * @param close last price, whole won
 * @param volume shares traded
 * @param nav net asset value of a share in won
 * @param navChange signed difference from the day before
 * @param deviationPct deviation of the price from the value, in percent (괴리율); empty when absent
 */
public record EtfNavDay(
        LocalDate date,
        long close,
        long volume,
        BigDecimal nav,
        BigDecimal navChange,
        Optional<BigDecimal> deviationPct) {

    /** The rows of {@code output}, newest first; empty rows are left out. */
    public static ParseResult<List<EtfNavDay>> parseAll(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output").stream()
                .filter(row -> row.has("stck_bsop_date"))
                .map(row -> new EtfNavDay(
                        row.date("stck_bsop_date"),
                        row.won("stck_clpr"),
                        row.sharesOr("acml_vol", 0),
                        row.decimalOr("nav", BigDecimal.ZERO),
                        row.change("nav_prdy_vrss", "nav_prdy_vrss_sign"),
                        row.decimalIfAny("dprt")))
                .toList());
    }
}
