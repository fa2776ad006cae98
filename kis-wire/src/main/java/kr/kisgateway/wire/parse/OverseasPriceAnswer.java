package kr.kisgateway.wire.parse;

import java.math.BigDecimal;

/**
 * The answer of {@code overseas price} (해외주식 현재체결가, HHDFS00000300), in the exchange's currency. An unknown symbol is
 * answered with blanks and no error.
 *
 * @param price last price ({@code last}); 0 when KIS does not list the symbol
 * @param base the close before ({@code base})
 * @param change signed difference ({@code diff} with {@code sign})
 * @param changePct the same in percent, signed ({@code rate})
 * @param volume shares traded today
 * @param turnover amount traded today
 * @param previousVolume shares traded the day before
 */
public record OverseasPriceAnswer(
        BigDecimal price,
        BigDecimal base,
        BigDecimal change,
        BigDecimal changePct,
        long volume,
        BigDecimal turnover,
        long previousVolume) {

    /** Whether KIS lists the requested symbol. */
    public boolean isFound() {
        return price.signum() > 0 || base.signum() > 0;
    }

    /** Reads the block {@code output}. */
    public static ParseResult<OverseasPriceAnswer> parse(RestReply reply) {
        return ParseResult.of(() -> parse(reply.row("output").orElseThrow(() -> BadFieldException.missing("output"))));
    }

    private static OverseasPriceAnswer parse(Row row) {
        return new OverseasPriceAnswer(
                row.decimalOr("last", BigDecimal.ZERO),
                row.decimalOr("base", BigDecimal.ZERO),
                row.change("diff", "sign"),
                row.change("rate", "sign"),
                row.sharesOr("tvol", 0),
                row.decimalOr("tamt", BigDecimal.ZERO),
                row.sharesOr("pvol", 0));
    }
}
