package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer of {@code etfetn inquire-price} (ETF/ETN 현재가, FHPST02400000): price and net asset value. Prices are whole won.
 *
 * @param price last price
 * @param change signed difference from the base
 * @param changePct the same in percent, signed
 * @param volume shares traded today
 * @param previousClose {@code stck_prdy_clpr}
 * @param nav net asset value of a share in won ({@code nav})
 * @param navChange signed difference from the last day's ({@code nav_prdy_vrss})
 * @param navChangePct the same in percent, signed
 * @param previousNav {@code prdy_last_nav}; empty when absent
 * @param deviationPct deviation of the price from the value, in percent (괴리율, {@code dprt}); empty when absent
 * @param trackingErrorPct 추적오차율 ({@code trc_errt}); empty when absent
 * @param multiple leverage on its index ({@code etf_trc_ert_mltp}); empty when absent
 * @param shares in circulation ({@code etf_crcl_stcn}); empty when absent
 * @param components number of its instruments ({@code etf_cnfg_issu_cnt}); empty when absent
 */
public record EtfAnswer(
        long price,
        long change,
        BigDecimal changePct,
        long volume,
        long previousClose,
        BigDecimal nav,
        BigDecimal navChange,
        BigDecimal navChangePct,
        Optional<BigDecimal> previousNav,
        Optional<BigDecimal> deviationPct,
        Optional<BigDecimal> trackingErrorPct,
        Optional<BigDecimal> multiple,
        OptionalLong shares,
        OptionalLong components) {

    /** Reads the block {@code output}. */
    public static ParseResult<EtfAnswer> parse(RestReply reply) {
        return ParseResult.of(() -> parse(reply.row("output").orElseThrow(() -> BadFieldException.missing("output"))));
    }

    private static EtfAnswer parse(Row row) {
        return new EtfAnswer(
                row.won("stck_prpr"),
                row.changeInWon("prdy_vrss", "prdy_vrss_sign"),
                row.change("prdy_ctrt", "prdy_vrss_sign"),
                row.sharesOr("acml_vol", 0),
                row.wonOr("stck_prdy_clpr", 0),
                row.decimalOr("nav", BigDecimal.ZERO),
                row.change("nav_prdy_vrss", "nav_prdy_vrss_sign"),
                row.change("nav_prdy_ctrt", "nav_prdy_vrss_sign"),
                row.decimalIfAny("prdy_last_nav"),
                row.decimalIfAny("dprt"),
                row.decimalIfAny("trc_errt"),
                row.decimalIfAny("etf_trc_ert_mltp"),
                row.wonIfAny("etf_crcl_stcn"),
                row.wonIfAny("etf_cnfg_issu_cnt"));
    }
}
