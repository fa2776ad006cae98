package kr.kisgateway.client.krx;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Symbol;

/**
 * The exchange's base information of one stock on one day.
 *
 * @param date the requested day
 * @param isin the 12-character code: this service calls it {@code ISU_CD}, the daily figures use that name for the short one
 * @param symbol short code
 * @param name Korean name in full
 * @param shortName Korean name as quoted
 * @param nameEn English name
 * @param listedOn day of listing
 * @param market the section
 * @param group kind of security (주권, 부동산투자회사 …)
 * @param section the exchange's own division of the section (소속부)
 * @param kind kind of share (보통주, 신형우선주 …)
 * @param faceValue nominal value of a share; won, but for a foreign company its own currency ({@code .25}); empty for
 *     shares without one (무액면, or 0)
 * @param listedShares shares outstanding
 */
public record BaseInfo(
        LocalDate date,
        String isin,
        Symbol symbol,
        String name,
        String shortName,
        Optional<String> nameEn,
        Optional<LocalDate> listedOn,
        Board market,
        Optional<String> group,
        Optional<String> section,
        Optional<String> kind,
        Optional<BigDecimal> faceValue,
        OptionalLong listedShares) {
    private static final String NO_PAR = "무액면";

    static BaseInfo of(KrxRow row, LocalDate day, Board market) {
        return new BaseInfo(
                day,
                row.required("ISU_CD"),
                row.symbol("ISU_SRT_CD"),
                row.required("ISU_NM"),
                row.required("ISU_ABBRV"),
                row.text("ISU_ENG_NM"),
                row.date("LIST_DD"),
                market,
                row.text("SECUGRP_NM"),
                row.text("SECT_TP_NM"),
                row.text("KIND_STKCERT_TP_NM"),
                row.text("PARVAL").filter(NO_PAR::equals).isPresent()
                        ? Optional.empty()
                        : row.decimal("PARVAL").filter(value -> value.signum() != 0),
                row.wholeNumber("LIST_SHRS"));
    }
}
