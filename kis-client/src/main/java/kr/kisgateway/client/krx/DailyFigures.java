package kr.kisgateway.client.krx;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Symbol;

/**
 * The figures of one stock or ETF on one day. Prices in won, not adjusted for later splits. Nothing is empty because of an
 * error: empty means that the exchange published no value. A day without a trade has a close, carried over from the day
 * before, and no open, high and low (the exchange writes 0 there).
 *
 * @param date the trading day
 * @param symbol short code ({@code ISU_CD})
 * @param name Korean name
 * @param market the section whose file it is from; KOSPI for ETFs
 * @param section the exchange's own division of the section (소속부)
 * @param close closing price
 * @param change close less the previous close, signed
 * @param changePercent in percent of the previous close, as published
 * @param open first price
 * @param high highest price
 * @param low lowest price
 * @param volume shares traded
 * @param turnover won traded
 * @param marketCap won
 * @param listedShares shares outstanding
 */
public record DailyFigures(
        LocalDate date,
        Symbol symbol,
        String name,
        Board market,
        Optional<String> section,
        OptionalLong close,
        OptionalLong change,
        Optional<BigDecimal> changePercent,
        OptionalLong open,
        OptionalLong high,
        OptionalLong low,
        OptionalLong volume,
        OptionalLong turnover,
        OptionalLong marketCap,
        OptionalLong listedShares) {
    /** Whether anything was traded, so that there is a bar. */
    public boolean traded() {
        return volume.orElse(0) > 0 && open.isPresent() && high.isPresent() && low.isPresent() && close.isPresent();
    }

    static DailyFigures stock(KrxRow row, LocalDate day, Board market) {
        return of(row, day, market, row.text("SECT_TP_NM"));
    }

    static DailyFigures of(KrxRow row, LocalDate day, Board market, Optional<String> section) {
        return new DailyFigures(
                row.sameDay("BAS_DD", day),
                row.symbol("ISU_CD"),
                row.required("ISU_NM"),
                market,
                section,
                row.price("TDD_CLSPRC"),
                row.wholeNumber("CMPPREVDD_PRC"),
                row.decimal("FLUC_RT"),
                row.price("TDD_OPNPRC"),
                row.price("TDD_HGPRC"),
                row.price("TDD_LWPRC"),
                row.wholeNumber("ACC_TRDVOL"),
                row.wholeNumber("ACC_TRDVAL"),
                row.wholeNumber("MKTCAP"),
                row.wholeNumber("LIST_SHRS"));
    }
}
