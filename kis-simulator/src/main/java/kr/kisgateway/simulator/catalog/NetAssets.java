package kr.kisgateway.simulator.catalog;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.wire.print.Percent;

/**
 * The net asset value (순자산가치) of a fund and the figures derived from it: it lies within 0.3 % of the price all day long,
 * drawn for each day, and the deviation is that of the price from it.
 *
 * @param draw of the fund
 * @param before the trading day before {@code date}
 * @param shares listed shares of the fund
 */
record NetAssets(SeededDraw draw, Quote quote, LocalDate date, LocalDate before, String name, long shares) {
    /** In hundredths of a percent. */
    private static final int MAX_DEVIATION = 30;

    /** Shares issued or redeemed at once; most Korean funds have this number. */
    private static final long CREATION_UNIT = 50_000;

    private static final long MIN_COMPONENTS = 10;
    private static final long MAX_COMPONENTS = 200;

    private static final BigDecimal HUNDRED_MILLION = BigDecimal.valueOf(100_000_000);
    private static final BigDecimal TEN_THOUSAND = BigDecimal.valueOf(10_000);

    /** The value of a column of that name; empty for other columns. */
    Optional<String> of(String column) {
        return switch (column) {
            case "nav" -> format(value());
            case "prdy_last_nav", "prdy_clpr_nav" -> format(previous());
            case "oprc_nav" -> format(valueNear(quote.open(), date));
            case "hprc_nav" -> format(valueNear(quote.high(), date));
            case "lprc_nav" -> format(valueNear(quote.low(), date));
            case "nav_prdy_vrss" -> format(value().subtract(previous()));
            case "nav_prdy_vrss_sign" -> Optional.of(Quote.sign(value().compareTo(previous())));
            case "nav_prdy_ctrt" -> Optional.of(Percent.of(value().subtract(previous()), previous()));
            case "nav_vrss_prpr" -> format(BigDecimal.valueOf(quote.last()).subtract(value()));
            case "dprt" ->
                Optional.of(Percent.of(BigDecimal.valueOf(quote.last()).subtract(value()), value()));
            case "trc_errt" -> format(BigDecimal.valueOf(draw.with("tracking").between(2, 60), 2));
            case "etf_trc_ert_mltp" -> format(multiple());
            case "etf_crcl_stcn" -> Optional.of(Long.toString(shares));
            case "etf_ntas_ttam", "etf_crcl_ntas_ttam" -> Optional.of(total());
            case "etf_cu_unit_scrt_cnt" -> Optional.of(Long.toString(CREATION_UNIT));
            case "etf_cnfg_issu_cnt" ->
                Optional.of(Long.toString(draw.with("components").between(MIN_COMPONENTS, MAX_COMPONENTS)));
            default -> Optional.empty();
        };
    }

    private BigDecimal value() {
        return valueNear(quote.last(), date);
    }

    private BigDecimal previous() {
        return valueNear(quote.previous(), before);
    }

    private BigDecimal valueNear(long price, LocalDate day) {
        long part = draw.with("nav").with(day.toEpochDay()).between(-MAX_DEVIATION, MAX_DEVIATION);
        return BigDecimal.valueOf(price)
                .multiply(TEN_THOUSAND.add(BigDecimal.valueOf(part)))
                .divide(TEN_THOUSAND, 2, RoundingMode.HALF_UP);
    }

    /** Net assets of all listed shares in units of 100 million won (억원) [assumed]. */
    private String total() {
        return value().multiply(BigDecimal.valueOf(shares))
                .divide(HUNDRED_MILLION, 0, RoundingMode.HALF_UP)
                .toPlainString();
    }

    /** The leverage on the index, which funds have in their names. */
    private BigDecimal multiple() {
        int times = name.contains("2X") || name.contains("레버리지") ? 2 : 1;
        return BigDecimal.valueOf(name.contains("인버스") ? -times : times);
    }

    private static Optional<String> format(BigDecimal figure) {
        return Optional.of(figure.setScale(2, RoundingMode.HALF_UP).toPlainString());
    }
}
