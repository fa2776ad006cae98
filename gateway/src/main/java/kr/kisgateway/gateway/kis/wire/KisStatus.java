package kr.kisgateway.gateway.kis.wire;

import java.util.Optional;
import kr.kisgateway.gateway.interruption.StockStatus;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.BadFieldException;
import kr.kisgateway.wire.parse.RealtimeRow;

/** Parses the records of H0STMKO0 (국내주식 장운영정보). */
public final class KisStatus {
    private KisStatus() {}

    /**
     * The status in {@code row}; empty when its first column is no symbol or the next neither Y nor N: a record whose columns
     * have moved names no stock.
     *
     * @throws BadFieldException when a column is missing
     */
    public static Optional<StockStatus> of(RealtimeRow row) {
        var halt = row.textOr("TRHT_YN", "N");
        if (!halt.equals("Y") && !halt.equals("N")) {
            return Optional.empty();
        }
        var tradingStatus = tradingStatus(halt.equals("Y"), row.textOr("ISCD_STAT_CLS_CODE", ""));
        return Symbol.parse(row.text("MKSC_SHRN_ISCD"))
                .map(symbol -> new StockStatus(
                        symbol,
                        tradingStatus == Designation.HALTED,
                        isOn(row.textOr("VI_CLS_CODE", "N")) || isOn(row.textOr("OVTM_VI_CLS_CODE", "N")),
                        tradingStatus,
                        row.textOr("MKOP_CLS_CODE", "")));
    }

    /** KIS documents Y and N, and a number for the same field of REST calls; any other value means no interruption. */
    public static boolean isOn(String viCode) {
        return switch (viCode) {
            case "", "N", "0" -> false;
            default -> true;
        };
    }

    /** {@code iscd_stat_cls_code}: one code for several designations, the most severe of them [assumed]. */
    public static Designation tradingStatus(boolean halted, String code) {
        if (halted) {
            return Designation.HALTED;
        }
        return switch (code) {
            case "" -> Designation.UNKNOWN;
            case "58" -> Designation.HALTED;
            case "51" -> Designation.MANAGED;
            case "52", "53" -> Designation.WARNED;
            default -> Designation.NORMAL;
        };
    }
}
