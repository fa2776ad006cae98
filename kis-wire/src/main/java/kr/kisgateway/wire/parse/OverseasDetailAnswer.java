package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The answer of {@code price-detail} (해외주식 현재가상세, HHDFS76200200), in the exchange's currency unless noted otherwise.
 * Blank values are empty: KIS does not have every value of every instrument.
 *
 * @param price last price; 0 when KIS does not list the symbol
 * @param base the close before
 * @param open first price
 * @param high highest price
 * @param low lowest price
 * @param volume shares traded today
 * @param turnover amount traded today
 * @param currency {@code USD}
 * @param tick 호가단위 ({@code e_hogau})
 * @param lot lot size in shares ({@code vnit})
 * @param exchangeRate won for one unit of the currency ({@code t_rate})
 * @param priceInWon {@code t_xprc}
 * @param marketCap {@code tomv}
 * @param listedShares {@code shar}
 * @param high52 highest price of 52 weeks
 * @param high52On its day
 * @param low52 lowest price of 52 weeks
 * @param low52On its day
 * @param per price to earnings
 * @param pbr price to book value
 * @param eps earnings per share
 * @param sector {@code e_icod} as KIS wrote it; empty when absent
 * @param tradable 거래가능여부 ({@code e_ordyn}) as KIS wrote it; empty when absent
 */
public record OverseasDetailAnswer(
        BigDecimal price,
        BigDecimal base,
        Optional<BigDecimal> open,
        Optional<BigDecimal> high,
        Optional<BigDecimal> low,
        long volume,
        BigDecimal turnover,
        String currency,
        Optional<BigDecimal> tick,
        Optional<BigDecimal> lot,
        Optional<BigDecimal> exchangeRate,
        Optional<BigDecimal> priceInWon,
        Optional<BigDecimal> marketCap,
        Optional<BigDecimal> listedShares,
        Optional<BigDecimal> high52,
        Optional<LocalDate> high52On,
        Optional<BigDecimal> low52,
        Optional<LocalDate> low52On,
        Optional<BigDecimal> per,
        Optional<BigDecimal> pbr,
        Optional<BigDecimal> eps,
        String sector,
        String tradable) {

    /** Whether KIS lists the requested symbol. */
    public boolean isFound() {
        return price.signum() > 0 || base.signum() > 0;
    }

    /** Reads the block {@code output}. */
    public static ParseResult<OverseasDetailAnswer> parse(RestReply reply) {
        return ParseResult.of(() -> parse(reply.row("output").orElseThrow(() -> BadFieldException.missing("output"))));
    }

    private static OverseasDetailAnswer parse(Row row) {
        return new OverseasDetailAnswer(
                row.decimalOr("last", BigDecimal.ZERO),
                row.decimalOr("base", BigDecimal.ZERO),
                row.decimalIfAny("open"),
                row.decimalIfAny("high"),
                row.decimalIfAny("low"),
                row.sharesOr("tvol", 0),
                row.decimalOr("tamt", BigDecimal.ZERO),
                row.textOr("curr", ""),
                row.decimalIfAny("e_hogau"),
                row.decimalIfAny("vnit"),
                row.decimalIfAny("t_rate"),
                row.decimalIfAny("t_xprc"),
                row.decimalIfAny("tomv"),
                row.decimalIfAny("shar"),
                row.decimalIfAny("h52p"),
                row.dateIfAny("h52d"),
                row.decimalIfAny("l52p"),
                row.dateIfAny("l52d"),
                row.decimalIfAny("perx"),
                row.decimalIfAny("pbrx"),
                row.decimalIfAny("epsx"),
                row.textOr("e_icod", ""),
                row.textOr("e_ordyn", ""));
    }
}
