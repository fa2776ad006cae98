package kr.kisgateway.client.krx;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The figures of one index on one day. Some have no level of their own ({@code 코스피 (외국주포함)}), only volume and value.
 *
 * @param date the trading day
 * @param family the exchange's class, {@code KOSPI}
 * @param name Korean name
 * @param close closing level
 * @param change signed change of the level
 * @param changePercent the same in percent
 * @param open first level
 * @param high highest level
 * @param low lowest level
 * @param volume shares traded
 * @param turnover won traded
 * @param marketCap won
 */
public record IndexDaily(
        LocalDate date,
        String family,
        String name,
        Optional<BigDecimal> close,
        Optional<BigDecimal> change,
        Optional<BigDecimal> changePercent,
        Optional<BigDecimal> open,
        Optional<BigDecimal> high,
        Optional<BigDecimal> low,
        OptionalLong volume,
        OptionalLong turnover,
        OptionalLong marketCap) {
    static IndexDaily of(KrxRow row, LocalDate day) {
        return new IndexDaily(
                row.sameDay("BAS_DD", day),
                row.required("IDX_CLSS"),
                row.required("IDX_NM"),
                row.decimal("CLSPRC_IDX"),
                row.decimal("CMPPREVDD_IDX"),
                row.decimal("FLUC_RT"),
                row.decimal("OPNPRC_IDX"),
                row.decimal("HGPRC_IDX"),
                row.decimal("LWPRC_IDX"),
                row.wholeNumber("ACC_TRDVOL"),
                row.wholeNumber("ACC_TRDVAL"),
                row.wholeNumber("MKTCAP"));
    }
}
