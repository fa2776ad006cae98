package kr.kisgateway.client.krx;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Board;

/**
 * The figures of one ETF on one day.
 *
 * @param figures price, volume and the rest
 * @param nav net asset value of one share, won with decimals
 * @param netAssets net assets of the fund, won
 * @param indexName the index it tracks
 * @param index its level
 * @param indexChange signed change of the level
 * @param indexChangePercent the same in percent
 */
public record EtfDaily(
        DailyFigures figures,
        Optional<BigDecimal> nav,
        OptionalLong netAssets,
        Optional<String> indexName,
        Optional<BigDecimal> index,
        Optional<BigDecimal> indexChange,
        Optional<BigDecimal> indexChangePercent) {
    static EtfDaily of(KrxRow row, LocalDate day) {
        return new EtfDaily(
                // Every Korean ETF is listed there.
                DailyFigures.of(row, day, Board.KOSPI, Optional.empty()),
                row.decimal("NAV"),
                row.wholeNumber("INVSTASST_NETASST_TOTAMT"),
                row.text("IDX_IND_NM"),
                row.decimal("OBJ_STKPRC_IDX"),
                row.decimal("CMPPREVDD_IDX"),
                row.decimal("FLUC_RT_IDX"));
    }
}
