package kr.kisgateway.gateway.face;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * A column of {@code inquire-price} that follows from others. KIS does not document its rounding, so a formula is used for an
 * answer only when it yields what KIS wrote there.
 */
final class PriceFormula {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final BigDecimal HUNDRED_MILLIONS = BigDecimal.valueOf(100_000_000);
    private static final int DIGITS = 12;
    private static final String PRICE = "stck_prpr";
    private static final String VOLUME = "acml_vol";

    static final List<PriceFormula> ALL = List.of(
            ratio("prdy_ctrt", "prdy_vrss", "stck_sdpr", HUNDRED),
            ratio("wghn_avrg_stck_prc", "acml_tr_pbmn", VOLUME, BigDecimal.ONE),
            ratio("vol_tnrt", VOLUME, "lstn_stcn", HUNDRED),
            ratio("per", PRICE, "eps", BigDecimal.ONE),
            ratio("pbr", PRICE, "bps", BigDecimal.ONE),
            new PriceFormula(
                    "hts_avls",
                    RoundingMode.DOWN,
                    answer -> number(answer, PRICE)
                            .flatMap(price -> number(answer, "lstn_stcn").map(price::multiply))
                            .map(won -> won.divide(HUNDRED_MILLIONS, DIGITS, RoundingMode.DOWN))),
            distance("d250_hgpr_vrss_prpr_rate", "d250_hgpr"),
            distance("d250_lwpr_vrss_prpr_rate", "d250_lwpr"),
            distance("dryy_hgpr_vrss_prpr_rate", "stck_dryy_hgpr"),
            distance("dryy_lwpr_vrss_prpr_rate", "stck_dryy_lwpr"),
            distance("w52_hgpr_vrss_prpr_ctrt", "w52_hgpr"),
            distance("w52_lwpr_vrss_prpr_ctrt", "w52_lwpr"));

    private final String column;
    private final RoundingMode usual;
    private final Function<ObjectNode, Optional<BigDecimal>> value;

    private PriceFormula(String column, RoundingMode usual, Function<ObjectNode, Optional<BigDecimal>> value) {
        this.column = column;
        this.usual = usual;
        this.value = value;
    }

    private static PriceFormula ratio(String column, String part, String whole, BigDecimal factor) {
        return new PriceFormula(
                column,
                RoundingMode.HALF_UP,
                answer -> number(answer, part)
                        .flatMap(dividend -> number(answer, whole)
                                .filter(divisor -> divisor.signum() != 0)
                                .map(divisor -> dividend.multiply(factor).divide(divisor, DIGITS, RoundingMode.DOWN))));
    }

    /** Of the price from another price, in percent of that. */
    private static PriceFormula distance(String column, String from) {
        return new PriceFormula(
                column,
                RoundingMode.HALF_UP,
                answer -> number(answer, PRICE)
                        .flatMap(price -> number(answer, from)
                                .filter(base -> base.signum() > 0)
                                .map(base -> price.subtract(base)
                                        .multiply(HUNDRED)
                                        .divide(base, DIGITS, RoundingMode.DOWN))));
    }

    String column() {
        return column;
    }

    /** The rounding by which the formula yields the answer's own value, the usual one first; empty when there is none. */
    Optional<RoundingMode> rounding(ObjectNode answer) {
        String own = answer.path(column).asString("");
        return number(answer, column)
                .flatMap(written -> Stream.of(usual, RoundingMode.HALF_UP, RoundingMode.DOWN)
                        .filter(rounding ->
                                text(answer, written.scale(), rounding).equals(Optional.of(own)))
                        .findFirst());
    }

    /** The value that follows from the other columns of the answer. */
    Optional<String> text(ObjectNode answer, int scale, RoundingMode rounding) {
        return value.apply(answer).map(exact -> exact.setScale(scale, rounding).toPlainString());
    }

    static Optional<BigDecimal> number(ObjectNode answer, String column) {
        try {
            return Optional.of(new BigDecimal(answer.path(column).asString("")));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
